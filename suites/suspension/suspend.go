package suspension

import (
	"context"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// promptly is the upper bound of what the documents call "as soon as". The Job controller acts on a new Job at once
// (enqueueSyncJobImmediately in pkg/controller/job/job_controller.go); the rest is for a machine that is busy with other
// specs.
const promptly = 30 * time.Second

var _ = Describe("A suspended Job", func() {
	It("has no pod until it is resumed, and none again when it is suspended while it runs",
		scenario.Claims("J-102", "J-103", "J-104", "J-105", "J-106", "J-107", "J-108", "J-109", "J-110", "J-111",
			"J-112", "J-113", "J-114", "J-115"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "job.demo-suspend.yaml")
			job := s.Job("demo-suspend")

			job.Await(ctx, "J-102 J-103", expect.ConditionBecause(batchv1.JobSuspended, "JobSuspended"),
				expect.NoStartTime(), expect.NoPods())
			job.Await(ctx, "J-105", expect.Event("Normal", "Suspended", "Job suspended"))
			s.Prove("J-104", kubectl(ctx, s, "get", "pods", "-l", "job-name=demo-suspend"),
				Equal("No resources found in "+s.Namespace()+" namespace."))
			s.Prove("J-106", kubectl(ctx, s, "get", "events"), ContainSubstring("Job suspended"))
			s.Prove("J-106", kubectl(ctx, s, "describe", "job", "demo-suspend"), ContainSubstring("Job suspended"))

			s.Prove("J-107", patch(ctx, s, `{"spec":{"suspend": false}}`), Equal("job.batch/demo-suspend patched"))
			job.Await(ctx, "J-107 J-108", expect.RunningPods(1))
			job.Await(ctx, "J-109", expect.NoConditionBecause(batchv1.JobSuspended, "JobResumed"), expect.StartTime(),
				expect.Event("Normal", "Resumed", "Job resumed"))

			// startTime has whole seconds: two of them make sure that the next one can be told from the first.
			first := expect.Running(job.State())[0].Name
			_, err := s.Exec(ctx, first, "sleep", "2")
			Expect(err).NotTo(HaveOccurred())

			s.Prove("J-111", patch(ctx, s, `{"spec":{"suspend": true}}`), Equal("job.batch/demo-suspend patched"))
			job.Await(ctx, "J-110 J-111 J-112", expect.ConditionBecause(batchv1.JobSuspended, "JobSuspended"),
				expect.NoStartTime(), expect.ActivePods(0))
			job.Await(ctx, "J-113", expect.Events(2, "Normal", "Suspended", "Job suspended"))

			patch(ctx, s, `{"spec":{"suspend": false}}`)
			job.Await(ctx, "J-115", expect.NoConditionBecause(batchv1.JobSuspended, "JobResumed"), expect.StartTime(),
				expect.RunningPods(1))

			job.Prove("J-104 J-108", expect.CreatedNoPodWhileSuspended(), expect.CreatedPods(2))
			job.Prove("J-102 J-109 J-115", expect.StartedAnewOnEachResume(), expect.ConditionWent(batchv1.JobSuspended,
				"True JobSuspended", "False JobResumed", "True JobSuspended", "False JobResumed"))
			job.Prove("J-112", expect.HadNoActivePodWhen(batchv1.JobSuspended), expect.CountedFailures(0))
			job.Prove("J-114", expect.PodNamed(first, expect.WasDeletedWithGrace(corev1.DefaultTerminationGracePeriodSeconds)))
		})

	It("keeps what it has achieved, stops the rest gracefully, and completes when it is resumed",
		scenario.Claims("J-101", "J-110", "J-112", "J-114", "J-115"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "job.demo-suspend.yaml", jobs.Gated, jobs.With(func(job *batchv1.Job) {
				job.Spec.Suspend = nil
				job.Spec.Completions, job.Spec.Parallelism = new(int32(2)), new(int32(2))
			}))
			job := s.Job("demo-suspend")

			job.Await(ctx, "J-101", expect.RunningPods(2))
			pods := expect.Names(expect.Running(job.State()))
			done, stopped := pods[0], pods[1]
			Expect(jobs.Release(ctx, s, 0, done)).To(Succeed())
			job.Reach(ctx, expect.CountsSucceeded(1), expect.RunningPods(1))

			job.Suspend(ctx)
			job.Await(ctx, "J-110 J-112", expect.ConditionBecause(batchv1.JobSuspended, "JobSuspended"),
				expect.SucceededPods(1), expect.CountsSucceeded(1), expect.ActivePods(0), expect.TerminatingPods(0))

			job.Resume(ctx)
			job.Await(ctx, "J-115", expect.RunningPods(1))
			Expect(jobs.Release(ctx, s, 0, expect.Names(expect.Running(job.State()))...)).To(Succeed())
			job.Await(ctx, "J-115", expect.Condition(batchv1.JobComplete), expect.SucceededPods(2))

			job.Prove("J-101", expect.CreatedItsFirstPodWithin(promptly))
			job.Prove("J-112", expect.HadNoActivePodWhen(batchv1.JobSuspended), expect.CountedFailures(0),
				expect.CountedSuccesses(2), expect.CreatedPods(3), expect.PodNamed(done, expect.WasNotDeleted()))
			job.Prove("J-114", expect.PodNamed(stopped, expect.Exited("demo", jobs.Stopped)),
				expect.PodNamed(stopped, expect.LastWords("demo", jobs.Told)))
		})
})

// patch patches the Job as the documents do, and returns what kubectl says to it.
func patch(ctx context.Context, s *scenario.Scenario, patch string) string {
	GinkgoHelper()
	return kubectl(ctx, s, "patch", "job", "demo-suspend", "-p", patch)
}

// kubectl returns what kubectl prints, without the last line break.
func kubectl(ctx context.Context, s *scenario.Scenario, args ...string) string {
	GinkgoHelper()
	out, err := s.Kubectl(ctx, args...)
	Expect(err).NotTo(HaveOccurred())
	return strings.TrimSpace(out)
}
