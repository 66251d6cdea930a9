package queues

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// These specs ask what needs no queue: their tasks end when the spec says so, with the code that it gives them.
var _ = Describe("A Job of which one success is enough", func() {
	It("leaves its other pods alone when one has succeeded, and is complete when all have ended",
		scenario.Claims("J-267", "J-282", "J-283", "J-287"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-7.yaml", jobs.Gated, jobs.With(workers(3)))
			job := s.Job("any-of-five")

			job.Await(ctx, "J-267", expect.RunningPods(3))
			pods := job.Running()
			for ended, pod := range pods {
				s.Prove("J-287", table(ctx, s, "get", "jobs").Column("COMPLETIONS"), HaveExactElements(completions(ended)))
				Expect(jobs.Release(ctx, s, 0, pod)).To(Succeed())
				job.Await(ctx, "J-283", expect.CountsSucceeded(int32(ended+1)), expect.RunningPods(len(pods)-ended-1),
					expect.TerminatingPods(0))
			}
			job.Await(ctx, "J-283", expect.Condition(batchv1.JobComplete), expect.SucceededPods(3))

			s.Prove("J-287", table(ctx, s, "get", "jobs").Column("COMPLETIONS"), HaveExactElements(completions(3)))
			job.Prove("J-267", expect.RanAtOnce(3))
			job.Prove("J-282 J-283", expect.CreatedPods(3), expect.CreatedNoPodOnceItHadCountedASuccess())
			job.Prove("J-283", expect.KeptItsPods(), expect.EveryPod(expect.Exited("task", 0)), expect.CountedSuccesses(3),
				expect.EndedItsPodsBefore(batchv1.JobSuccessCriteriaMet))
		})

	It("fails although one has succeeded when the restarts of the others reach the limit",
		scenario.Claims("J-283"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-7.yaml", jobs.Gated, jobs.With(workers(2)),
				jobs.With(func(job *batchv1.Job) { job.Spec.BackoffLimit = new(int32(0)) }))
			job := s.Job("any-of-five")

			job.Reach(ctx, expect.RunningPods(2))
			pods := job.Running()
			Expect(jobs.Release(ctx, s, 0, pods[0])).To(Succeed())
			job.Await(ctx, "J-283", expect.CountsSucceeded(1), expect.RunningPods(1), expect.TerminatingPods(0))
			Expect(jobs.Release(ctx, s, 3, pods[1])).To(Succeed())
			job.Await(ctx, "J-283", expect.ConditionBecause(batchv1.JobFailed, "BackoffLimitExceeded"))

			job.Prove("J-283", expect.CreatedPods(2), expect.CreatedNoPodOnceItHadCountedASuccess(), expect.CountedSuccesses(1),
				expect.CountedFailures(1), expect.PodNamed(pods[0], expect.WasNotDeleted()),
				expect.RestartedBefore(batchv1.JobFailureTarget, 1))
		})

	It("has as many pods as it asks for at once, and as many of them run as the cluster has room for",
		scenario.Claims("J-267"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			nodes := len(s.OpenNodes())
			s.Apply(ctx, "table-17.1.row-7.yaml", jobs.Gated, jobs.With(workers(int32(nodes+1))), jobs.OneForEachNode)
			job := s.Job("any-of-five")

			job.Await(ctx, "J-267", expect.RunningPods(nodes), expect.UnschedulablePods(1))
			Expect(jobs.Release(ctx, s, 0, job.Running()[0])).To(Succeed())
			job.Await(ctx, "J-267", expect.CountsSucceeded(1), expect.RunningPods(nodes), expect.UnschedulablePods(0))
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-267", expect.Condition(batchv1.JobComplete), expect.SucceededPods(nodes+1))

			job.Prove("J-267", expect.CreatedPods(nodes+1), expect.RanAtOnce(nodes), expect.ScheduledAsOthersEnded(nodes))
		})
})

// workers returns a change that makes a Job run n pods, each of which is restarted when its container fails.
func workers(n int32) func(*batchv1.Job) {
	return func(job *batchv1.Job) {
		job.Spec.Parallelism = new(n)
		job.Spec.Template.Spec.RestartPolicy = corev1.RestartPolicyOnFailure
	}
}

// completions is what kubectl shows of a Job of three workers of which so many have succeeded.
func completions(succeeded int) string { return fmt.Sprintf("%d/1 of 3", succeeded) }
