package queues

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos/pods"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// The tasks of this spec get all the time that they need to end when they are told to stop, and end with success.
var _ = Describe("A pod that is deleted and ends with success on its way out", func() {
	It("has been counted as failed and its task is done twice, unless only failed pods are replaced",
		scenario.Chaos, scenario.Claims("J-038", "J-150"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-2.yaml", jobs.With(unhurried), jobs.With(func(job *batchv1.Job) {
				job.Name = "twice"
			}))
			s.Apply(ctx, "table-17.1.row-2.yaml", jobs.With(unhurried), jobs.With(func(job *batchv1.Job) {
				job.Name, job.Spec.PodReplacementPolicy = "once", new(batchv1.Failed)
			}))
			twice, once := s.Job("twice"), s.Job("once")

			twice.Reach(ctx, expect.RunningPods(1))
			once.Reach(ctx, expect.RunningPods(1))
			first, only := twice.Running()[0], once.Running()[0]
			s.Hit(ctx, pods.Delete(first))
			s.Hit(ctx, pods.Delete(only))

			twice.Await(ctx, "J-038 J-150", expect.TerminatingPods(1), expect.CountsFailed(1))
			once.Await(ctx, "J-150", expect.TerminatingPods(1), expect.CountsFailed(0),
				HaveField("Job.Status.Terminating", HaveValue(BeEquivalentTo(1))))
			Expect(jobs.Release(ctx, s, 0, only)).To(Succeed())
			once.Await(ctx, "J-150", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(1))
			once.Prove("J-150", expect.CreatedPods(1), expect.CountedFailures(0), expect.ThePod(0, expect.Exited("task", 0)))

			// The second run begins while the first one is still at it.
			twice.Within(scenario.Replacement).Await(ctx, "J-038 J-150", expect.RunningPods(1), expect.TerminatingPods(1))
			Expect(jobs.Release(ctx, s, 0, append(twice.Running(), first)...)).To(Succeed())
			twice.Await(ctx, "J-038 J-150", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(1), expect.CountsFailed(1))
			twice.Prove("J-038 J-150", expect.CreatedPods(2), expect.WaitedBeforeReplacing(expect.Backoff),
				expect.EveryPod(expect.Exited("task", 0)), expect.CountedSuccesses(1), expect.CountedFailures(1))
		})
})

// unhurried makes a Job's task one that ends when its gate is opened and not when it is told to stop: the kernel keeps SIGTERM
// from process 1, and its pod may take longer to go than the spec does to open the gate.
func unhurried(job *batchv1.Job) {
	pod := &job.Spec.Template.Spec
	pod.Containers[0].Command = []string{"sh", "-c", `mkfifo /tmp/gate 2> /dev/null; exit "$(cat /tmp/gate)"`}
	pod.TerminationGracePeriodSeconds = new(int64(scenario.Replacement.Limit.Seconds()) * 2)
}
