package lifecycle

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A pod that is deleted", func() {
	It("before it has done its task is replaced after a back-off and counted once as failed",
		scenario.Claims("J-038"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "deleted-pod.yaml", jobs.Gated)
			job := s.Job("deleted-pod")

			job.Reach(ctx, expect.RunningPods(2))
			lost := job.Running()[0]
			s.DeletePod(ctx, lost)
			job.Within(scenario.Replacement).Await(ctx, "J-038", expect.RunningPods(2), expect.CountsFailed(1))
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-038", expect.Condition(batchv1.JobComplete), expect.SucceededPods(2), expect.TerminatingPods(0))

			job.Prove("J-038", expect.CreatedPods(3), expect.WaitedBeforeReplacing(expect.Backoff), expect.OwnedItsPods())
			job.Prove("J-038", expect.CountedFailures(1), expect.CountedSuccesses(2), expect.CountedEachPodOnce())
			job.Prove("J-038", expect.PodNamed(lost, expect.Exited("task", jobs.Stopped)))
		})

	It("after it has done its task stays counted, and its task is not done again",
		scenario.Claims("J-033"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "deleted-pod.yaml", jobs.Gated)
			job := s.Job("deleted-pod")

			job.Reach(ctx, expect.RunningPods(2))
			pods := job.Running()
			done, other := pods[0], pods[1]
			Expect(jobs.Release(ctx, s, 0, done)).To(Succeed())
			job.Await(ctx, "J-033", expect.CountsSucceeded(1), expect.SucceededPods(1))

			// While the Job goes on: its other task is not done yet.
			s.DeletePod(ctx, done)
			job.Reach(ctx, expect.SucceededPods(0), expect.RunningPods(1))
			Expect(jobs.Release(ctx, s, 0, other)).To(Succeed())
			job.Await(ctx, "J-033", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(2), expect.SucceededPods(1))

			// And once the Job is complete. That nothing follows is evidence only because the Job controller has run another
			// Job from beginning to end meanwhile.
			s.DeletePod(ctx, other)
			job.Reach(ctx, expect.NoPods())
			s.Apply(ctx, "table-17.1.row-1.yaml")
			s.Job("neither-set").Reach(ctx, expect.Condition(batchv1.JobComplete))

			job.Prove("J-033", expect.CreatedPods(2), expect.CreatedNoPodAfter(batchv1.JobSuccessCriteriaMet))
			job.Prove("J-033", expect.CountedSuccesses(2), expect.CountedFailures(0), expect.CountedEachPodOnce())
			job.Prove("J-033", expect.ChangedNothingAfter(batchv1.JobComplete))
		})
})
