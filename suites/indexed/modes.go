package indexed

import (
	"context"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/images"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("The completion mode", func() {
	It("is one of two, NonIndexed unless the Job says otherwise, or another controller's business",
		scenario.Claims("J-210", "J-211", "J-221"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			manifest, err := jobs.Read("table-17.1.row-2.yaml")
			Expect(err).NotTo(HaveOccurred())
			// A suspended Job is judged like any other and needs no pod for that.
			suspended := func(name string, change func(*batchv1.JobSpec)) scenario.Edit {
				return jobs.With(func(job *batchv1.Job) {
					job.Name, job.Spec.Suspend = name, new(true)
					change(&job.Spec)
				})
			}
			modes := []batchv1.CompletionMode{batchv1.NonIndexedCompletion, batchv1.IndexedCompletion}

			for i, name := range []string{"mode-non-indexed", "mode-indexed"} {
				set := suspended(name, func(spec *batchv1.JobSpec) { spec.CompletionMode = &modes[i] })
				s.Prove("J-210", s.Try(ctx, manifest, set), Succeed())
			}
			third := suspended("mode-third", func(spec *batchv1.JobSpec) {
				spec.CompletionMode = new(batchv1.CompletionMode("Shared"))
			})
			s.Prove("J-210 J-221", s.Try(ctx, manifest, third), expect.Refused("spec.completionMode"))

			unset := suspended("mode-unset", func(spec *batchv1.JobSpec) { spec.CompletionMode = nil })
			s.Prove("J-211", s.Try(ctx, manifest, unset), Succeed())
			s.Prove("J-211", s.Job("mode-unset").History().First().Spec.CompletionMode,
				HaveValue(Equal(batchv1.NonIndexedCompletion)))

			// A Job of another controller is left as it was, while the built-in one finishes a Job that came later.
			s.Prove("J-221", s.Try(ctx, manifest, jobs.With(func(job *batchv1.Job) {
				job.Name, job.Spec.ManagedBy = "managed-elsewhere", new("example.com/another-mode")
			})), Succeed())
			s.Apply(ctx, "table-17.1.row-2.yaml")
			s.Job("one-by-one").Reach(ctx, expect.Condition(batchv1.JobComplete))
			elsewhere := s.Job("managed-elsewhere")
			elsewhere.Prove("J-221", expect.CreatedPods(0))
			s.Prove("J-221", elsewhere.History().Versions(), HaveLen(1))
		})

	It("NonIndexed makes pods that are all alike, and counts how many have succeeded",
		scenario.Claims("J-209", "J-212", "J-214", "J-215", "J-227", "J-228"),
		func(ctx SpecContext) {
			const pods = 3
			s := scenario.Begin(ctx)
			february := render("2")
			Expect(s.Try(ctx, february, withoutScript, jobs.Gated, jobs.With(func(job *batchv1.Job) {
				job.Spec.Completions, job.Spec.Parallelism = new(int32(pods)), new(int32(pods))
			}))).To(Succeed())
			job := s.Job("aggregate-responses-2020-2")

			job.Reach(ctx, expect.RunningPods(pods))
			running := expect.Names(expect.Running(job.State()))
			for _, pod := range running {
				s.Prove("J-212", asked(ctx, s, pod, `$(hostname) and ${`+expect.IndexVariable+`-no index}`), Equal(pod+" and no index"))
				s.Prove("J-228", asked(ctx, s, pod, "$MONTH"), Equal("2"))
			}
			job.Prove("J-209 J-215 J-227 J-228", expect.MadeItsPodsAlike(pods))
			job.Prove("J-212", expect.GaveItsPodsNoIndex())

			Expect(jobs.Release(ctx, s, 0, running[1:]...)).To(Succeed())
			job.Await(ctx, "J-214", expect.CountsSucceeded(pods-1), expect.RunningPods(1))
			job.Prove("J-214", expect.NeverBecame(batchv1.JobSuccessCriteriaMet))
			Expect(jobs.Release(ctx, s, 0, running[0])).To(Succeed())
			job.Await(ctx, "J-214", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(pods))
			job.Prove("J-214", expect.SucceededBefore(batchv1.JobSuccessCriteriaMet, pods), expect.CreatedPods(pods))
		})
})

// asked is what a shell in a pod makes of a text with variables in it.
func asked(ctx context.Context, s *scenario.Scenario, pod, text string) string {
	GinkgoHelper()
	out, err := s.Exec(ctx, pod, "sh", "-c", fmt.Sprintf(`echo "%s"`, text))
	Expect(err).NotTo(HaveOccurred())
	return strings.TrimSpace(out)
}

// withoutScript is an edit for the Jobs that aggregate responses, where a spec is not about the database: nothing is
// mounted from a ConfigMap that is not there, and the image need not be the database's.
var withoutScript = jobs.With(func(job *batchv1.Job) {
	pod := &job.Spec.Template.Spec
	pod.Volumes = nil
	pod.Containers[0].Image, pod.Containers[0].VolumeMounts = images.Busybox, nil
})
