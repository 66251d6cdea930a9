package disruption

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/chaos/controlplane"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// unplacedFor is the deadline of a Job whose pods have no scheduler.
const unplacedFor = 4 * time.Second

var _ = Describe("A Job of which nothing can be asked for a while", scenario.BreaksControlPlane, scenario.Chaos, func() {
	It("works on meanwhile, and does afterwards what it was told before and after, when the API server goes", scenario.Slow,
		scenario.Claims("J-108", "J-110", "J-112", "J-115", "J-166"),
		func(ctx SpecContext) { outlast(ctx, controlplane.StopAPIServer()) })

	It("works on meanwhile, and does afterwards what it was told before and after, when etcd stands still",
		scenario.Claims("J-108", "J-110", "J-112", "J-115", "J-166"),
		func(ctx SpecContext) { outlast(ctx, controlplane.PauseEtcd()) })

	It("has pods that wait, and a deadline that passes, while there is no scheduler",
		scenario.Claims("J-101", "J-166", "J-199", "J-201", "J-208"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			back := s.Hit(ctx, controlplane.StopScheduler())
			s.Apply(ctx, "chaos.cp-relay.yaml", jobs.Gated)
			s.Apply(ctx, "chaos.cp-overdue.yaml", jobs.Gated, jobs.With(func(job *batchv1.Job) {
				job.Spec.ActiveDeadlineSeconds = new(int64(unplacedFor.Seconds()))
			}))
			relay, overdue := s.Job("relay"), s.Job("overdue")
			overdue.Await(ctx, "J-199 J-201 J-208", expect.ConditionBecause(batchv1.JobFailed, "DeadlineExceeded"), expect.NoPods())
			relay.Await(ctx, "J-101", expect.ActivePods(2), expect.UnplacedPods(2))
			back(ctx)
			for n := range int32(3) {
				relay.Await(ctx, "J-101 J-166", expect.CountsSucceeded(n), expect.RunningPods(2))
				Expect(jobs.Release(ctx, s, 0, relay.Running()[0])).To(Succeed())
			}
			relay.Reach(ctx, expect.CountsSucceeded(3), expect.RunningPods(1))
			Expect(jobs.Release(ctx, s, 0, relay.Running()...)).To(Succeed())
			relay.Await(ctx, "J-166", expect.Condition(batchv1.JobComplete))

			overdue.Prove("J-201", expect.BecameAfterRunning(batchv1.JobFailureTarget, unplacedFor, belated), expect.CreatedPods(1))
			relay.Prove("J-166", expect.CreatedPods(4), expect.CountedSuccesses(4), expect.CountedFailures(0), expect.CountedEachPodOnce())
		})
})

// outlast tells Jobs to pause and to begin, lets pods end while the fault keeps everybody from being told, and expects that
// nothing of that is lost.
func outlast(ctx SpecContext, fault chaos.Fault) {
	GinkgoHelper()
	s := scenario.Apply(ctx, "chaos.cp-outage.yaml", jobs.Gated)
	working, pausing, beginning := s.Job("working"), s.Job("pausing"), s.Job("beginning")
	working.Reach(ctx, expect.RunningPods(2))
	pausing.Reach(ctx, expect.RunningPods(1))
	beginning.Reach(ctx, expect.Condition(batchv1.JobSuspended))
	pods := expect.Running(working.State())

	pausing.Suspend(ctx)
	beginning.Resume(ctx)
	back := s.Hit(ctx, fault)
	for _, pod := range pods {
		endBehind(ctx, s, pod)
	}
	working.Reach(ctx, expect.CountsSucceeded(0), expect.RunningPods(2)) // as far as anybody has been told
	back(ctx)

	working.Await(ctx, "J-166", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(2))
	pausing.Await(ctx, "J-110 J-112", expect.Condition(batchv1.JobSuspended), expect.NoPods())
	beginning.Await(ctx, "J-108", expect.RunningPods(1))
	pausing.Resume(ctx)
	beginning.Suspend(ctx)
	pausing.Await(ctx, "J-115", expect.RunningPods(1))
	beginning.Await(ctx, "J-110 J-112", expect.Condition(batchv1.JobSuspended), expect.NoPods())
	beginning.Resume(ctx)
	beginning.Await(ctx, "J-115", expect.RunningPods(1))
	for _, job := range []*scenario.Job{pausing, beginning} {
		Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
		job.Await(ctx, "J-115", expect.Condition(batchv1.JobComplete))
		job.Prove("J-112 J-115", expect.CreatedPods(2), expect.CountedSuccesses(1), expect.CountedFailures(0),
			expect.HadNoActivePodWhen(batchv1.JobSuspended))
	}
	working.Prove("J-166", expect.CreatedPods(2), expect.CountedSuccesses(2), expect.CountedFailures(0), expect.CountedEachPodOnce())
}
