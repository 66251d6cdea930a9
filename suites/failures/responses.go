package failures

import (
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/kubectl"
	"github.com/jobproof/jobproof/suites/quiz"
	"github.com/jobproof/jobproof/suites/scenario"
)

// aMinuteOrTwo is what the documents say that generate-responses takes with the policy Never. The two of them are doubled
// for a machine that is busy with other specs, and one is for starting the database's shell seven times on it.
const aMinuteOrTwo = 5 * time.Minute

var _ = Describe("A Job of which a quarter of the runs fails", func() {
	It("takes another pod for each of them when the policy is Never", scenario.Slow,
		scenario.Claims("J-159", "J-176", "J-177", "J-178", "J-179", "J-180", "J-182"),
		func(ctx SpecContext) {
			const completions = 5
			s := scenario.Begin(ctx)
			db := quiz.Start(ctx, s)
			job := s.Job("generate-responses")

			// The Job as it was before, but for its pods.
			s.Apply(ctx, "job.generate-responses.yaml", quiz.Here(s), jobs.With(func(job *batchv1.Job) {
				job.Spec.Parallelism = new(int32(0))
			}))
			const never = `{"spec":{"template":{"spec":{"restartPolicy":"Never"}}}}`
			_, err := s.Clients().BatchV1().Jobs(s.Namespace()).Patch(ctx, "generate-responses", types.StrategicMergePatchType,
				[]byte(never), metav1.PatchOptions{})
			s.Prove("J-176", err, expect.Refused("spec.template"))
			job.Delete(ctx)
			job.Await(ctx, "J-176", expect.NoJob())

			s.Apply(ctx, "job.generate-responses.restartPolicyNever.yaml", quiz.Here(s))
			job.Within(scenario.Replacement).Await(ctx, "J-177", expect.Condition(batchv1.JobComplete), expect.SucceededPods(completions))
			job.Prove("J-176", HaveField("First().Spec.Template.Spec.RestartPolicy", corev1.RestartPolicyNever))

			// A busy machine may also fail to start a container, whose pod then has no run: that is a failed pod more.
			runs := db.Runs(ctx)
			failed := inPhase(job, corev1.PodFailed)
			s.Prove("J-159", quiz.Numbers(runs, quiz.Run.Failed), Equal(quiz.Doomed))
			s.Prove("J-159 J-177", quiz.Numbers(runs, quiz.Run.Succeeded), HaveLen(completions))
			s.Prove("J-159 J-177", len(failed), BeNumerically(">=", len(quiz.Doomed)))
			job.Prove("J-159 J-177", expect.CreatedPods(completions+len(failed)), expect.CountedFailures(int32(len(failed))))
			job.Prove("J-159", expect.EveryPod(HaveField("Restarts()", BeZero())))
			job.Prove("J-177", expect.BecameAfterRunning(batchv1.JobComplete, 0, aMinuteOrTwo), expect.CountedSuccesses(completions))

			shown := kubectl.Get(ctx, s, "po", "-l", "job-name=generate-responses")
			s.Prove("J-178 J-179", statuses(shown, failedIn(runs)), HaveEach("Error"))
			s.Prove("J-178", shown.Restarts(), HaveEach(0))
			s.Prove("J-179", statuses(shown, inPhase(job, corev1.PodSucceeded)), HaveEach("Completed"))
			s.Prove("J-179", statuses(shown, inPhase(job, corev1.PodSucceeded)), HaveLen(completions))
			s.Prove("J-180", kubectl.Describe(ctx, s, "job", "generate-responses").ValueOf("Pods Statuses"),
				Equal(fmt.Sprintf("0 Active (0 Ready) / %d Succeeded / %d Failed", completions, len(shown.Rows)-completions)))

			out, err := s.Kubectl(ctx, "delete", "job", "generate-responses")
			s.Prove("J-182", err, BeNil())
			s.Prove("J-182", out, HavePrefix(`job.batch "generate-responses" deleted`))
			job.Await(ctx, "J-182", expect.NoJob(), expect.NoPods())
		})
})

// inPhase names the pods of a Job that are in a phase.
func inPhase(job *scenario.Job, phase corev1.PodPhase) []string {
	var names []string
	for _, pod := range job.State().Pods {
		if pod.Status.Phase == phase {
			names = append(names, pod.Name)
		}
	}
	return names
}

// failedIn names the pods of the runs that failed.
func failedIn(runs []quiz.Run) []string {
	var pods []string
	for _, run := range runs {
		if run.Failed() {
			pods = append(pods, run.Pod)
		}
	}
	return pods
}

// statuses returns what stands below STATUS for pods of these names.
func statuses(pods kubectl.Table, names []string) []string {
	GinkgoHelper()
	var cells []string
	for _, name := range names {
		cells = append(cells, pods.MustRow(name)["STATUS"])
	}
	return cells
}
