package failures

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/kubectl"
	"github.com/jobproof/jobproof/suites/scenario"
)

// How the Job controller says that it has given a Job up for its failures.
const (
	limitReason  = "BackoffLimitExceeded"
	limitMessage = "Job has reached the specified backoff limit"
)

var _ = Describe("A Job that keeps failing", func() {
	It("is given up when its restarts reach the default limit: its pods are deleted, and then it is Failed",
		scenario.Claims("J-183", "J-184", "J-185", "J-186", "J-187", "J-188", "J-189", "J-190", "J-191", "J-192", "J-193", "J-194",
			"J-197"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "job.demo-always-fails.yaml")
			job := s.Job("demo-always-fails")

			job.Await(ctx, "J-183 J-187", expect.ConditionBecause(batchv1.JobFailed, limitReason))
			job.Await(ctx, "J-187", expect.NoPods())
			job.Await(ctx, "J-190 J-191", expect.Event("Warning", limitReason, limitMessage))

			job.Prove("J-184", expect.AskedFor(10, 3))
			job.Prove("J-185", expect.CreatedPods(3), expect.RanAtMost(3))
			job.Prove("J-186", expect.EveryPod(HaveField("Restarts()", BeNumerically(">=", 1))))
			job.Prove("J-194", expect.HadBackoffLimit(6), expect.RestartedBefore(batchv1.JobFailureTarget, 6))
			job.Prove("J-183", expect.Became(batchv1.JobFailed, limitReason, limitMessage))
			job.Prove("J-187", expect.DeletedItsPodsBefore(batchv1.JobFailed), expect.EndedItsPodsBefore(batchv1.JobFailed))
			job.Prove("J-187 J-192", expect.BecameInTwoSteps(batchv1.JobFailureTarget, batchv1.JobFailed))
			job.Prove("J-192", expect.EndedWith(batchv1.JobFailureTarget, batchv1.JobFailed), expect.LeftNothingUncounted())
			job.Prove("J-193", expect.CountedFailures(3), expect.CountedSuccesses(0), expect.CountedEachPodOnce())
			job.Prove("J-197", expect.CreatedNoPodAfter(batchv1.JobFailureTarget))
			job.Prove("J-190", expect.Announced(
				"Normal SuccessfulCreate", "Normal SuccessfulCreate", "Normal SuccessfulCreate",
				"Normal SuccessfulDelete", "Normal SuccessfulDelete", "Normal SuccessfulDelete",
				"Warning BackoffLimitExceeded"))
			job.Prove("J-190", expect.AnnouncedEachPod("SuccessfulCreate", "Created pod: "),
				expect.AnnouncedEachPod("SuccessfulDelete", "Deleted pod: "))
			job.Prove("J-191", expect.AnnouncedAfter(batchv1.JobFailed, limitReason))

			// Another Job gives this one some seconds in which it is nothing but failed.
			s.Apply(ctx, "table-17.1.row-1.yaml")
			s.Job("neither-set").Reach(ctx, expect.Condition(batchv1.JobComplete))
			shown := kubectl.Get(ctx, s, "job")
			failed := shown.MustRow("demo-always-fails")
			s.Prove("J-188", shown.Columns, Equal([]string{"NAME", "STATUS", "COMPLETIONS", "DURATION", "AGE"}))
			s.Prove("J-188", failed, HaveKeyWithValue("STATUS", "Failed"))
			s.Prove("J-189", failed, HaveKeyWithValue("COMPLETIONS", "0/10"))
			age, took := kubectl.Duration(failed["AGE"]), kubectl.Duration(failed["DURATION"])
			s.Prove("J-189", age-took, BeNumerically("~", startedAfter(job), time.Second))
			s.Prove("J-189", took, BeNumerically(">", ranUntil(job, batchv1.JobFailed)))
		})

	It("loses its running pod as soon as the restarts reach the limit",
		scenario.Claims("J-196"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "restart-on-failure.yaml", jobs.With(func(job *batchv1.Job) {
				job.Spec.BackoffLimit = new(int32(1))
			}))
			job := s.Job("restart-on-failure")

			// After its one failure the task waits at its gate: nothing but having reached the limit can end it.
			job.Reach(ctx, expect.RunningPods(1))
			Expect(jobs.Release(ctx, s, 3, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-196", expect.ConditionBecause(batchv1.JobFailed, limitReason), expect.NoPods())

			job.Prove("J-196", expect.RestartedBefore(batchv1.JobFailureTarget, 1),
				expect.ThePod(0, HaveField("Restarts()", BeEquivalentTo(1))),
				expect.DeletedItsPodsBefore(batchv1.JobFailed), expect.CreatedPods(1))
		})
})
