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

var _ = Describe("The restart policy of a Job's pods", func() {
	It("is OnFailure or Never, and must be given",
		scenario.Claims("J-061", "J-062"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			manifest, err := jobs.Read("table-17.1.row-1.yaml")
			Expect(err).NotTo(HaveOccurred())
			refused := expect.Refused("spec.template.spec.restartPolicy")

			s.Prove("J-061", s.Try(ctx, manifest, policy("always", corev1.RestartPolicyAlways)), refused)
			s.Prove("J-062", s.Try(ctx, manifest, policy("unset", "")), refused)
			s.Prove("J-062", s.Try(ctx, manifest, policy("on-failure", corev1.RestartPolicyOnFailure)), Not(HaveOccurred()))
			s.Prove("J-062", s.Try(ctx, manifest, policy("never", corev1.RestartPolicyNever)), Not(HaveOccurred()))
		})
})

// policy gives the Job of a manifest a name and a restart policy. It is suspended, for no pod has to run.
func policy(name string, policy corev1.RestartPolicy) scenario.Edit {
	return jobs.With(func(job *batchv1.Job) {
		suspended(job)
		job.Name, job.Spec.Template.Spec.RestartPolicy = name, policy
	})
}
