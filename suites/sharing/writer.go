package sharing

import (
	"context"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/jobproof/jobproof/suites/scenario"
)

// written reads, in a pod, what a writer of endless-writer.yaml has written up to now.
func written(ctx context.Context, s *scenario.Scenario, in, writer string) string {
	GinkgoHelper()
	text, err := s.Exec(ctx, in, "cat", "/data/"+writer)
	Expect(err).NotTo(HaveOccurred())
	return text
}

// lost says what of a writer's numbers is not there after it was killed, or "" if everything is: all that was there
// before, and no number missing up to the last one, which may be there in part, for it was killed while it wrote.
func lost(before, after string) string {
	switch whole := before[:strings.LastIndex(before, "\n")+1]; {
	case whole == "":
		return "nothing was written before"
	case !strings.HasPrefix(after, whole):
		return fmt.Sprintf("of the %d bytes before only the first %d are there", len(whole), common(whole, after))
	}
	lines := strings.Split(after, "\n")
	for i, line := range lines {
		number := fmt.Sprint(i + 1)
		if last := i == len(lines)-1; line != number && !(last && strings.HasPrefix(number, line)) {
			return fmt.Sprintf("line %d is %q", i+1, line)
		}
	}
	return ""
}

// common is the length of the longest beginning that two texts have in common.
func common(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}
