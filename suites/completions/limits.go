package completions

import (
	"context"
	"fmt"
	"math"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/jobproof/jobproof/fixtures/images"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// What the API server accepts at most (pkg/apis/batch/validation/validation.go).
const (
	mostInParallel     = 100_000 // parallelism of an Indexed Job
	mostWithoutBounds  = 100_000 // completions with a backoffLimitPerIndex, before the next two are bounded
	mostBesideTheseRun = 10_000  // parallelism with more completions than that
	mostBesideTheseEnd = 10_000  // maxFailedIndexes with more completions than that
)

var _ = Describe("The values of completions and parallelism", func() {
	It("end where 32 bits do, and earlier in Indexed Jobs",
		scenario.Claims("J-137"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)

			// All are suspended: it is the API server that is asked, and nobody wants these pods.
			accepts := func(name string, completions, parallelism int32, edits ...scenario.Edit) {
				GinkgoHelper()
				s.Prove("J-137", try(ctx, s, name, completions, parallelism, edits...), BeNil())
				job := s.Job(name)
				job.Await(ctx, "J-137", expect.ConditionBecause(batchv1.JobSuspended, "JobSuspended"))
				job.Prove("J-137", expect.AskedFor(completions, parallelism))
			}
			refuses := func(field string, completions, parallelism int32, edits ...scenario.Edit) {
				GinkgoHelper()
				s.Prove("J-137", try(ctx, s, "refused", completions, parallelism, edits...), expect.Refused(field))
			}

			accepts("most", math.MaxInt32, math.MaxInt32)
			for _, field := range []string{"completions", "parallelism"} {
				s.Prove("J-137", beyond32Bits(ctx, s, field), MatchError(apierrors.IsBadRequest, field+" is decoded to a number of 32 bits"))
			}

			accepts("most-indexed", math.MaxInt32, mostInParallel, indexed)
			refuses("spec.parallelism", math.MaxInt32, mostInParallel+1, indexed)

			accepts("most-by-index", mostWithoutBounds, mostBesideTheseRun+1, indexed, limitedByIndex)
			refuses("spec.maxFailedIndexes", mostWithoutBounds+1, mostBesideTheseRun, indexed, limitedByIndex)
			accepts("more-by-index", mostWithoutBounds+1, mostBesideTheseRun, indexed, limitedByIndex, failingAtMost(mostBesideTheseEnd))
			refuses("spec.maxFailedIndexes", mostWithoutBounds+1, mostBesideTheseRun, indexed, limitedByIndex, failingAtMost(mostBesideTheseEnd+1))
			refuses("spec.parallelism", mostWithoutBounds+1, mostBesideTheseRun+1, indexed, limitedByIndex, failingAtMost(mostBesideTheseEnd))
		})

	It("do not make more pods run than there is room for",
		scenario.Claims("J-138"),
		func(ctx SpecContext) {
			const completions = 3
			s := scenario.Begin(ctx)
			s.Crowds()
			if len(s.OpenNodes()) == 0 {
				s.CannotShow("the cluster is too small: it has no node that takes any pod")
			}
			s.Apply(ctx, "table-17.1.row-4.yaml", jobs.Gated, fillingANode(s), jobs.With(func(job *batchv1.Job) {
				job.Spec.Completions, job.Spec.Parallelism = new(int32(completions)), new(int32(completions))
			}))
			job := s.Job("two-at-a-time")

			for ended := range completions {
				job.Await(ctx, "J-138", expect.RunningPods(1), expect.SucceededPods(ended),
					expect.UnschedulablePods(completions-ended-1))
				Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			}
			job.Await(ctx, "J-138", expect.Condition(batchv1.JobComplete), expect.SucceededPods(completions))

			job.Prove("J-138", expect.CreatedPods(completions), expect.ScheduledAsOthersEnded(1), Not(expect.RanAtOnce(2)))
		})
})

// try creates a suspended Job with these figures, and returns what the API server has against it.
func try(ctx context.Context, s *scenario.Scenario, name string, completions, parallelism int32, edits ...scenario.Edit) error {
	GinkgoHelper()
	manifest, err := jobs.Read("table-17.1.row-4.yaml")
	Expect(err).NotTo(HaveOccurred())
	return s.Try(ctx, manifest, append(edits, jobs.With(func(job *batchv1.Job) {
		job.Name = name
		job.Spec.Suspend = new(true)
		job.Spec.Completions, job.Spec.Parallelism = &completions, &parallelism
	}))...)
}

var (
	indexed = jobs.With(func(job *batchv1.Job) {
		job.Spec.CompletionMode = new(batchv1.IndexedCompletion)
	})
	limitedByIndex = jobs.With(func(job *batchv1.Job) {
		job.Spec.BackoffLimitPerIndex = new(int32(1))
	})
)

func failingAtMost(indexes int32) scenario.Edit {
	return jobs.With(func(job *batchv1.Job) { job.Spec.MaxFailedIndexes = &indexes })
}

// beyond32Bits sends the API server a Job in which a field is one more than 32 bits can say, which no typed client can,
// and returns its answer.
func beyond32Bits(ctx context.Context, s *scenario.Scenario, field string) error {
	const manifest = `{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"refused"},"spec":{"suspend":true,"%s":2147483648,` +
		`"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"task","image":"%s"}]}}}}`
	return s.Clients().BatchV1().RESTClient().Post().Namespace(s.Namespace()).Resource("jobs").
		SetHeader("Content-Type", "application/json").Body(fmt.Appendf(nil, manifest, field, images.Busybox)).Do(ctx).Error()
}

// fillingANode returns an edit that binds a Job's pods to one node, and makes each request more than half of the CPU that
// pods can have there: there is room for one.
func fillingANode(s *scenario.Scenario) scenario.Edit {
	node := s.OpenNodes()[0]
	cpu := resource.NewMilliQuantity(node.Status.Allocatable.Cpu().MilliValue()/2+1, resource.DecimalSI)
	return jobs.With(func(job *batchv1.Job) {
		pod := &job.Spec.Template.Spec
		pod.NodeSelector = map[string]string{corev1.LabelHostname: node.Labels[corev1.LabelHostname]}
		pod.Containers[0].Resources.Requests[corev1.ResourceCPU] = *cpu
	})
}
