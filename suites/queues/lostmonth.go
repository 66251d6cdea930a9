package queues

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos/pods"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/quiz"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A pod of the Job that takes an item a pod", func() {
	It("has lost the month that it had taken when it is killed, and its successor takes another one", scenario.Slow, scenario.Thorough,
		scenario.Chaos, scenario.Claims("J-038", "J-271"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			db := quiz.Start(ctx, s)
			db.Eval(ctx, `db.monthsToProcess.insertMany([
				{_id: "2022-01", year: 2022, month: 1}, {_id: "2022-02", year: 2022, month: 2},
				{_id: "2022-03", year: 2022, month: 3}, {_id: "2022-04", year: 2022, month: 4}])`)
			// The documents' Job, with two completions in place of six.
			manifest := strings.NewReplacer("completions: 6", "completions: 2", "parallelism: 3", "parallelism: 1").
				Replace(string(pausing(s, "job.aggregate-responses-queue-coarse.yaml")))
			Expect(s.Try(ctx, []byte(manifest))).To(Succeed())
			job := s.Job(coarse)

			job.Reach(ctx, expect.RunningPods(1))
			victim := job.Running()[0]
			haveInHand(ctx, s, 1, victim)
			s.Hit(ctx, pods.Kill(victim))
			var workers []string
			for succeeded := range int32(2) {
				job.Within(scenario.Replacement).Await(ctx, "J-038 J-271", expect.CountsSucceeded(succeeded), expect.RunningPods(1),
					expect.TerminatingPods(0))
				workers = append(workers, job.Running()...)
				haveInHand(ctx, s, 1, workers[succeeded])
				goOn(ctx, s, 1, workers[succeeded])
			}
			job.Await(ctx, "J-038 J-271", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(2), expect.CountsFailed(1))

			after := read(ctx, db)
			took := after.by()
			s.Prove("J-271", [][]string{took[victim], took[workers[0]], took[workers[1]]}, HaveEach(HaveLen(1)))
			s.Prove("J-271", after.Queue, HaveLen(1))
			// A month is noted once an item is counted; that of the first is not, though the Job is complete.
			for _, taking := range after.Processed {
				s.Prove("J-271", taking.Month == 0, Equal(taking.Pod == victim))
			}
			job.Prove("J-038 J-271", expect.CreatedPods(3), expect.CountedSuccesses(2))
		})
})
