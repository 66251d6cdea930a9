package queues

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/jobproof/jobproof/suites/scenario"
)

// askForThePrimary runs the documents' command for a database whose first server is not the primary, as it is printed and
// with plain hyphens. primary is what the server says of itself: nothing if it is in no replica set.
func askForThePrimary(ctx context.Context, s *scenario.Scenario, primary string) {
	GinkgoHelper()
	const evaluate = "rs.hello().primary"
	out, err := s.Kubectl(ctx, "exec", "quiz-0", "-c", "mongo", "-\u2013", "mongosh", "\u2013-eval", evaluate)
	s.Prove("J-269", err, HaveOccurred())
	s.Prove("J-269", out, And(ContainSubstring("unknown shorthand flag"), ContainSubstring("-\u2013")))

	out, err = s.Kubectl(ctx, "exec", "quiz-0", "-c", "mongo", "--", "mongosh", "--eval", evaluate)
	s.Prove("J-269", err, Not(HaveOccurred()))
	says := HaveSuffix(primary)
	if primary == "" {
		says = BeEmpty()
	}
	s.Prove("J-269", strings.TrimSpace(out), says)
}
