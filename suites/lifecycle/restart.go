package lifecycle

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A container that ends", func() {
	It("with success is restarted in a Deployment and not in a Job",
		scenario.Claims("J-031", "J-032", "J-041"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "restart-on-failure.yaml")
			s.Apply(ctx, "contrast.deployment.yaml")
			job, objects := s.Job("restart-on-failure"), s.Objects()

			job.Reach(ctx, expect.RunningPods(1))
			task := job.Running()[0]
			Expect(jobs.Release(ctx, s, 3, task)).To(Succeed())
			job.Await(ctx, "J-032", expect.Restarts(1), expect.RunningPods(1))
			Expect(jobs.Release(ctx, s, 0, task)).To(Succeed())
			job.Await(ctx, "J-032 J-041", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))

			// By then the Job and the kubelet had their chance to run the task once more.
			objects.Reach(ctx, expect.RunsPodsLabelled("app", "contrast", 1))
			server := expect.Names(expect.Labelled(s.Live(), "app", "contrast"))[0]
			Expect(jobs.Release(ctx, s, 0, server)).To(Succeed())
			objects.Await(ctx, "J-031", expect.RunsPod(server, 1))

			s.Prove("J-031", s.History(), expect.AnyPodNamed(server, And(expect.Exited("server", 0), HaveField("Restarts()", int32(1)))))
			job.Prove("J-032", expect.PodNamed(task, And(expect.Exited("task", 3, 0), HaveField("Restarts()", int32(1)))))
			job.Prove("J-041", expect.CreatedPods(1), expect.CreatedNoPodAfter(batchv1.JobSuccessCriteriaMet),
				expect.ChangedNothingAfter(batchv1.JobComplete))
		})
})
