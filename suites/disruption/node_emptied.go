package disruption

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/chaos/nodes"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = DescribeTable("A Job is done on other nodes when its own gets rid of its pods", scenario.Slow, scenario.Chaos, scenario.Claims("J-038", "J-166"),
	func(ctx SpecContext, fault func(node string) chaos.Fault, because string) {
		s := scenario.Begin(ctx)
		victim := s.Borrow(ctx)
		// A kubelet that was started anew may be missed for longer than pods tolerate that on a busy machine.
		s.Apply(ctx, "node-loss.yaml", jobs.Gated, jobs.On(victim), tolerant)
		job := s.Job("node-loss")
		job.Reach(ctx, expect.RunningPodsOn(victim, 2))

		s.Hit(ctx, fault(victim))
		job.Within(scenario.Replacement).Await(ctx, "J-038", expect.CountsFailed(2), expect.RunningPods(2), expect.RunningPodsOn(victim, 0))
		Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
		job.Await(ctx, "J-166", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(2))

		job.Prove("J-038", expect.CreatedPods(4), expect.WaitedBeforeReplacing(expect.Backoff),
			expect.ThePod(0, expect.DisruptedBy(because)), expect.ThePod(1, expect.DisruptedBy(because)))
		job.Prove("J-166", expect.CountedFailures(2), expect.CountedSuccesses(2), expect.CountedEachPodOnce())
	},
	Entry("because it is drained", nodes.Drain, "EvictionByEvictionAPI"),
	Entry("because its disk is full", scenario.Thorough, nodes.FillDisk, "TerminationByKubelet"),
)

var _ = Describe("A Job whose node is drained", scenario.Slow, scenario.Chaos, func() {
	It("is done there if a PodDisruptionBudget forbids to evict its pods", scenario.Claims("J-166"), func(ctx SpecContext) {
		s := scenario.Begin(ctx)
		victim := s.Borrow(ctx)
		s.Apply(ctx, "chaos.node-budget.yaml")
		s.Apply(ctx, "node-loss.yaml", jobs.Gated, jobs.On(victim))
		job := s.Job("node-loss")
		job.Reach(ctx, expect.RunningPodsOn(victim, 2))

		s.Hit(ctx, nodes.DrainAgainstBudget(victim))
		Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
		job.Await(ctx, "J-166", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(2))
		job.Prove("J-166", expect.CreatedPods(2), expect.KeptItsPods(), expect.CountedFailures(0), expect.EveryPod(HaveField("Node", victim)))
	})
})
