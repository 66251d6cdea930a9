package deadlines

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

const (
	// deadline is activeDeadlineSeconds of job.demo-deadline.yaml.
	deadline = 90 * time.Second
	// late is how long after its deadline a Job may be found out. The Job controller looks when the deadline is reached
	// (syncJob in pkg/controller/job/job_controller.go); the rest is for a machine that is busy with other specs.
	late = 30 * time.Second
)

// How the Job controller says that a Job has taken too long.
const (
	deadlineReason  = "DeadlineExceeded"
	deadlineMessage = "Job was active longer than specified deadline"
)

// overdue is the wait for the Job that misses its deadline to be over.
var overdue = scenario.Bound{
	Limit: 5 * time.Minute,
	Origin: "90 s until the deadline and 30 s in which its pod ignores SIGTERM (terminationGracePeriodSeconds); on top of " +
		"scenario.Prompt",
}

var _ = Describe("A Job with a deadline", func() {
	It("fails when it has not finished in time", scenario.Slow,
		scenario.Claims("J-199", "J-201", "J-202", "J-203", "J-205", "J-206", "J-207", "J-208"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "job.demo-deadline.yaml")
			job := s.Job("demo-deadline")

			job.Await(ctx, "J-202", expect.RunningPods(1))
			job.Within(overdue).Await(ctx, "J-199 J-205", expect.ConditionBecause(batchv1.JobFailed, deadlineReason),
				expect.SucceededPods(1), expect.ActivePods(0), expect.TerminatingPods(0))
			job.Await(ctx, "J-207", expect.Event("Warning", deadlineReason, deadlineMessage))

			job.Prove("J-199", expect.Became(batchv1.JobFailed, deadlineReason, deadlineMessage),
				expect.BecameInTwoSteps(batchv1.JobFailureTarget, batchv1.JobFailed))
			job.Prove("J-201 J-205", expect.BecameAfterRunning(batchv1.JobFailureTarget, deadline, late))
			job.Prove("J-203", expect.AskedFor(2, 1), expect.CreatedPods(2), expect.RanOneAfterAnother())
			job.Prove("J-205", expect.CountedSuccesses(1), expect.CountedFailures(1), expect.EndedItsPodsBefore(batchv1.JobFailed))
			job.Prove("J-206", expect.DeletedAfterRunning(deadline, late))
			job.Prove("J-207", expect.AnnouncedAfter(batchv1.JobFailed, deadlineReason), expect.Announced(
				"Normal SuccessfulCreate", "Normal SuccessfulCreate", "Normal SuccessfulDelete", "Warning DeadlineExceeded"))
			job.Prove("J-208", expect.RanPodsForLessThan(deadline),
				expect.EveryPod(HaveField("First().Spec.ActiveDeadlineSeconds", BeNil())))
		})

	It("has none unless it asks for one",
		scenario.Claims("J-200"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-1.yaml")
			job := s.Job("neither-set")

			job.Await(ctx, "J-200", expect.Condition(batchv1.JobComplete))

			job.Prove("J-200", expect.HadNoDeadline())
		})
})
