package sharing

import (
	. "github.com/onsi/ginkgo/v2"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("Two Jobs that change one file", func() {
	It("undo each other's changes unless they lock it",
		scenario.Claims("J-004"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			needDefaultClass(ctx, s)
			s.Apply(ctx, "data-claim.yaml")
			s.Apply(ctx, "counter.yaml")
			s.Apply(ctx, "counter.yaml", called("counter-b"))

			for _, name := range []string{"counter-a", "counter-b"} {
				job := s.Job(name)
				job.Await(ctx, "J-004", expect.Condition(batchv1.JobComplete))
				job.Prove("J-004", expect.CreatedPods(2),
					expect.EveryPod(expect.LastWords("task", "without a lock 1, with a lock 4")))
			}
		})
})
