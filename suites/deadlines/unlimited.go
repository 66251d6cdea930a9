package deadlines

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// The two runs of job.demo-deadline.yaml take a minute each.
const twoRuns = 2 * time.Minute

// unhurried is the wait for a Job without a deadline to be over.
var unhurried = scenario.Bound{
	Limit:  twoRuns + scenario.Prompt.Limit,
	Origin: "two runs of 60 s, one after the other (job.demo-deadline.yaml); on top of scenario.Prompt",
}

var _ = Describe("A Job whose deadline was taken away", func() {
	It("completes, after the time that its runs take", scenario.Slow,
		scenario.Claims("J-204"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "job.demo-deadline.yaml", jobs.With(func(job *batchv1.Job) {
				job.Spec.ActiveDeadlineSeconds = nil
			}))
			job := s.Job("demo-deadline")

			job.Within(unhurried).Await(ctx, "J-204", expect.Condition(batchv1.JobComplete), expect.SucceededPods(2))

			job.Prove("J-204", expect.AskedFor(2, 1), expect.HadNoDeadline(), expect.RanOneAfterAnother(),
				expect.BecameAfterRunning(batchv1.JobComplete, twoRuns, late), expect.CountedSuccesses(2))
		})
})
