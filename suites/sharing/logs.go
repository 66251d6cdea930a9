package sharing

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("The logs of several Jobs", func() {
	It("can be read together after their pods have ended, until the pods are deleted",
		scenario.Claims("J-029"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "said.yaml")
			s.Apply(ctx, "said.yaml", called("said-b"))
			var pods []string
			for _, name := range []string{"said-a", "said-b"} {
				s.Job(name).Reach(ctx, expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))
				pods = append(pods, s.Job(name).State().Pods[0].Name)
			}

			s.Prove("J-029", together(ctx, s), ConsistOf(append(sayings(pods[0]), sayings(pods[1])...)))

			s.Job("said-a").Delete(ctx)
			s.Job("said-a").Reach(ctx, expect.NoJob(), expect.NoPods())
			out, err := s.Kubectl(ctx, "logs", pods[0])
			s.Prove("J-029", err, HaveOccurred())
			s.Prove("J-029", out, And(ContainSubstring("NotFound"), ContainSubstring(pods[0])))
			s.Prove("J-029", together(ctx, s), ConsistOf(sayings(pods[1])))
		})
})

// together reads the logs of all pods of said.yaml at once, line by line.
func together(ctx context.Context, s *scenario.Scenario) []string {
	GinkgoHelper()
	out, err := s.Kubectl(ctx, "logs", "--selector=logs=together", "--prefix", "--tail=-1")
	Expect(err).NotTo(HaveOccurred())
	return strings.Split(strings.TrimSpace(out), "\n")
}

// sayings are the lines of a pod of said.yaml as kubectl shows them beside those of others.
func sayings(pod string) []string {
	from := "[pod/" + pod + "/task] "
	return []string{from + pod + " has begun", from + pod + " is done"}
}
