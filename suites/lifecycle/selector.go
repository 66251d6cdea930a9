package lifecycle

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("The selector of a Job", func() {
	It("is made by Kubernetes and owes nothing to the labels of the template",
		scenario.Claims("J-063", "J-065"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-1.yaml")
			s.Apply(ctx, "table-17.1.row-1.yaml", jobs.With(func(job *batchv1.Job) {
				job.Name = "labelled"
				job.Spec.Template.Labels = map[string]string{"app": "quiz", "task": "init"}
			}))
			without, with := s.Job("neither-set"), s.Job("labelled")

			for _, job := range []*scenario.Job{without, with} {
				job.Await(ctx, "J-063 J-065", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))
				job.Prove("J-063 J-065", expect.SelectedItsOwnPods())
			}
			with.Prove("J-065", expect.EveryPod(HaveField("First().Labels", And(HaveKeyWithValue("app", "quiz"), HaveKeyWithValue("task", "init")))))
			with.Prove("J-065", WithTransform(labels, And(HaveKeyWithValue("app", "quiz"), HaveKeyWithValue("task", "init"))))
			without.Prove("J-065", expect.EveryPod(HaveField("First().Labels", Not(HaveKey("app")))))
		})

	It("can be one's own only if it is said to be",
		scenario.Claims("J-064"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			manifest, err := jobs.Read("selector.manual.yaml")
			Expect(err).NotTo(HaveOccurred())

			s.Prove("J-064", s.Try(ctx, manifest, jobs.With(func(job *batchv1.Job) { job.Spec.ManualSelector = nil })),
				expect.Refused("spec.selector"))
			s.Prove("J-064", s.Try(ctx, manifest, jobs.With(func(job *batchv1.Job) { job.Spec.Selector = nil })),
				expect.Refused("spec.selector"))
			s.Prove("J-064", s.Try(ctx, manifest, jobs.With(func(job *batchv1.Job) { job.Spec.Template.Labels["task"] = "other" })),
				expect.Refused("spec.template.metadata.labels"))
			s.Prove("J-064", s.Try(ctx, manifest, jobs.With(generatedAnyway)), Not(HaveOccurred()))

			s.Apply(ctx, "selector.manual.yaml")
			job := s.Job("own-selector")
			job.Await(ctx, "J-064", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))
			job.Prove("J-064", expect.EveryPod(HaveField("First().Labels", Equal(map[string]string{"task": "own"}))))
		})
})

// generatedAnyway makes the Job select its own name, which Kubernetes puts into its template in any case.
func generatedAnyway(job *batchv1.Job) {
	suspended(job)
	job.Name = "by-name"
	job.Spec.ManualSelector = nil
	job.Spec.Selector = &metav1.LabelSelector{MatchLabels: map[string]string{batchv1.JobNameLabel: job.Name}}
}

func labels(job *history.Job) map[string]string { return job.First().Labels }
