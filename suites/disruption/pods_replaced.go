package disruption

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/chaos/pods"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// evictedByAPI is the reason of the condition DisruptionTarget of a pod that was evicted.
const evictedByAPI = "EvictionByEvictionAPI"

var _ = Describe("A pod that is killed, evicted or preempted", scenario.Chaos, func() {
	It("before it has done its task is replaced after a back-off and counted once as failed",
		scenario.Claims("J-038", "J-150", "J-154", "J-166"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-2.yaml", jobs.Gated)
			s.Apply(ctx, "table-17.1.row-5.yaml", jobs.Gated)
			s.Apply(ctx, "deleted-pod.yaml", jobs.Gated)
			one, five, two := s.Job("one-by-one"), s.Job("all-at-once"), s.Job("deleted-pod")

			one.Reach(ctx, expect.RunningPods(1))
			five.Reach(ctx, expect.RunningPods(5))
			two.Reach(ctx, expect.RunningPods(2))
			killed, evicted, preempted := one.Running()[0], five.Running()[0], two.Running()[0]
			s.Hit(ctx, pods.Kill(killed))
			s.Hit(ctx, pods.Evict(evicted))
			s.Hit(ctx, pods.Preempt(preempted))

			one.Within(scenario.Replacement).Await(ctx, "J-150", expect.RunningPods(1), expect.CountsFailed(1))
			five.Within(scenario.Replacement).Await(ctx, "J-154", expect.RunningPods(5), expect.CountsFailed(1))
			two.Within(scenario.Replacement).Await(ctx, "J-038", expect.RunningPods(2), expect.CountsFailed(1))
			for _, job := range []*scenario.Job{one, five, two} {
				Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			}
			one.Await(ctx, "J-150 J-166", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(1))
			five.Await(ctx, "J-154 J-166", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(5))
			two.Await(ctx, "J-038 J-166", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(2))

			once := []OmegaMatcher{
				expect.CountedFailures(1), expect.CountedEachPodOnce(), expect.OwnedItsPods(), expect.WaitedBeforeReplacing(expect.Backoff),
			}
			one.Prove("J-150 J-166", append(once, expect.CreatedPods(2), expect.PodNamed(killed, expect.WasDeletedWithGrace(0)))...)
			five.Prove("J-154 J-166", append(once, expect.CreatedPods(6), expect.PodNamed(evicted, expect.DisruptedBy(evictedByAPI)))...)
			two.Prove("J-038 J-166", append(once, expect.CreatedPods(3),
				expect.PodNamed(preempted, expect.DisruptedBy(corev1.PodReasonPreemptionByScheduler)))...)
		})
})
