package lifecycle

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A pod of several containers", func() {
	It("has completed when all have succeeded but its sidecars",
		scenario.Claims("J-044"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "sidecar.yaml")
			job := s.Job("sidecar")

			job.Reach(ctx, expect.RunningPods(1))
			failed := job.Running()[0]
			letFirstGo(ctx, s, failed)
			job.Await(ctx, "J-044", expect.RunsOnly(failed, "sidecar", "last"))
			Expect(jobs.Release(ctx, s, 3, failed)).To(Succeed())
			job.Await(ctx, "J-044", expect.FailedPods(1))

			job.Within(scenario.Replacement).Reach(ctx, expect.RunningPods(1))
			succeeded := job.Running()[0]
			letFirstGo(ctx, s, succeeded)
			job.Await(ctx, "J-044", expect.RunsOnly(succeeded, "sidecar", "last"))
			Expect(jobs.Release(ctx, s, 0, succeeded)).To(Succeed())
			job.Await(ctx, "J-044", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1), expect.FailedPods(1))

			for name, ended := range map[string]struct {
				with  int32
				phase corev1.PodPhase
			}{failed: {3, corev1.PodFailed}, succeeded: {0, corev1.PodSucceeded}} {
				job.Prove("J-044", expect.PodNamed(name, And(HaveField("Phase", ended.phase),
					expect.Exited("first", 0), expect.Exited("last", ended.with), expect.Exited("sidecar", 3),
					expect.StoppedAfter("sidecar", "last"))))
			}
			job.Prove("J-044", expect.CreatedPods(2), expect.CountedSuccesses(1), expect.CountedFailures(1))
		})
})

// letFirstGo ends the container first of a pod with success, from the other one.
func letFirstGo(ctx SpecContext, s *scenario.Scenario, pod string) {
	GinkgoHelper()
	_, err := s.Exec(ctx, pod, "sh", "-c", "mkfifo /gates/first 2> /dev/null; exec echo 0 > /gates/first")
	Expect(err).NotTo(HaveOccurred())
}
