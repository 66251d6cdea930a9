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

var _ = Describe("A Job whose pods are driven off their node by a taint", scenario.Chaos, func() {
	It("gets them again elsewhere, and counts them as failed",
		scenario.Claims("J-038", "J-166"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			victim := s.Borrow(ctx)
			s.Apply(ctx, "chaos.pods-driven-off.yaml", jobs.Gated, jobs.On(victim))
			job := s.Job("driven-off")
			job.Reach(ctx, expect.RunningPodsOn(victim, 2))

			heal := s.Hit(ctx, pods.Taint(victim))
			job.Within(scenario.Replacement).Await(ctx, "J-038",
				expect.CountsFailed(2), expect.RunningPods(2), expect.RunningPodsOn(victim, 0))
			heal(ctx)
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-166", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(2))

			job.Prove("J-038", expect.CreatedPods(4), expect.WaitedBeforeReplacing(expect.Backoff),
				expect.ThePod(0, expect.DisruptedBy(evicted)), expect.ThePod(1, expect.DisruptedBy(evicted)),
				expect.ThePod(2, HaveField("Node", Not(Equal(victim)))), expect.ThePod(3, HaveField("Node", Not(Equal(victim)))))
			job.Prove("J-166", expect.CountedFailures(2), expect.CountedSuccesses(2), expect.CountedEachPodOnce())
		})
})
