package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	gomegatypes "github.com/onsi/gomega/types"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/e2e-framework/klient/k8s"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// Where the fields of a table are, in a JSON pointer.
const (
	inSpec      = "/spec/"
	inTemplate  = "/spec/template/"
	inContainer = "/spec/template/spec/containers/0/"
)

var _ = Describe("What can be changed of a Job", func() {
	It("that runs is how it goes on, and nothing in its template",
		scenario.Claims("J-048", "J-049"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-2.yaml", jobs.Gated, jobs.With(neverRestarting))
			job := s.Job("one-by-one")
			job.Reach(ctx, expect.RunningPods(1))

			runs := examine(ctx, s, "one-by-one", "a running Job")
			runs.try(ctx, "J-049", inSpec, specFields)
			runs.try(ctx, "J-048", inTemplate, templateFields)
			runs.try(ctx, "J-048", inContainer, containerFields)
			runs.try(ctx, "J-049", inSpec, []field{{"suspend", `true`, always}})
			job.Await(ctx, "J-049", expect.Condition(batchv1.JobSuspended), expect.ActivePods(0), expect.TerminatingPods(0))

			// The documents set Jobs apart from Deployments, whose template can be changed.
			s.Apply(ctx, "contrast.deployment.yaml", withoutReplicas)
			_, err := s.Clients().AppsV1().Deployments(s.Namespace()).Patch(ctx, "contrast", types.JSONPatchType,
				[]byte(add(inContainer+"image", `"busybox:other"`)), metav1.PatchOptions{})
			s.Prove("J-048", err, Not(HaveOccurred()))
		})

	It("that is suspended is also where its pods may run, what they ask for and how they are labelled",
		scenario.Claims("J-048", "J-049"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-2.yaml", jobs.Gated, jobs.With(neverRestarting), jobs.With(suspended))
			job := s.Job("one-by-one")
			job.Reach(ctx, expect.Condition(batchv1.JobSuspended))

			waits := examine(ctx, s, "one-by-one", "a suspended Job")
			waits.try(ctx, "J-049", inSpec, specFields)
			waits.try(ctx, "J-048", inTemplate, templateFields)
			waits.try(ctx, "J-048", inContainer, containerFields)
			waits.try(ctx, "J-048", inTemplate, []field{{"spec/schedulingGates", `[]`, whileSuspended}}) // or the pod never runs
			waits.try(ctx, "J-049", inSpec, []field{{"suspend", `false`, always}})
			job.Await(ctx, "J-048", expect.RunningPods(1))
			job.Prove("J-048", expect.EveryPod(WithTransform(placed, Equal(placing{
				label: "yes", annotation: "yes", selector: "linux", affine: "linux", tolerated: "example.com/other", cpu: "2m",
			}))))

			// It makes no difference that it has run, once it is suspended again and its pod is gone.
			job.Suspend(ctx)
			job.Reach(ctx, expect.Condition(batchv1.JobSuspended), expect.ActivePods(0), expect.TerminatingPods(0))
			waits = examine(ctx, s, "one-by-one", "a Job that is suspended again")
			waits.try(ctx, "J-048", inTemplate, []field{
				{"metadata/labels/changed", `"again"`, whileSuspended},
				{"spec/nodeSelector", `{}`, whileSuspended},
				{"spec/restartPolicy", `"OnFailure"`, never},
			})
			waits.try(ctx, "J-048", inContainer, []field{
				{"resources", `{"requests": {"cpu": "1m", "memory": "4Mi"}}`, whileSuspended},
				{"image", `"busybox:other"`, never},
			})
		})

	It("that is Indexed is also its completions, together with its parallelism",
		scenario.Claims("J-049"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-2.yaml", jobs.With(indexed), jobs.With(suspended))
			s.Apply(ctx, "table-17.1.row-2.yaml", jobs.Gated, jobs.With(indexed), jobs.With(func(job *batchv1.Job) { job.Name = "running" }))
			s.Job("one-by-one").Reach(ctx, expect.Condition(batchv1.JobSuspended))
			s.Job("running").Reach(ctx, expect.RunningPods(1))

			for _, indexed := range []*patient{
				examine(ctx, s, "running", "a running Indexed Job"), examine(ctx, s, "one-by-one", "a suspended Indexed Job"),
			} {
				indexed.try(ctx, "J-049", inSpec, indexedFields)
				indexed.patch(ctx, "J-049", "completions alone", add("/spec/completions", `2`),
					expect.Fixed("spec.completions", "can only be modified in tandem with spec.parallelism"))
				indexed.patch(ctx, "J-049", "completions with parallelism", add("/spec/completions", `2`, "/spec/parallelism"),
					expect.Changeable())
			}
			s.Job("running").Await(ctx, "J-049", expect.RunningPods(2))
		})
})

