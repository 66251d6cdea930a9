package disruption

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// The longest spec of all starts first, so that the others run beside it.
const first = SpecPriority(200)

var _ = Describe("A Job whose node dies", func() {
	It("is done on other nodes, and is finished once the dead pods are gone", first,
		scenario.Claims("J-039", "J-166"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			victim := borrow(ctx, s)
			s.Apply(ctx, "node-loss.yaml", jobs.Gated)
			job := s.Job("node-loss")
			job.Reach(ctx, expect.RunningPodsOn(victim.name, 2))

			victim.kill(ctx)
			job.Within(scenario.NodeLoss).Reach(ctx, expect.UnheardNode(victim.name))
			job.Within(scenario.Eviction).Await(ctx, "J-039", expect.TerminatingPods(2), expect.CountsFailed(2))
			job.Within(scenario.Replacement).Await(ctx, "J-039", expect.RunningPods(2))
			Expect(jobs.Release(ctx, s, 0, expect.Names(expect.Running(job.State()))...)).To(Succeed())
			job.Await(ctx, "J-039 J-166", expect.Condition(batchv1.JobSuccessCriteriaMet), expect.CountsSucceeded(2),
				expect.SucceededPods(2), expect.TerminatingPods(2))

			victim.start(ctx)
			job.Within(comeback).Await(ctx, "J-039 J-166", expect.Condition(batchv1.JobComplete), expect.ReadyNode(victim.name),
				expect.TerminatingPods(0), expect.FailedPods(0))

			s.Prove("J-039", s.History(), expect.LostAndRegained(victim.name))
			job.Prove("J-039", expect.DeletedPodsOnceLost(victim.name, "DeletionByTaintManager"), expect.CreatedPods(4),
				expect.ThePod(2, HaveField("Node", Not(Equal(victim.name)))),
				expect.ThePod(3, HaveField("Node", Not(Equal(victim.name)))))
			job.Prove("J-039 J-166", expect.WaitedForTerminatingPods(batchv1.JobSuccessCriteriaMet, batchv1.JobComplete))
			job.Prove("J-166", expect.CountedSuccesses(2), expect.CountedFailures(2), expect.CountedEachPodOnce(),
				expect.NeverBecame(batchv1.JobFailed))
		})
})
