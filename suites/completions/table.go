package completions

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// promptly is the upper bound of what the documents call immediately. The Job controller gathers pod events for 1 s
// (SyncJobBatchPeriod, pkg/controller/job/job_controller.go); the rest is for a machine that is busy with other specs.
const promptly = 30 * time.Second

var _ = Describe("Completions and parallelism", func() {
	It("are both one when neither is set",
		scenario.Claims("J-040", "J-042", "J-066", "J-139", "J-140", "J-148"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-1.yaml")
			job := s.Job("neither-set")

			job.Await(ctx, "J-042", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))

			job.Prove("J-139 J-140 J-148", expect.AskedFor(1, 1))
			job.Prove("J-042 J-148", expect.CreatedPods(1), expect.CountedSuccesses(1))
			job.Prove("J-040", expect.OwnedItsPods())
			job.Prove("J-066", expect.CreatedItsFirstPodWithin(promptly))
		})

	It("run a single task until it has succeeded",
		scenario.Claims("J-139", "J-149"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-2.yaml", jobs.Gated)
			job := s.Job("one-by-one")

			job.Await(ctx, "J-149", expect.RunningPods(1))
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-149", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))

			job.Prove("J-139", expect.AskedFor(1, 1))
			job.Prove("J-149", expect.CreatedPods(1), expect.SucceededBefore(batchv1.JobSuccessCriteriaMet, 1),
				expect.BecameInTwoSteps(batchv1.JobSuccessCriteriaMet, batchv1.JobComplete))
		})

	It("replace the pod of a single task that is deleted before it has completed",
		scenario.Claims("J-150"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-2.yaml", jobs.Gated)
			job := s.Job("one-by-one")

			job.Reach(ctx, expect.RunningPods(1))
			s.DeletePod(ctx, job.Running()[0])
			job.Within(scenario.Replacement).Await(ctx, "J-150", expect.RunningPods(1), expect.CountsFailed(1))
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-150", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))

			job.Prove("J-150", expect.CreatedPods(2), expect.WaitedBeforeReplacing(expect.Backoff),
				expect.CountedFailures(1), expect.CountedSuccesses(1))
		})

	It("create no more pods than completions, however high parallelism is",
		scenario.Claims("J-139", "J-143", "J-151"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-3.yaml", jobs.Gated)
			job := s.Job("more-than-needed")

			job.Await(ctx, "J-143 J-151", expect.RunningPods(2))
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-143 J-151", expect.Condition(batchv1.JobComplete), expect.SucceededPods(2))

			job.Prove("J-139", expect.AskedFor(2, 5))
			job.Prove("J-143 J-151", expect.CreatedPods(2), expect.RanAtOnce(2), expect.CountedSuccesses(2))
		})

	It("keep as many pods running as parallelism says until completions have succeeded",
		scenario.Claims("J-135", "J-136", "J-139", "J-144", "J-145", "J-146", "J-147", "J-152"),
		func(ctx SpecContext) {
			const completions, parallelism = 5, 2
			s := scenario.Apply(ctx, "table-17.1.row-4.yaml", jobs.Gated)
			job := s.Job("two-at-a-time")

			for ended := range completions {
				job.Await(ctx, "J-144 J-152", expect.SucceededPods(ended),
					expect.RunningPods(min(parallelism, completions-ended)))
				Expect(jobs.Release(ctx, s, 0, job.Running()[0])).To(Succeed())
			}
			job.Await(ctx, "J-135 J-147", expect.Condition(batchv1.JobComplete), expect.SucceededPods(completions))

			job.Prove("J-139", expect.AskedFor(completions, parallelism))
			job.Prove("J-136 J-144 J-152", expect.RanAtMost(parallelism), expect.RanAtOnce(parallelism))
			job.Prove("J-146 J-152", expect.FollowedEachEndWithin(parallelism, promptly))
			job.Prove("J-145 J-147", expect.CreatedPods(completions), expect.CountedSuccesses(completions))
			job.Prove("J-135", expect.SucceededBefore(batchv1.JobSuccessCriteriaMet, completions))
		})

	It("run all pods at once when they are equal, and replace one that is deleted",
		scenario.Claims("J-043", "J-045", "J-139", "J-153", "J-154", "J-155"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-5.yaml", jobs.Gated)
			job := s.Job("all-at-once")

			job.Await(ctx, "J-153", expect.RunningPods(5))
			s.DeletePod(ctx, job.Running()[0])
			job.Within(scenario.Replacement).Await(ctx, "J-154", expect.RunningPods(5), expect.CountsFailed(1))
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-155", expect.Condition(batchv1.JobComplete), expect.SucceededPods(5), expect.TerminatingPods(0))

			job.Prove("J-139", expect.AskedFor(5, 5))
			job.Prove("J-043 J-153", expect.RanAtOnce(5), expect.RanAtMost(5))
			job.Prove("J-154", expect.CreatedPods(6), expect.WaitedBeforeReplacing(expect.Backoff), expect.CountedFailures(1))
			job.Prove("J-155", expect.SucceededBefore(batchv1.JobSuccessCriteriaMet, 5), expect.CountedSuccesses(5))
			job.Prove("J-045", expect.EndedItsPodsBefore(batchv1.JobComplete))
		})

	It("run the pods one after another when only completions is set", scenario.Slow,
		scenario.Claims("J-043", "J-132", "J-139", "J-141", "J-156"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-6.yaml", jobs.Gated)
			job := s.Job("one-after-another")

			succeeded, failed := 0, 0
			for _, code := range []int{0, 3, 0, 0, 0, 0} {
				job.Within(scenario.Replacement).Await(ctx, "J-141 J-156",
					expect.RunningPods(1), expect.SucceededPods(succeeded), expect.FailedPods(failed))
				Expect(jobs.Release(ctx, s, code, job.Running()...)).To(Succeed())
				if code == 0 {
					succeeded++
				} else {
					failed++
				}
			}
			job.Await(ctx, "J-141", expect.Condition(batchv1.JobComplete), expect.SucceededPods(5))

			job.Prove("J-139", expect.AskedFor(5, 1))
			job.Prove("J-043 J-132 J-141 J-156", expect.RanOneAfterAnother(), expect.RanAtMost(1))
			job.Prove("J-156", expect.CreatedPods(6), expect.CountedFailures(1))
			job.Prove("J-132 J-141", expect.CountedSuccesses(5))
		})

	It("need one success of the pods that run at once when only parallelism is set",
		scenario.Claims("J-139", "J-142", "J-157"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-7.yaml", jobs.Gated)
			job := s.Job("any-of-five")

			job.Await(ctx, "J-142 J-157", expect.RunningPods(5))
			pods := job.Running()
			Expect(jobs.Release(ctx, s, 0, pods[0])).To(Succeed())
			job.Await(ctx, "J-157", expect.CountsSucceeded(1), expect.RunningPods(4))
			Expect(jobs.Release(ctx, s, 3, pods[1])).To(Succeed())
			job.Await(ctx, "J-157", expect.CountsFailed(1), expect.RunningPods(3))
			Expect(jobs.Release(ctx, s, 3, pods[2:]...)).To(Succeed())
			job.Await(ctx, "J-142 J-157", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1), expect.FailedPods(4))

			job.Prove("J-139", expect.AskedFor(expect.Unset, 5))
			job.Prove("J-142 J-157", expect.RanAtOnce(5), expect.CreatedPods(5), expect.CountedSuccesses(1))
			job.Prove("J-157", expect.CreatedNoPodOnceItHadCountedASuccess(), expect.KeptItsPods(), expect.CountedFailures(4))
			job.Prove("J-142", expect.EndedItsPodsBefore(batchv1.JobSuccessCriteriaMet))
		})
})
