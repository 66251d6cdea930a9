package disruption

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos/nodes"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// forgotten is how long the pods of a dead node may be remembered once it is known that they are no more.
var forgotten = scenario.Bound{Limit: 5 * time.Minute, Origin: "the pod garbage collector looks every 20 s and forgets the pods of a " +
	"node that is gone after 40 s (gcCheckPeriod and quarantineTime, pkg/controller/podgc/gc_controller.go), and a node is back " +
	"within 25 s; back-off of up to 20 s and what Prompt is for on top"}

// Whether a pod on a dead node is no more, nobody but the node can tell. So a Job that waits until it is does so forever, unless
// the node comes back, or somebody who knows says it.
var _ = DescribeTable("A Job that waits for the pods of a dead node goes on", scenario.Slow, scenario.Chaos, scenario.Claims("J-039", "J-166"),
	func(ctx SpecContext, unblock func(context.Context, *scenario.Scenario, string, func(context.Context))) {
		s := scenario.Begin(ctx)
		victim := s.Borrow(ctx)
		s.Apply(ctx, "chaos.node-dead.yaml", jobs.Gated, jobs.On(victim))
		atOnce, onceFailed, uncounted := s.Job("at-once"), s.Job("once-failed"), s.Job("uncounted")
		for _, job := range []*scenario.Job{atOnce, onceFailed, uncounted} {
			job.Reach(ctx, expect.RunningPodsOn(victim, 1))
		}

		back := s.Hit(ctx, nodes.Kill(victim))
		atOnce.Within(scenario.NodeLoss).Reach(ctx, expect.UnheardNode(victim))
		atOnce.Within(scenario.Replacement).Await(ctx, "J-039", expect.TerminatingPods(1), expect.CountsFailed(1), expect.RunningPods(1))
		Expect(jobs.Release(ctx, s, 0, atOnce.Running()...)).To(Succeed())
		atOnce.Await(ctx, "J-166", expect.Condition(batchv1.JobSuccessCriteriaMet), expect.TerminatingPods(1))
		for _, job := range []*scenario.Job{onceFailed, uncounted} {
			job.Await(ctx, "J-039", expect.TerminatingPods(1), expect.ActivePods(0), expect.CountsFailed(0))
		}

		unblock(ctx, s, victim, back)
		atOnce.Within(forgotten).Await(ctx, "J-039", expect.Condition(batchv1.JobComplete), expect.TerminatingPods(0))
		onceFailed.Within(forgotten).Await(ctx, "J-039", expect.TerminatingPods(0), expect.RunningPods(1), expect.CountsFailed(1))
		uncounted.Within(forgotten).Await(ctx, "J-039", expect.TerminatingPods(0), expect.RunningPods(1), expect.CountsFailed(0))
		for _, job := range []*scenario.Job{onceFailed, uncounted} {
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-166", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(1))
		}

		atOnce.Prove("J-039", expect.CreatedPods(2), expect.MostUnfinished(2), expect.DeletedPodsOnceLost(victim, evicted),
			expect.WaitedForTerminatingPods(batchv1.JobSuccessCriteriaMet, batchv1.JobComplete))
		for _, job := range []*scenario.Job{onceFailed, uncounted} {
			job.Prove("J-039", expect.CreatedPods(2), expect.MostUnfinished(1), expect.ThePod(0, expect.DisruptedBy(evicted)))
		}
		atOnce.Prove("J-166", expect.CountedFailures(1), expect.CountedSuccesses(1))
		onceFailed.Prove("J-166", expect.CountedFailures(1), expect.CountedSuccesses(1))
		uncounted.Prove("J-166", expect.CountedFailures(0), expect.CountedSuccesses(1), expect.NeverBecame(batchv1.JobFailed))
	},
	Entry("when the node is back",
		func(ctx context.Context, _ *scenario.Scenario, _ string, back func(context.Context)) { back(ctx) }),
	Entry("when the Node is deleted",
		func(ctx context.Context, s *scenario.Scenario, node string, _ func(context.Context)) {
			s.Hit(ctx, nodes.Delete(node))
		}),
	Entry("when the node is taken out of service",
		func(ctx context.Context, s *scenario.Scenario, node string, _ func(context.Context)) {
			s.Hit(ctx, nodes.OutOfService(node))
		}),
)
