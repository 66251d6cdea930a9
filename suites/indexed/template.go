package indexed

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	"sigs.k8s.io/e2e-framework/klient/decoder"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// months is how many Jobs, or indexes, a year takes.
const months = 12

var _ = Describe("Jobs made from a template", func() {
	It("differ in what was filled in, and run at the same time", scenario.Slow,
		scenario.Claims("J-228", "J-229", "J-233", "J-234", "J-235", "J-237", "J-238", "J-240"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			var rendered []*batchv1.Job
			for month := 1; month <= months; month++ {
				rendered = append(rendered, read(render(strconv.Itoa(month)))...)
			}
			for i, job := range rendered {
				s.Prove("J-229 J-233", month(job), Equal(strconv.Itoa(i+1)))
				s.Prove("J-229", filledIn(job, "1"), Equal(rendered[0]))
			}

			// MONTH is also the name of a variable, and the underscores are no part of it.
			template, err := jobs.Read("job.aggregate-responses-2020.tmpl.yaml")
			Expect(err).NotTo(HaveOccurred())
			careless := bytes.ReplaceAll(template, []byte("MONTH"), []byte("1"))
			out, err := s.KubectlReading(ctx, careless, "apply", "--dry-run=server", "-f", "-")
			s.Prove("J-233", err, HaveOccurred())
			s.Prove("J-233", out, ContainSubstring("EnvVar.spec.template.spec.containers.env.name"))
			s.Prove("J-233", string(careless), ContainSubstring("name: aggregate-responses-2020-__1__"))

			file := "job.aggregate-responses-2020.generated.yaml"
			manifest, err := jobs.Read(file)
			Expect(err).NotTo(HaveOccurred())
			out, err = s.KubectlReading(ctx, manifest, "apply", "--dry-run=server", "-f", "-")
			Expect(err).NotTo(HaveOccurred(), out)
			s.Prove("J-234", strings.Split(strings.TrimSpace(out), "\n"), Equal(created(" (server dry run)")))
			generated := read(manifest)
			s.Prove("J-234", generated, HaveLen(len(rendered)))
			for i, job := range generated {
				s.Prove("J-234 J-237", job.Labels, HaveKeyWithValue("app", "aggregate-responses"))
				s.Prove("J-237", rendered[i].Labels, BeEmpty())
				job.Labels = nil
				s.Prove("J-234", job, Equal(rendered[i]))
			}

			s.Apply(ctx, file, withoutScript, jobs.Gated)
			s.Objects().Await(ctx, "J-240", WithTransform(runningJobs, HaveLen(months)))
			for month := 1; month <= months; month++ {
				pods := expect.Names(expect.Running(s.Job(name(month)).State()))
				s.Prove("J-235", pods, HaveLen(1))
				s.Prove("J-228 J-229 J-238", asked(ctx, s, pods[0], "$MONTH"), Equal(strconv.Itoa(month)))
				Expect(jobs.Release(ctx, s, 0, pods...)).To(Succeed())
			}
			for month := 1; month <= months; month++ {
				job := s.Job(name(month))
				job.Await(ctx, "J-235", expect.Condition(batchv1.JobComplete))
				job.Prove("J-235", expect.CreatedPods(1))
			}

			// A value may be any text, and there may be as many as the template has places for.
			const city = "New York, NY"
			Expect(s.Try(ctx, render("spring"), withoutScript, jobs.Gated, jobs.With(func(job *batchv1.Job) {
				job.Spec.Template.Spec.Containers[0].Env[0].Value = city
			}))).To(Succeed())
			spring := s.Job("aggregate-responses-2020-spring")
			spring.Await(ctx, "J-238", expect.RunningPods(1))
			pod := expect.Names(expect.Running(spring.State()))[0]
			s.Prove("J-238", asked(ctx, s, pod, "$MONTH in $YEAR"), Equal("spring in "+city))

			// The deletion by label takes those of the file, and leaves the one of the template.
			out, err = s.Kubectl(ctx, "delete", "jobs", "-l", "app=aggregate-responses")
			Expect(err).NotTo(HaveOccurred())
			s.Prove("J-237", strings.Count(out, " deleted"), Equal(months))
			s.Objects().Await(ctx, "J-237", WithTransform((*history.Live).Jobs, ConsistOf(HaveField("Name", spring.History().Name))))
		})
})

// render fills in the template of the Jobs that process 2020, as the documents do: sed -e "s/__MONTH__/$month/g".
func render(month string) []byte {
	GinkgoHelper()
	template, err := jobs.Read("job.aggregate-responses-2020.tmpl.yaml")
	Expect(err).NotTo(HaveOccurred())
	return bytes.ReplaceAll(template, []byte("__MONTH__"), []byte(month))
}

// name is the name of the Job of a month of 2020.
func name(month int) string { return fmt.Sprintf("aggregate-responses-2020-%d", month) }

// created is what kubectl says of twelve Jobs that it has created.
func created(ending string) []string {
	var lines []string
	for month := 1; month <= months; month++ {
		lines = append(lines, fmt.Sprintf("job.batch/%s created%s", name(month), ending))
	}
	return lines
}

// read decodes the Jobs of a manifest.
func read(manifest []byte) []*batchv1.Job {
	GinkgoHelper()
	objects, err := decoder.DecodeAll(GinkgoT().Context(), bytes.NewReader(manifest))
	Expect(err).NotTo(HaveOccurred())
	var decoded []*batchv1.Job
	for _, object := range objects {
		decoded = append(decoded, object.(*batchv1.Job))
	}
	return decoded
}

// month is the value of the variable MONTH in a Job's template.
func month(job *batchv1.Job) string {
	for _, env := range job.Spec.Template.Spec.Containers[0].Env {
		if env.Name == "MONTH" {
			return env.Value
		}
	}
	return "unset"
}

// filledIn returns a Job of the template with another value in both places.
func filledIn(job *batchv1.Job, value string) *batchv1.Job {
	other := job.DeepCopy()
	other.Name = strings.TrimSuffix(other.Name, month(job)) + value
	env := other.Spec.Template.Spec.Containers[0].Env
	for i := range env {
		if env[i].Name == "MONTH" {
			env[i].Value = value
		}
	}
	return other
}

// runningJobs names the Jobs that have a running pod at this moment.
func runningJobs(live *history.Live) []string {
	var names []string
	for _, job := range live.Jobs() {
		if len(expect.Running(live.State(job.Name, string(job.UID)))) > 0 {
			names = append(names, job.Name)
		}
	}
	slices.Sort(names)
	return names
}
