package lifecycle

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A Job with the name of one that was just deleted", func() {
	It("has nothing to do with the pods that still terminate",
		scenario.Claims("J-116"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-2.yaml", jobs.With(stubborn))
			before := s.Job("one-by-one")
			before.Reach(ctx, expect.RunningPods(1))
			old := before.Running()[0]

			_, err := s.Kubectl(ctx, "delete", "job", "one-by-one", "--wait=false")
			s.Prove("J-116", err, Not(HaveOccurred()))
			before.Await(ctx, "J-116", expect.NoJob())
			s.Objects().Reach(ctx, expect.TerminatingPod(old))
			s.Apply(ctx, "table-17.1.row-2.yaml", jobs.Gated)
			after := s.Job("one-by-one")
			after.Await(ctx, "J-116", expect.RunningPods(1))
			Expect(jobs.Release(ctx, s, 0, after.Running()...)).To(Succeed())
			after.Await(ctx, "J-116", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))
			s.Objects().Await(ctx, "J-116", expect.NoPodNamed(old))

			recorded := s.History()
			s.Prove("J-116", recorded.Jobs(), HaveLen(2))
			s.Prove("J-116", recorded.Jobs()[0], And(expect.CreatedPods(1), expect.WentBeforeItsPods()))
			s.Prove("J-116", recorded.Jobs()[1], And(expect.CreatedPods(1), expect.OwnedItsPods(), expect.CountedSuccesses(1),
				expect.CountedFailures(0)))
		})
})

// stubborn makes the pods of a Job take their time to go: sleep ignores SIGTERM, being process 1, for these seconds.
func stubborn(job *batchv1.Job) {
	job.Spec.Template.Spec.Containers[0].Command = []string{"sleep", "600"}
	job.Spec.Template.Spec.TerminationGracePeriodSeconds = new(int64(10))
}
