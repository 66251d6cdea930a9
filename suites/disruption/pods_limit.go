package disruption

import (
	. "github.com/onsi/ginkgo/v2"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/chaos/pods"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("The deletion of a pod", scenario.Chaos, func() {
	// As many pods run at once as must be deleted, so that none of them has to wait for a back-off.
	It("counts as a failure however it is deleted, and the seventh exceeds the default backoffLimit",
		scenario.Claims("J-181", "J-195"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "chaos.pods-seven.yaml")
			job := s.Job("seven")
			ways := []func(string) chaos.Fault{pods.Delete, pods.Kill, pods.Evict, pods.Delete, pods.Kill, pods.Evict}

			job.Reach(ctx, expect.RunningPods(7))
			running := job.Running()
			for i, way := range ways {
				s.Hit(ctx, way(running[i]))
			}
			job.Await(ctx, "J-195", expect.CountsFailed(6), expect.RunningPods(1), expect.Unfinished())
			s.Hit(ctx, pods.Delete(running[6]))
			job.Await(ctx, "J-181 J-195", expect.ConditionBecause(batchv1.JobFailed, batchv1.JobReasonBackoffLimitExceeded),
				expect.CountsFailed(7), expect.ActivePods(0))

			job.Prove("J-195", expect.HadBackoffLimit(6), expect.CountedFailures(7), expect.CountedEachPodOnce(),
				expect.CreatedNoPodAfter(batchv1.JobFailureTarget))
			job.Prove("J-181", expect.CreatedPods(7), expect.CountedSuccesses(0), expect.NeverBecame(batchv1.JobComplete),
				expect.BecameInTwoSteps(batchv1.JobFailureTarget, batchv1.JobFailed))
		})
})
