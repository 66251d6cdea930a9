package queues

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos/pods"
	"github.com/jobproof/jobproof/fixtures/images"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// The two Jobs suffer the same: their container is killed with an item in hand, and the pod in which it was started again is
// killed when the next item is done but not yet struck off.
var _ = Describe("A worker that is killed", func() {
	It("has lost its item for good if it took that out of the queue, and not if it leased it, which may then be done twice",
		scenario.Chaos, scenario.Claims("J-038", "J-166", "J-169", "J-263", "J-289"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			s.Needs(images.Redis)
			s.Apply(ctx, "chaos.app-queue.yaml")
			s.Objects().Reach(ctx, expect.ReadyPod(server))
			put(ctx, s, lossy, "1", "2", "3", "4")
			put(ctx, s, leased, "1", "2", "3", "4")
			s.Apply(ctx, "chaos.app-workers.yaml")
			both := []*scenario.Job{s.Job(lossy), s.Job(leased)}

			victims := make([]string, len(both))
			for i, job := range both {
				job.Reach(ctx, expect.RunningPods(1))
				victims[i] = job.Running()[0]
				haveInHand(ctx, s, 1, victims[i])
			}
			for _, victim := range victims {
				s.Hit(ctx, pods.KillContainer(victim, "worker"))
			}
			for i, job := range both {
				job.Await(ctx, "J-169", expect.Restarts(1), expect.RunningPods(1))
				haveInHand(ctx, s, 1, victims[i])
				goOn(ctx, s, 1, victims[i])
				haveInHand(ctx, s, 2, victims[i])
			}
			for _, victim := range victims {
				s.Hit(ctx, pods.Kill(victim))
			}
			successors := make([]string, len(both))
			for i, job := range both {
				job.Within(scenario.Replacement).Await(ctx, "J-038 J-166", expect.RunningPods(1), expect.TerminatingPods(0))
				successors[i] = job.Running()[0]
				for _, meeting := range []int{1, 2} {
					haveInHand(ctx, s, meeting, successors[i])
					goOn(ctx, s, meeting, successors[i])
				}
			}
			for _, job := range both {
				job.Await(ctx, "J-166 J-289", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))
				job.Prove("J-038 J-166", expect.CreatedPods(2), expect.CountedSuccesses(1), expect.CountedFailures(1),
					expect.ThePod(0, HaveField("Restarts()", BeEquivalentTo(1))))
			}

			first, second := victims[0], successors[0]
			s.Prove("J-263 J-289", waiting(ctx, s, lossy), BeEmpty())
			s.Prove("J-263", taken(ctx, s, lossy), HaveExactElements(
				entry{"1", first}, entry{"2", first}, entry{"3", second}, entry{"4", second}))
			// The Job is complete and knows nothing of the first item, which nobody has done.
			s.Prove("J-263 J-289", done(ctx, s, lossy), HaveExactElements(
				entry{"2", first}, entry{"3", second}, entry{"4", second}))

			first, second = victims[1], successors[1]
			s.Prove("J-263 J-289", waiting(ctx, s, leased), BeEmpty())
			s.Prove("J-166 J-263", leases(ctx, s, leased), BeEmpty())
			s.Prove("J-166 J-263", taken(ctx, s, leased), HaveExactElements(
				entry{"1", first}, entry{"2", first}, entry{"3", second}, entry{"4", second}, entry{"1", second}, entry{"2", second}))
			s.Prove("J-166 J-263", done(ctx, s, leased), HaveExactElements(
				entry{"2", first}, entry{"3", second}, entry{"4", second}, entry{"1", second}, entry{"2", second}))
		})
})
