package lifecycle

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/kubectl"
	"github.com/jobproof/jobproof/suites/quiz"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("kubectl", func() {
	It("shows the Job quiz-init while it runs and once it is complete: its row, its description, its pod and its logs",
		scenario.Slow, scenario.Claims("J-068", "J-069", "J-070", "J-072", "J-073", "J-074", "J-075", "J-076", "J-077", "J-078", "J-079",
			"J-080", "J-081", "J-082", "J-083", "J-084", "J-085", "J-086", "J-087", "J-088", "J-089", "J-090", "J-091",
			"J-092", "J-093", "J-094", "J-095", "J-096", "J-097", "J-098", "J-099", "J-100"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			db := quiz.Launch(ctx, s)
			s.Apply(ctx, "job.quiz-init.yaml", quiz.Here(s), jobs.Held)
			s.Apply(ctx, "two-tasks.yaml", jobs.GatedBelow(2))
			job, other := s.Job("quiz-init"), s.Job("two-tasks")
			job.Reach(ctx, expect.RunningPods(1))
			other.Reach(ctx, expect.RunningPods(2))

			table := getJobs(ctx, s)
			s.Prove("J-068 J-072", table.Columns, Equal([]string{"NAME", "STATUS", "COMPLETIONS", "DURATION", "AGE"}))
			begun := rowOf(table, job)
			s.Prove("J-068 J-069", begun, And(HaveField("Status", "Running"), HaveField("Completions", "0/1")))
			twoSeconds(ctx, s, job.Running()[0])
			begunLater := rowOf(getJobs(ctx, s), job)
			s.Prove("J-070", begunLater.Duration, BeNumerically(">=", begun.Duration+2))
			s.Prove("J-070", begunLater, Satisfy(countsFromItsStart))

			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			Expect(jobs.Release(ctx, s, 0, expect.Names(expect.OfIndex(other.State(), 0))...)).To(Succeed())
			other.Reach(ctx, expect.CountsSucceeded(1))
			Expect(jobs.Release(ctx, s, 3, expect.Names(expect.OfIndex(other.State(), 1))...)).To(Succeed())
			other.Reach(ctx, expect.Condition(batchv1.JobFailed))
			job.Reach(ctx, expect.Condition(batchv1.JobComplete))

			table = getJobs(ctx, s)
			complete, failed := rowOf(table, job), rowOf(table, other)
			twoSeconds(ctx, s, "quiz-0")
			table = getJobs(ctx, s)
			completeLater, failedLater := rowOf(table, job), rowOf(table, other)
			s.Prove("J-069 J-072", complete, And(HaveField("Status", "Complete"), HaveField("Completions", "1/1")))
			s.Prove("J-069", failed, And(HaveField("Status", "Failed"), HaveField("Completions", "1/2")))
			s.Prove("J-070 J-072", completeLater.Duration, Equal(complete.Duration))
			s.Prove("J-072", completeLater.Duration, BeNumerically("<", completeLater.Age))
			s.Prove("J-070", failedLater.Duration, BeNumerically(">=", failed.Duration+2))
			s.Prove("J-073", complete.Duration, Equal(took(job)))

			provesDescription(ctx, s, job)
			provesPod(ctx, s, job)
			provesLogs(ctx, s, job, db)
			provesLogsOfOne(ctx, s, other)
		})
})

// row is a line of what "kubectl get jobs" prints, with the Job that it is about.
type row struct {
	Status, Completions string
	Duration, Age       int // in seconds
	job                 *batchv1.Job
}

// getJobs reads what "kubectl get jobs" prints.
func getJobs(ctx context.Context, s *scenario.Scenario) kubectl.Table {
	GinkgoHelper()
	out, err := s.Kubectl(ctx, "get", "jobs")
	Expect(err).NotTo(HaveOccurred())
	table, err := kubectl.ReadTable(out)
	Expect(err).NotTo(HaveOccurred())
	return table
}

func rowOf(table kubectl.Table, job *scenario.Job) row {
	GinkgoHelper()
	state := job.State().Job
	cells, err := table.Row(state.Name)
	Expect(err).NotTo(HaveOccurred())
	return row{
		Status: cells["STATUS"], Completions: cells["COMPLETIONS"],
		Duration: seconds(cells["DURATION"]), Age: seconds(cells["AGE"]), job: state,
	}
}

// seconds is a cell's duration, and -1 if the cell holds none.
func seconds(cell string) int {
	duration, err := kubectl.ReadDuration(cell)
	if err != nil {
		return -1
	}
	return int(duration.Seconds())
}

// countsFromItsStart reports whether DURATION is shorter than AGE by as much as the Job started after its creation. Both
// are rounded down.
func countsFromItsStart(shown row) bool {
	late := int(shown.job.Status.StartTime.Sub(shown.job.CreationTimestamp.Time).Seconds())
	return slices.Contains([]int{late - 1, late, late + 1}, shown.Age-shown.Duration)
}

// took is how many seconds a complete Job took by its status.
func took(job *scenario.Job) int {
	status := job.State().Job.Status
	return int(status.CompletionTime.Sub(status.StartTime.Time).Seconds())
}

// twoSeconds lets so much time pass in a pod that what is shown in whole seconds has changed.
func twoSeconds(ctx context.Context, s *scenario.Scenario, pod string) {
	GinkgoHelper()
	_, err := s.Exec(ctx, pod, "sleep", "2")
	Expect(err).NotTo(HaveOccurred())
}

// provesPod asks about the one pod of a Job that is complete, as "kubectl get pods" shows it and as it is.
func provesPod(ctx context.Context, s *scenario.Scenario, job *scenario.Job) {
	GinkgoHelper()
	name := job.State().Job.Name
	out, err := s.Kubectl(ctx, "get", "pods", "-l", "job-name="+name)
	Expect(err).NotTo(HaveOccurred())
	table, err := kubectl.ReadTable(out)
	Expect(err).NotTo(HaveOccurred())

	s.Prove("J-092", table.Column("NAME"), Equal(expect.Names(job.State().Pods)))
	s.Prove("J-093 J-096", table.Rows, HaveEach(And(
		HaveKeyWithValue("READY", "0/1"), HaveKeyWithValue("STATUS", "Completed"), HaveKeyWithValue("RESTARTS", "0"))))
	s.Prove("J-094", table.Column("NAME"), HaveEach(MatchRegexp("^"+name+"-[a-z0-9]{5}$")))
	job.Prove("J-094", expect.EveryPod(HaveField("First().GenerateName", name+"-")))
	job.Prove("J-095", expect.CreatedPods(1), expect.KeptItsPods(), expect.EveryPod(WithTransform(
		func(life history.PodLife) []string { return life.Last().Finalizers }, Not(ContainElement(batchv1.JobTrackingFinalizer)))))
	job.Await(ctx, "J-095", WithTransform(
		func(state history.State) []*corev1.Pod { return state.Pods }, HaveLen(1)))
}
