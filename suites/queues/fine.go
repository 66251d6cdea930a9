package queues

import (
	"context"
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

const fine = "aggregate-responses-queue-fine"

// processFinely runs the Job whose pods process items until there is none, on a queue of six.
func processFinely(ctx context.Context, s *scenario.Scenario, db *quiz.Database) {
	GinkgoHelper()
	out, err := s.KubectlReading(ctx, pausing(s, "job.aggregate-responses-queue-fine.yaml"), "apply", "-f", "-")
	Expect(err).NotTo(HaveOccurred())
	s.Prove("J-281 J-284", out, Equal("configmap/"+fine+" created\njob.batch/"+fine+" created\n"))
	job := s.Job(fine)

	// Each pod has one item in hand, then each has its second one and the queue is empty. One pod goes on, finds nothing
	// and ends; only then do the others process what they have.
	job.Await(ctx, "J-280", expect.RunningPods(3))
	pods := job.Running()
	haveInHand(ctx, s, 1, pods...)
	goOn(ctx, s, 1, pods...)
	haveInHand(ctx, s, 2, pods...)
	goOn(ctx, s, 2, pods[0])
	job.Await(ctx, "J-282 J-283", expect.CountsSucceeded(1), expect.RunningPods(2), expect.TerminatingPods(0))
	goOn(ctx, s, 2, pods[1:]...)
	job.Await(ctx, "J-264 J-283 J-289", expect.Condition(batchv1.JobComplete), expect.SucceededPods(3))

	after := read(ctx, db)
	s.Prove("J-288 J-289", after.Count, BeZero())
	took := after.by()
	s.Prove("J-264 J-266 J-280 J-285", [][]string{took[pods[0]], took[pods[1]], took[pods[2]]}, HaveEach(HaveLen(2)))
	s.Prove("J-280", after.ids(), Equal(itemIDs(items(1, 12))))
	s.Prove("J-274", after.months(), And(HaveKeyWithValue("2022-11", 12), HaveKeyWithValue("2022-12", 13)))
	s.Prove("J-274 J-283", after.Days, Equal(counted(2022, time.February, time.December)))
	for _, pod := range pods {
		log, err := s.Kubectl(ctx, "logs", pod)
		Expect(err).NotTo(HaveOccurred())
		s.Prove("J-285", logged(log), ConsistOf(took[pod]))
		s.Prove("J-282 J-285", log, HaveSuffix("The queue is empty.\n"))
	}

	job.Prove("J-281", expect.AskedFor(expect.Unset, 3))
	s.Prove("J-281 J-282", job.History().Last().Spec.Completions, BeNil())
	job.Prove("J-266 J-286", expect.CreatedPods(3))
	job.Prove("J-280", expect.RanAtOnce(3))
	job.Prove("J-282 J-283", expect.CreatedNoPodOnceItHadCountedASuccess())
	job.Prove("J-283", expect.KeptItsPods(), expect.CountedSuccesses(3),
		expect.EndedItsPodsBefore(batchv1.JobSuccessCriteriaMet))

	shown := table(ctx, s, "get", "pods", "-l", "job-name="+fine)
	s.Prove("J-286", shown.Column("NAME"), ConsistOf(pods))
	s.Prove("J-286", shown.Column("STATUS"), HaveEach("Completed"))
	s.Prove("J-286", shown.Column("READY"), HaveEach("0/1"))
	s.Prove("J-287", table(ctx, s, "get", "jobs").Column("COMPLETIONS"), HaveExactElements("3/1 of 3"))
}

// addAfterTheEnd inserts an item when the Job is complete and then creates the Job again.
func addAfterTheEnd(ctx context.Context, s *scenario.Scenario, db *quiz.Database) {
	GinkgoHelper()
	job := s.Job(fine)
	out := db.Eval(ctx, `db.monthsToProcess.insertOne({_id: "2023-01", year: 2023, month: 1})`)
	s.Prove("J-290", out, Equal("{ acknowledged: true, insertedId: '2023-01' }\n"))

	// That nothing follows is evidence only because the Job controller has run another Job from beginning to end meanwhile.
	s.Apply(ctx, "table-17.1.row-1.yaml")
	s.Job("neither-set").Reach(ctx, expect.Condition(batchv1.JobComplete))
	job.Prove("J-291", expect.CreatedPods(3), expect.CreatedNoPodAfter(batchv1.JobComplete),
		expect.ChangedNothingAfter(batchv1.JobComplete))

	for _, object := range []string{"job/" + fine, "configmap/" + fine} {
		_, err := s.Kubectl(ctx, "delete", object)
		Expect(err).NotTo(HaveOccurred())
	}
	s.Apply(ctx, "job.aggregate-responses-queue-fine.yaml", quiz.Here(s), jobs.With(func(job *batchv1.Job) {
		job.Spec.Parallelism = new(int32(1)) // there is one item
	}))
	job.Await(ctx, "J-292", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))
	again := job.State().Pods[0].Name
	after := read(ctx, db)
	s.Prove("J-292", after.Processed, ContainElement(taking{ID: "2023-01", Pod: again, Month: 2}))
	s.Prove("J-290 J-292", after.Queue, BeEmpty())
}

// table is what kubectl prints.
func table(ctx context.Context, s *scenario.Scenario, args ...string) kubectl.Table {
	GinkgoHelper()
	out, err := s.Kubectl(ctx, args...)
	Expect(err).NotTo(HaveOccurred())
	shown, err := kubectl.ReadTable(out)
	Expect(err).NotTo(HaveOccurred())
	return shown
}
