package disruption

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// evicted is why a pod is deleted that has tolerated the loss of its node for as long as it does.
const evicted = "DeletionByTaintManager"

var _ = Describe("A Job whose node dies", func() {
	It("is done on other nodes, and is finished once the dead pods are gone", scenario.Slow,
		scenario.Claims("J-037", "J-039", "J-166"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			victim := borrow(ctx, s)
			s.Apply(ctx, "node-loss.yaml", jobs.Gated)
			s.Apply(ctx, "contrast.node-loss.yaml")
			job, objects := s.Job("node-loss"), s.Objects()
			job.Reach(ctx, expect.RunningPodsOn(victim.name, 2))
			objects.Reach(ctx, expect.RunsPod("lone", 0))

			victim.kill(ctx)
			job.Within(scenario.NodeLoss).Reach(ctx, expect.UnheardNode(victim.name))
			job.Within(scenario.Eviction).Await(ctx, "J-039", expect.TerminatingPods(2), expect.CountsFailed(2))
			objects.Within(scenario.Eviction).Await(ctx, "J-037", expect.TerminatingPod("lone"))
			job.Within(scenario.Replacement).Await(ctx, "J-039", expect.RunningPods(2))
			Expect(jobs.Release(ctx, s, 0, expect.Names(expect.Running(job.State()))...)).To(Succeed())
			job.Await(ctx, "J-039 J-166", expect.Condition(batchv1.JobSuccessCriteriaMet), expect.CountsSucceeded(2),
				expect.SucceededPods(2), expect.TerminatingPods(2))

			victim.start(ctx)
			job.Within(comeback).Await(ctx, "J-039 J-166", expect.Condition(batchv1.JobComplete), expect.ReadyNode(victim.name),
				expect.TerminatingPods(0), expect.FailedPods(0))
			objects.Within(comeback).Await(ctx, "J-037", expect.NoPodNamed("lone"))

			s.Prove("J-039", s.History(), expect.LostAndRegained(victim.name))
			// That nothing took its place is evidence because the Job's pods were replaced meanwhile.
			s.Prove("J-037", s.History(), expect.BornAlone("lone"))
			s.Prove("J-037", s.History(), expect.AnyPodNamed("lone", And(expect.DisruptedBy(evicted), expect.Went())))
			job.Prove("J-037 J-039", expect.CreatedPods(4))
			job.Prove("J-039", expect.DeletedPodsOnceLost(victim.name, evicted),
				expect.ThePod(2, HaveField("Node", Not(Equal(victim.name)))),
				expect.ThePod(3, HaveField("Node", Not(Equal(victim.name)))))
			job.Prove("J-039 J-166", expect.WaitedForTerminatingPods(batchv1.JobSuccessCriteriaMet, batchv1.JobComplete))
			job.Prove("J-166", expect.CountedSuccesses(2), expect.CountedFailures(2), expect.CountedEachPodOnce(),
				expect.NeverBecame(batchv1.JobFailed))
		})
})
