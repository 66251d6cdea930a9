package indexed

import (
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/e2e-framework/klient/k8s"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/kubectl"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("The index of a pod", func() {
	It("reaches any variable through the Downward API, which cannot add one to it",
		scenario.Claims("J-244", "J-246", "J-250", "J-251", "J-255"),
		func(ctx SpecContext) {
			const file, waiting = "job.aggregate-responses-2021-indexed.yaml", 5
			s := scenario.Begin(ctx)
			manifest, err := jobs.Read(file)
			Expect(err).NotTo(HaveOccurred())
			const annotation = "metadata.annotations['" + batchv1.JobCompletionIndexAnnotation + "']"

			plusOne := s.Try(ctx, manifest, named("arithmetic"), reports(annotation+" + 1"))
			s.Prove("J-251", plusOne, expect.Refused("spec.template.spec.containers[0].env[1].valueFrom.fieldRef.fieldPath"))

			// The first five wait, so that seven of the twelve have succeeded for as long as it takes to look.
			s.Apply(ctx, file, withoutScript, reports(annotation), jobs.GatedBelow(waiting), jobs.With(func(job *batchv1.Job) {
				job.Spec.Parallelism = new(int32(months))
			}))
			job := s.Job("aggregate-responses-2021")
			job.Await(ctx, "J-244", expect.ActivePods(months))
			job.Await(ctx, "J-255", expect.CountsSucceeded(months-waiting), expect.RunningPods(waiting))
			s.Prove("J-255", completions(ctx, s), Equal("7/12"))
			for index := range waiting {
				Expect(jobs.Release(ctx, s, 0, podOf(job, index))).To(Succeed())
			}
			job.Await(ctx, "J-244 J-255", expect.Condition(batchv1.JobComplete))
			s.Prove("J-255", completions(ctx, s), Equal("12/12"))
			job.Prove("J-255", expect.CountedSuccesses(months))

			job.Prove("J-246", expect.ToldItsContainers("updater", expect.Values{
				"year":     func(int) string { return "2021" },
				"computed": func(index int) string { return strconv.Itoa(index + 1) },
			}))
			job.Prove("J-250 J-251", expect.CreatedOnePodForEachIndex(months),
				expect.ToldItsContainers("updater", expect.Values{"month": strconv.Itoa}))
		})
})

// named returns an edit that gives every object of a manifest another name.
func named(name string) scenario.Edit { return func(object k8s.Object) { object.SetName(name) } }

// reports returns an edit by which a Job's pods tell, as their last words, what they know of their index: from their own
// variable MONTH, which has the value of a field of the pod, and from the variable that all indexed pods have.
func reports(field string) scenario.Edit {
	return jobs.With(func(job *batchv1.Job) {
		container := &job.Spec.Template.Spec.Containers[0]
		container.Env = append(container.Env, corev1.EnvVar{
			Name: "MONTH", ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: field}},
		})
		container.Command = []string{"sh", "-c", `{
  echo "year=$YEAR"
  echo "month=$MONTH"
  echo "computed=$((JOB_COMPLETION_INDEX + 1))"
} > /dev/termination-log`}
	})
}

// completions is what kubectl shows of the progress of the Job of 2021.
func completions(ctx SpecContext, s *scenario.Scenario) string {
	GinkgoHelper()
	out, err := s.Kubectl(ctx, "get", "jobs")
	Expect(err).NotTo(HaveOccurred(), out)
	table, err := kubectl.ReadTable(out)
	Expect(err).NotTo(HaveOccurred())
	s.Prove("J-255", table.Columns, Equal([]string{"NAME", "STATUS", "COMPLETIONS", "DURATION", "AGE"}))
	row, err := table.Row("aggregate-responses-2021")
	Expect(err).NotTo(HaveOccurred())
	return row["COMPLETIONS"]
}
