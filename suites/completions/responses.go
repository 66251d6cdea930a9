package completions

import (
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/kubectl"
	"github.com/jobproof/jobproof/suites/quiz"
	"github.com/jobproof/jobproof/suites/scenario"
)

// ofResponses selects the pods of generate-responses, as the documents do.
const ofResponses = "job-name=generate-responses"

// Here each run of generate-responses waits at a gate before it begins, so that the pods stand still while they are listed.
// Without one the Job runs in suites/failures.
var _ = Describe("A Job that runs a task five times, two at a time", func() {
	It("is shown with its restarts while it runs, and complete when five pods have succeeded", scenario.Slow,
		scenario.Claims("J-132", "J-133", "J-134", "J-158", "J-160", "J-161", "J-162", "J-163", "J-164", "J-165"),
		func(ctx SpecContext) {
			const completions, parallelism = 5, 2
			s := scenario.Begin(ctx)
			db := quiz.Start(ctx, s)
			s.Apply(ctx, "job.generate-responses.yaml", quiz.Here(s), jobs.Held)
			job := s.Job("generate-responses")
			// run lets pods have their run and returns when they have, with success or not.
			run := func(pods ...string) {
				GinkgoHelper()
				before := restarts(job, pods...)
				Expect(jobs.Release(ctx, s, 0, pods...)).To(Succeed())
				job.Reach(ctx, expect.RunsOver(before))
			}

			job.Await(ctx, "J-133", expect.RunningPods(parallelism))
			first, second := job.Running()[0], job.Running()[1]
			run(first)
			job.Await(ctx, "J-133", expect.SucceededPods(1), expect.RunningPods(parallelism))
			run(second)
			job.Await(ctx, "J-133", expect.SucceededPods(1), expect.RunningPods(parallelism))
			third := job.Running()[1]

			pods := kubectl.Get(ctx, s, "po", "-l", ofResponses)
			s.Prove("J-160", pods.MustRow(first), HaveKeyWithValue("STATUS", "Completed"))
			s.Prove("J-160", pods.MustRow(second), SatisfyAll(HaveKeyWithValue("STATUS", "Running"),
				HaveKeyWithValue("RESTARTS", MatchRegexp(`^[1-9] \(\d+\w+ ago\)$`))))
			s.Prove("J-160", pods.MustRow(third), HaveKeyWithValue("STATUS", "Running"))
			s.Prove("J-161", pods.Column("STATUS"), ConsistOf("Completed", "Running", "Running"))

			run(job.Running()...)
			job.Await(ctx, "J-133 J-158", expect.SucceededPods(3), expect.RunningPods(parallelism))
			run(job.Running()...)
			job.Await(ctx, "J-133 J-158", expect.SucceededPods(4), expect.RunningPods(1))
			s.Prove("J-161", kubectl.Get(ctx, s, "po", "-l", ofResponses).Column("STATUS"),
				ConsistOf("Completed", "Completed", "Completed", "Completed", "Running"))
			run(job.Running()...)
			job.Await(ctx, "J-133 J-158", expect.Condition(batchv1.JobComplete), expect.SucceededPods(completions))

			shown := kubectl.Get(ctx, s, "job", "generate-responses")
			complete := shown.MustRow("generate-responses")
			s.Prove("J-162", shown.Columns, Equal([]string{"NAME", "STATUS", "COMPLETIONS", "DURATION", "AGE"}))
			s.Prove("J-162", complete, HaveKeyWithValue("STATUS", "Complete"))
			s.Prove("J-162 J-163", complete, HaveKeyWithValue("COMPLETIONS", "5/5"))
			s.Prove("J-163", kubectl.Duration(complete["DURATION"]), Equal(took(job)))
			pods = kubectl.Get(ctx, s, "po", "-l", ofResponses)
			s.Prove("J-164", pods.Column("STATUS"), SatisfyAll(HaveLen(completions), HaveEach("Completed")))

			runs := db.Runs(ctx)
			s.Prove("J-165", quiz.Numbers(runs, quiz.Run.Failed), Equal(quiz.Doomed))
			s.Prove("J-132 J-133", quiz.Numbers(runs, quiz.Run.Succeeded), HaveLen(completions))
			for pod, failures := range quiz.FailuresByPod(runs) {
				job.Prove("J-165", expect.PodNamed(pod, expect.RestartedFor("mongo", failures)))
				if failures > 0 {
					s.Prove("J-164", pods.Restarts(), HaveKeyWithValue(pod, BeNumerically(">=", failures)))
				}
			}

			job.Prove("J-134", expect.AskedFor(completions, parallelism))
			job.Prove("J-132", expect.RanAtOnce(parallelism))
			job.Prove("J-133 J-158", expect.CreatedPods(completions), expect.RanAtMost(parallelism), expect.RanAtOnce(parallelism))
			job.Prove("J-161", expect.RanAtMost(parallelism))
			job.Prove("J-158", expect.SucceededBefore(batchv1.JobSuccessCriteriaMet, completions), expect.CountedSuccesses(completions))
		})
})

// restarts returns how often pods of a Job have been restarted, by their names.
func restarts(job *scenario.Job, pods ...string) map[string]int32 {
	counts := map[string]int32{}
	for _, pod := range job.State().Pods {
		if slices.Contains(pods, pod.Name) {
			counts[pod.Name] = expect.RestartCount(pod)
		}
	}
	return counts
}

// took returns how long a Job that has completed took.
func took(job *scenario.Job) time.Duration {
	status := job.State().Job.Status
	return status.CompletionTime.Sub(status.StartTime.Time)
}
