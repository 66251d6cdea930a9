package sharing

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("What a task leaves in its pod", func() {
	It("is lost to the pod that replaces it, and what is on a volume of the pod is kept for a container that is restarted",
		scenario.Claims("J-001", "J-003"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "ephemeral-data.yaml", called("restarted"))
			s.Apply(ctx, "ephemeral-data.yaml", called("replaced"), jobs.With(func(job *batchv1.Job) {
				job.Spec.Template.Spec.RestartPolicy = corev1.RestartPolicyNever
			}))
			s.Apply(ctx, "job.demo-always-fails.yaml", jobs.With(func(job *batchv1.Job) {
				job.Spec.Completions, job.Spec.Parallelism, job.Spec.BackoffLimit = nil, nil, new(int32(0))
				job.Spec.Template.Spec.RestartPolicy = corev1.RestartPolicyNever
			}))
			restarted, replaced, hopeless := s.Job("restarted"), s.Job("replaced"), s.Job("demo-always-fails")

			for _, job := range []*scenario.Job{restarted, replaced} {
				job.Reach(ctx, expect.RunningPods(1))
				Expect(jobs.Release(ctx, s, 3, job.Running()...)).To(Succeed())
			}
			restarted.Await(ctx, "J-003", expect.Restarts(1), expect.RunningPods(1))
			replaced.Within(scenario.Replacement).Await(ctx, "J-001 J-003", expect.FailedPods(1), expect.RunningPods(1))
			for _, job := range []*scenario.Job{restarted, replaced} {
				Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
				job.Await(ctx, "J-001", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))
				job.Prove("J-001", expect.SucceededBefore(batchv1.JobSuccessCriteriaMet, 1), expect.CountedSuccesses(1))
			}
			hopeless.Await(ctx, "J-001", expect.Condition(batchv1.JobFailed))
			hopeless.Prove("J-001", expect.NeverBecame(batchv1.JobComplete), expect.CountedSuccesses(0))

			restarted.Prove("J-003", expect.CreatedPods(1), expect.ThePod(0, expect.Exited("task", 3, 0)),
				expect.ThePod(0, expect.LastWords("task", "emptyDir empty, container empty", "emptyDir kept, container empty")))
			replaced.Prove("J-003", expect.CreatedPods(2), expect.ThePod(0, expect.Exited("task", 3)),
				expect.EveryPod(expect.LastWords("task", "emptyDir empty, container empty")))
		})
})
