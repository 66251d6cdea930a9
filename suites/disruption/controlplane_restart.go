package disruption

import (
	"context"
	"fmt"
	"math"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos/controlplane"
	"github.com/jobproof/jobproof/chaos/requests"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

const (
	// overdueAfter is activeDeadlineSeconds of chaos.cp-overdue.yaml, and expiredAfter ttlSecondsAfterFinished of the Job
	// expiring in chaos.cp-phases.yaml.
	overdueAfter = 18 * time.Second
	expiredAfter = 15 * time.Second
	// belated is how long after it was due something may happen that nobody saw to while it was: the controllers are taken
	// away before and are back within the bound of the fault, which is 3 min.
	belated = 4 * time.Minute
)

var _ = Describe("A Job whose controller manager goes away", scenario.BreaksControlPlane, scenario.Chaos, func() {
	It("gets what fell due meanwhile when another one leads, and has each pod counted once", scenario.Slow,
		scenario.Claims("J-033", "J-110", "J-112", "J-115", "J-126", "J-166", "J-170", "J-199", "J-201"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "chaos.cp-phases.yaml", jobs.Gated)
			counted, last, asked, expiring, overdue := s.Job("counted"), s.Job("last"), s.Job("asked"), s.Job("expiring"), s.Job("overdue")
			counted.Reach(ctx, expect.RunningPods(4))
			for _, job := range []*scenario.Job{last, asked, expiring} {
				job.Reach(ctx, expect.RunningPods(1))
			}

			// The pods of one Job stay between ending and being counted for as long as their finalizer cannot be taken off.
			granted := s.Hit(ctx, requests.Refuse(requests.PodUpdates, "counted-"))
			running := counted.Running()
			Expect(jobs.Release(ctx, s, 0, running[:2]...)).To(Succeed())
			Expect(jobs.Release(ctx, s, 3, running[2])).To(Succeed())
			counted.Reach(ctx, expect.Uncounted(2, 1), expect.HeldPods(3))
			s.Apply(ctx, "chaos.cp-overdue.yaml", jobs.Gated)
			overdue.Reach(ctx, expect.RunningPods(1))
			Expect(jobs.Release(ctx, s, 0, expiring.Running()...)).To(Succeed())
			expiring.Reach(ctx, expect.Condition(batchv1.JobComplete))

			back := s.Hit(ctx, controlplane.StopController())
			granted(ctx)
			done := last.Running()[0]
			Expect(jobs.Release(ctx, s, 0, done)).To(Succeed())
			last.Reach(ctx, expect.SucceededPods(1))
			s.DeletePod(ctx, done)
			asked.Suspend(ctx)
			late := overdue.Running()[0]
			pass(ctx, s, late, overdue.State().Job.Status.StartTime.Add(overdueAfter))
			pass(ctx, s, late, expiring.State().Job.Status.CompletionTime.Add(expiredAfter))
			overdue.Reach(ctx, expect.RunningPods(1), expect.Unfinished(), Not(expect.Condition(batchv1.JobFailureTarget)))
			expiring.Reach(ctx, Not(expect.NoJob()))
			last.Reach(ctx, expect.CountsSucceeded(0), expect.HeldPods(1))
			asked.Reach(ctx, expect.RunningPods(1))
			counted.Reach(ctx, expect.Uncounted(2, 1), expect.CountsSucceeded(0), expect.CountsFailed(0))
			back(ctx)

			overdue.Await(ctx, "J-199 J-201", expect.ConditionBecause(batchv1.JobFailed, "DeadlineExceeded"), expect.ActivePods(0))
			expiring.Await(ctx, "J-126", expect.NoJob(), expect.NoPods())
			last.Await(ctx, "J-033", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(1))
			asked.Await(ctx, "J-110 J-112", expect.Condition(batchv1.JobSuspended), expect.NoPods())
			asked.Resume(ctx)
			counted.Within(scenario.Replacement).Await(ctx, "J-166 J-170", expect.Uncounted(0, 0), expect.CountsSucceeded(2),
				expect.CountsFailed(1), expect.RunningPods(2))
			Expect(jobs.Release(ctx, s, 0, counted.Running()...)).To(Succeed())
			asked.Await(ctx, "J-115", expect.RunningPods(1))
			Expect(jobs.Release(ctx, s, 0, asked.Running()...)).To(Succeed())
			counted.Await(ctx, "J-166", expect.Condition(batchv1.JobComplete))
			asked.Await(ctx, "J-115", expect.Condition(batchv1.JobComplete))

			overdue.Prove("J-201", expect.BecameAfterRunning(batchv1.JobFailureTarget, overdueAfter, belated), expect.CreatedPods(1))
			expiring.Prove("J-126", expect.DeletedAfterFinishing(expiredAfter, belated), expect.CountedSuccesses(1))
			last.Prove("J-033", expect.CreatedPods(1), expect.CountedSuccesses(1), expect.CountedFailures(0), expect.CountedEachPodOnce())
			asked.Prove("J-112 J-115", expect.CreatedPods(2), expect.CountedSuccesses(1), expect.CountedFailures(0),
				expect.HadNoActivePodWhen(batchv1.JobSuspended))
			counted.Prove("J-166 J-170", expect.CreatedPods(5), expect.CountedSuccesses(4), expect.CountedFailures(1), expect.CountedEachPodOnce())
		})

	It("goes on under another one that takes over in the middle of it",
		scenario.Claims("J-144", "J-166"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "chaos.cp-relay.yaml", jobs.Gated)
			relay := s.Job("relay")
			relay.Reach(ctx, expect.RunningPods(2))
			Expect(jobs.Release(ctx, s, 0, relay.Running()[0])).To(Succeed())
			relay.Reach(ctx, expect.CountsSucceeded(1), expect.RunningPods(2))
			Expect(jobs.Release(ctx, s, 0, relay.Running()[0])).To(Succeed())

			back := s.Hit(ctx, controlplane.HandOver())
			relay.Await(ctx, "J-166", expect.CountsSucceeded(2), expect.RunningPods(2))
			Expect(jobs.Release(ctx, s, 0, relay.Running()[0])).To(Succeed())
			relay.Await(ctx, "J-166", expect.CountsSucceeded(3), expect.RunningPods(1))
			back(ctx)
			Expect(jobs.Release(ctx, s, 0, relay.Running()...)).To(Succeed())
			relay.Await(ctx, "J-166", expect.Condition(batchv1.JobComplete))

			relay.Prove("J-144", expect.RanAtMost(2))
			relay.Prove("J-166", expect.CreatedPods(4), expect.CountedSuccesses(4), expect.CountedFailures(0), expect.CountedEachPodOnce())
		})
})

// pass returns when a moment has passed, by the clock that all of a cluster made here share. That time passes is nothing
// that could be watched: it is slept away in a pod.
func pass(ctx context.Context, s *scenario.Scenario, pod string, moment time.Time) {
	GinkgoHelper()
	if left := time.Until(moment); left > 0 {
		_, err := s.Exec(ctx, pod, "sleep", fmt.Sprint(math.Ceil(left.Seconds())+1))
		Expect(err).NotTo(HaveOccurred())
	}
}
