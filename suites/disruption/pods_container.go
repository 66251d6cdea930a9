package disruption

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos/pods"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A container whose process is killed", scenario.Chaos, func() {
	It("is started again in its pod with OnFailure, which counts, and costs the pod with Never",
		scenario.Claims("J-168", "J-169", "J-170", "J-171", "J-172", "J-173", "J-195"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "restart-on-failure.yaml")
			s.Apply(ctx, "restart-never.yaml")
			s.Apply(ctx, "restart-on-failure.yaml", named("limited"), jobs.With(func(job *batchv1.Job) {
				job.Spec.BackoffLimit = new(int32(1))
			}))
			onFailure, never, limited := s.Job("restart-on-failure"), s.Job("restart-never"), s.Job("limited")

			for _, job := range []*scenario.Job{onFailure, never, limited} {
				job.Reach(ctx, expect.RunningPods(1))
				s.Hit(ctx, pods.KillContainer(job.Running()[0], "task"))
			}
			onFailure.Await(ctx, "J-169 J-172", expect.Restarts(1), expect.RunningPods(1))
			limited.Await(ctx, "J-195", expect.ConditionBecause(batchv1.JobFailed, batchv1.JobReasonBackoffLimitExceeded))
			never.Within(scenario.Replacement).Await(ctx, "J-170", expect.FailedPods(1), expect.CountsFailed(1), expect.RunningPods(1))
			for _, job := range []*scenario.Job{onFailure, never} {
				Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
				job.Await(ctx, "J-169 J-170", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))
			}

			onFailure.Prove("J-169 J-171 J-172", expect.CreatedPods(1), expect.ThePod(0, expect.Exited("task", jobs.Killed, 0)))
			onFailure.Prove("J-173", expect.ThePod(0, expect.StayedOnItsNode()))
			onFailure.Prove("J-168", expect.CountedFailures(0), expect.CountedSuccesses(1))
			never.Prove("J-168 J-170 J-171", expect.CreatedPods(2), expect.ThePod(0, expect.Exited("task", jobs.Killed)),
				expect.EveryPod(HaveField("Restarts()", BeZero())), expect.WaitedBeforeReplacing(expect.Backoff))
			never.Prove("J-168", expect.CountedFailures(1), expect.CountedSuccesses(1))
			limited.Prove("J-195", expect.CreatedPods(1), expect.RestartedBefore(batchv1.JobFailureTarget, 1), expect.CountedSuccesses(0))
		})
})
