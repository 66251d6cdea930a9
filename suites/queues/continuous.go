package queues

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A worker that ends when there is nothing to do", func() {
	It("is started again in a Deployment and has ended for good in a Job",
		scenario.Claims("J-293"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-7.yaml", jobs.Gated, jobs.With(workers(1)))
			s.Apply(ctx, "contrast.deployment.yaml")
			job := s.Job("any-of-five")

			job.Reach(ctx, expect.RunningPods(1))
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-293", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))

			s.Objects().Reach(ctx, expect.RunsPodsLabelled("app", "contrast", 1))
			worker := expect.Labelled(s.Live(), "app", "contrast")[0].Name
			Expect(jobs.Release(ctx, s, 0, worker)).To(Succeed())
			s.Objects().Await(ctx, "J-293", expect.RunsPod(worker, 1))

			s.Prove("J-293", s.History(), expect.AnyPodNamed(worker, expect.Exited("server", 0)))
			job.Prove("J-293", expect.CreatedPods(1), expect.ThePod(0, expect.Exited("task", 0)),
				expect.ThePod(0, HaveField("Restarts()", BeZero())), expect.ChangedNothingAfter(batchv1.JobComplete))
		})
})
