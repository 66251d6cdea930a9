package disruption

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos/nodes"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A Job whose node fails for a short time", scenario.Slow, scenario.Chaos, func() {
	It("keeps its pods when the node was frozen for less than it takes to be missed", scenario.Thorough,
		scenario.Claims("J-166"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			victim := s.Borrow(ctx)
			s.Apply(ctx, "node-loss.yaml", jobs.Gated, jobs.On(victim))
			job := s.Job("node-loss")
			job.Reach(ctx, expect.RunningPodsOn(victim, 2))

			s.Hit(ctx, nodes.Pause(victim))(ctx)
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-166", expect.Condition(batchv1.JobComplete), expect.SucceededPods(2))
			job.Prove("J-166", expect.CreatedPods(2), expect.KeptItsPods(), expect.CountedFailures(0))
		})

	It("keeps its pods when they were cut off from their peers, which they then reach again", scenario.Thorough,
		scenario.Claims("J-166"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			victim := s.Borrow(ctx)
			s.Apply(ctx, "node-loss.yaml", jobs.Gated, jobs.OneForEachNode, jobs.On(victim))
			job := s.Job("node-loss")
			job.Reach(ctx, expect.RunningPodsOn(victim, 1), expect.RunningPods(2))
			reached := func() error {
				pods := expect.Running(job.State())
				_, err := s.Exec(ctx, pods[0].Name, "ping", "-c", "1", "-W", "3", pods[1].Status.PodIP)
				return err
			}
			Expect(reached()).To(Succeed())

			heal := s.Hit(ctx, nodes.CutOffPeers(victim))
			s.Prove("J-166", reached(), HaveOccurred())
			heal(ctx)
			s.Prove("J-166", reached(), Succeed())
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-166", expect.Condition(batchv1.JobComplete), expect.SucceededPods(2))
			job.Prove("J-166", expect.CreatedPods(2), expect.KeptItsPods(), expect.CountedFailures(0))
		})

	It("has its containers again when the node was restarted: in new pods with Never, in the same with OnFailure",
		scenario.Claims("J-039", "J-166", "J-169", "J-170"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			victim := s.Borrow(ctx)
			s.Apply(ctx, "chaos.node-restart.yaml", jobs.Gated, jobs.On(victim))
			never, onFailure := s.Job("never"), s.Job("on-failure")
			never.Reach(ctx, expect.RunningPodsOn(victim, 1))
			onFailure.Reach(ctx, expect.RunningPodsOn(victim, 1))

			s.Hit(ctx, nodes.Restart(victim))(ctx)
			never.Within(scenario.Replacement).Await(ctx, "J-039 J-170", expect.CountsFailed(1), expect.RunningPods(1))
			onFailure.Within(comeback).Await(ctx, "J-169", expect.RunningPodsOn(victim, 1), expect.Restarts(1))
			for _, job := range []*scenario.Job{never, onFailure} {
				Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
				job.Await(ctx, "J-166", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(1))
			}
			never.Prove("J-039 J-170", expect.CreatedPods(2), expect.CountedFailures(1), expect.WaitedBeforeReplacing(expect.Backoff))
			onFailure.Prove("J-169", expect.CreatedPods(1), expect.CountedFailures(0))
			never.Prove("J-166", expect.CountedSuccesses(1), expect.KeptItsPods())
			onFailure.Prove("J-166", expect.CountedSuccesses(1), expect.KeptItsPods())
		})
})
