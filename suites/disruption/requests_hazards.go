package disruption

import (
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/chaos/pods"
	"github.com/jobproof/jobproof/chaos/requests"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// ahead is how far off a deadline is when it is set, after all tasks are done.
const ahead = 5 * time.Second

// Hazards H1 to H4 and H6 of the catalogue, as v1.37.0 has them; no document promises them. On a version that does better, what
// a spec needs is not reached: it is inconclusive and says which hazard is not there, for somebody to take it out.
var _ = Describe("A Job controller that is not let do what it has decided", scenario.Chaos, func() {
	It("forgets that the limit was reached if one of two pods cannot be deleted, and goes on (H1)",
		scenario.Claims("J-166"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "chaos.req-limit.yaml")
			job := s.Job("req-limit")
			job.Reach(ctx, expect.RunningPods(2))
			failing, spared := job.Running()[0], job.Running()[1]

			heal := s.Hit(ctx, requests.Refuse(requests.PodDeletions, spared))
			Expect(jobs.Release(ctx, s, 1, failing)).To(Succeed())
			tries(ctx, s, 1, "delete pods", spared)
			job.Within(scenario.Replacement).Reach(ctx, expect.CountsFailed(1), expect.RunningPods(2), expect.Unfinished())
			heal(ctx)
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-166", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(2))

			job.Prove("J-166", expect.HadBackoffLimit(1), expect.CreatedPods(3), expect.CountedFailures(1), expect.CountedSuccesses(2),
				expect.NeverBecame(batchv1.JobFailureTarget),
				expect.PodNamed(failing, HaveField("Restarts()", BeEquivalentTo(1))), expect.PodNamed(failing, expect.WasDeletedTracked("Running")))
		})

	It("never counts what outlived a suspension, and has the tasks done once more (H2, H6)",
		scenario.Claims("J-115", "J-166"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "chaos.req-pair.yaml")
			job := s.Job("req-pair")
			job.Reach(ctx, expect.RunningPods(2), expect.ReadyPods(2))
			survivors := job.Running()

			heal := s.Hit(ctx, requests.Refuse(requests.PodDeletions, ""))
			job.Suspend(ctx)
			tries(ctx, s, 2, "delete pods", "req-pair-")
			job.Reach(ctx, expect.UntrackedPods(2), expect.Condition(batchv1.JobSuspended))
			job.Resume(ctx)
			heal(ctx)
			job.Await(ctx, "J-115", expect.RunningPods(2), expect.NotSuspended())
			Expect(jobs.Release(ctx, s, 0, survivors...)).To(Succeed())
			job.Reach(ctx, expect.SucceededPods(2), expect.CountsSucceeded(0), expect.RunningPods(2))
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-166", expect.Condition(batchv1.JobComplete), expect.SucceededPods(4))

			job.Prove("J-115 J-166", expect.CreatedPods(4), expect.CountedSuccesses(2), expect.CountedFailures(0), expect.CountedEachPodOnce(),
				expect.ThePod(0, expect.SucceededUntracked()), expect.ThePod(1, expect.SucceededUntracked()))
			job.Prove("J-115", expect.SaidReady(0, 2))
		})

	It("has a Job fail whose tasks were all done in time if it could not write that down in time (H3)",
		scenario.Claims("J-199", "J-201"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "chaos.req-pair.yaml")
			job, clock := s.Job("req-pair"), s.Job("clock")
			job.Reach(ctx, expect.RunningPods(2))
			s.Apply(ctx, "chaos.req-pair.yaml", named("clock")) // started later, so its deadline is the later one
			clock.Reach(ctx, expect.RunningPods(2))

			heal := s.Hit(ctx, requests.Refuse(requests.JobStatuses, "req-pair"))
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Reach(ctx, expect.SucceededPods(2), expect.CountsSucceeded(0))
			limit := time.Since(job.State().Job.Status.StartTime.Time) + ahead
			for _, name := range []string{"req-pair", "clock"} {
				patch := fmt.Sprintf(`{"spec":{"activeDeadlineSeconds":%.0f}}`, limit.Seconds())
				_, err := s.Clients().BatchV1().Jobs(s.Namespace()).Patch(ctx, name, types.MergePatchType, []byte(patch), metav1.PatchOptions{})
				Expect(err).NotTo(HaveOccurred())
			}
			clock.Await(ctx, "J-199", expect.ConditionBecause(batchv1.JobFailed, batchv1.JobReasonDeadlineExceeded))
			heal(ctx)
			job.Await(ctx, "J-199", expect.ConditionBecause(batchv1.JobFailed, batchv1.JobReasonDeadlineExceeded), expect.CountsSucceeded(2))

			job.Prove("J-201", expect.CreatedPods(2), expect.CountedSuccesses(2), expect.CountedFailures(0),
				expect.NeverBecame(batchv1.JobSuccessCriteriaMet))
		})

	It("has the Job of a work queue fail after a worker has said that the queue is empty (H4)",
		scenario.Claims("J-195", "J-282"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "chaos.req-queue.yaml")
			job := s.Job("req-queue")
			job.Reach(ctx, expect.RunningPods(2))
			first, other := job.Running()[0], job.Running()[1]

			Expect(jobs.Release(ctx, s, 0, first)).To(Succeed())
			job.Await(ctx, "J-282", expect.CountsSucceeded(1), expect.RunningPods(1))
			s.Hit(ctx, pods.KillContainer(other, ""))
			job.Await(ctx, "J-195", expect.ConditionBecause(batchv1.JobFailed, batchv1.JobReasonBackoffLimitExceeded), expect.CountsSucceeded(1))

			job.Prove("J-282", expect.CreatedPods(2), expect.CreatedNoPodOnceItHadCountedASuccess())
			job.Prove("J-195", expect.HadBackoffLimit(1), expect.CountedSuccesses(1), expect.CountedFailures(1),
				expect.NeverBecame(batchv1.JobSuccessCriteriaMet))
		})
})