// patient is a Job whose fields are given other values, to see which of them it takes.
type patient struct {
	s         *scenario.Scenario
	is        string // what stands in a failure: "a running Job"
	suspended bool
	now       *batchv1.Job
}

func examine(ctx context.Context, s *scenario.Scenario, name, is string) *patient {
	GinkgoHelper()
	job, err := s.Clients().BatchV1().Jobs(s.Namespace()).Get(ctx, name, metav1.GetOptions{})
	Expect(err).NotTo(HaveOccurred())
	return &patient{s: s, is: is, suspended: *job.Spec.Suspend, now: job}
}

// try gives each field of a table its value, and proves that the Job takes it if it may and refuses it if not. The API
// server compares templates as a whole, and of that of a suspended Job only the spec.
func (p *patient) try(ctx context.Context, claims, in string, fields []field) {
	GinkgoHelper()
	for _, field := range fields {
		fixed := "spec." + field.path
		switch {
		case in != inSpec && p.suspended:
			fixed = "spec.template.spec"
		case in != inSpec:
			fixed = "spec.template"
		}
		takes := expect.Changeable()
		if field.may == never || field.may == whileSuspended && !p.suspended {
			takes = expect.Fixed(fixed, "field is immutable")
		}
		p.patch(ctx, claims, strings.TrimPrefix(in, inSpec)+field.path, add(in+field.path, field.value), takes)
	}
}

func (p *patient) patch(ctx context.Context, claims, name, patch string, takes gomegatypes.GomegaMatcher) {
	GinkgoHelper()
	tried := expect.Attempt{Field: name, Of: p.is, Before: p.now}
	tried.After, tried.Err = p.s.Clients().BatchV1().Jobs(p.s.Namespace()).
		Patch(ctx, p.now.Name, types.JSONPatchType, []byte(patch), metav1.PatchOptions{})
	var refusal apierrors.APIStatus
	if tried.Err != nil && !errors.As(tried.Err, &refusal) {
		Expect(tried.Err).NotTo(HaveOccurred())
	}
	p.s.Prove(claims, tried, takes)
	if tried.Err == nil {
		p.now = tried.After
	}
}

// add is a JSON patch that gives fields a value, whether or not they have one.
func add(path, value string, others ...string) string {
	patch := fmt.Sprintf(`{"op": "add", "path": %q, "value": %s}`, path, value)
	for _, path := range others {
		patch += fmt.Sprintf(`, {"op": "add", "path": %q, "value": %s}`, path, value)
	}
	return "[" + patch + "]"
}

// placing is what can be changed in the template of a suspended Job, as its pod has it.
type placing struct{ label, annotation, selector, affine, tolerated, cpu string }

func placed(life history.PodLife) placing {
	pod := life.First()
	placed := placing{
		label: pod.Labels["changed"], annotation: pod.Annotations["example.com/changed"],
		selector: pod.Spec.NodeSelector[corev1.LabelOSStable], cpu: pod.Spec.Containers[0].Resources.Requests.Cpu().String(),
	}
	if affinity := pod.Spec.Affinity; affinity != nil && affinity.NodeAffinity != nil {
		terms := affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms
		placed.affine = terms[0].MatchExpressions[0].Values[0]
	}
	for _, toleration := range pod.Spec.Tolerations {
		if toleration.Key == "example.com/other" {
			placed.tolerated = toleration.Key
		}
	}
	return placed
}

// neverRestarting makes the Job one that may have a podFailurePolicy.
func neverRestarting(job *batchv1.Job) {
	job.Spec.Template.Spec.RestartPolicy = corev1.RestartPolicyNever
}

func suspended(job *batchv1.Job) { job.Spec.Suspend = new(true) }

func indexed(job *batchv1.Job) {
	neverRestarting(job)
	job.Spec.CompletionMode = new(batchv1.IndexedCompletion)
	job.Spec.BackoffLimitPerIndex = new(int32(1))
}

// withoutReplicas makes a Deployment start no pod.
func withoutReplicas(object k8s.Object) { object.(*appsv1.Deployment).Spec.Replicas = new(int32(0)) }
