package indexed

import (
	"fmt"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/e2e-framework/klient/k8s"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("An Indexed Job", func() {
	It("gives each of its pods an index of its own, the lowest first, until all have succeeded", scenario.Slow,
		scenario.Claims("J-213", "J-216", "J-217", "J-219", "J-220", "J-241", "J-242", "J-243", "J-245", "J-247", "J-248",
			"J-249", "J-252", "J-253", "J-254", "J-256", "J-257"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "indexed-12-3.yaml", jobs.GatedBelow(3))
			job := s.Job("indexed-12-3")

			// How pods are born is asked of the first three before they have to run, and in the end of all.
			born := func() {
				job.Prove("J-252", expect.TookTheLowestIndexesFirst())
				job.Prove("J-253 J-254", expect.NamedItsPodsByIndex())
				job.Prove("J-213 J-219 J-249", expect.MarkedItsPodsWithTheIndex())
				job.Prove("J-247", expect.AddedTheIndexVariable())
			}
			job.Await(ctx, "J-245", expect.ActivePods(3))
			born()

			// The first three run until all of them do, and then end from the highest to the lowest.
			job.Await(ctx, "J-245 J-252", expect.RunningPods(3))
			for _, index := range []int{2, 1, 0} {
				Expect(jobs.Release(ctx, s, 0, podOf(job, index))).To(Succeed())
			}
			job.Await(ctx, "J-217 J-243 J-257", expect.Condition(batchv1.JobComplete), expect.SucceededPods(12))

			job.Prove("J-216 J-241 J-242", expect.CreatedOnePodForEachIndex(12))
			job.Prove("J-217 J-243 J-257", expect.CompletedIndexes("0-11"), expect.SucceededBefore(batchv1.JobSuccessCriteriaMet, 12))
			job.Prove("J-245", expect.RanAtMost(3), expect.RanAtOnce(3))
			born()
			job.Prove("J-256", expect.OwnedItsPods(), expect.CreatedPods(12))

			hostname := func(index int) string { return fmt.Sprintf("indexed-12-3-%d", index) }
			job.Prove("J-220 J-254", expect.ToldItsContainers("prepare", expect.Values{
				"index": strconv.Itoa, "hostname": hostname,
			}))
			job.Prove("J-220 J-254", expect.ToldItsContainers("task", expect.Values{
				"index": strconv.Itoa, "hostname": hostname,
			}))
			job.Prove("J-219 J-249", expect.ToldItsContainers("task", expect.Values{"annotation": strconv.Itoa}))
			job.Prove("J-248", expect.ToldItsContainers("task", expect.Values{
				"month": func(index int) string { return strconv.Itoa(index + 1) },
			}))
		})

	It("gives the index of a pod that failed to the pod that replaces it",
		scenario.Claims("J-217", "J-218", "J-241", "J-243"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "indexed-12-3.yaml", jobs.Gated, jobs.With(func(job *batchv1.Job) {
				job.Spec.Completions, job.Spec.Parallelism = new(int32(2)), new(int32(2))
			}))
			job := s.Job("indexed-12-3")

			job.Reach(ctx, expect.RunningPods(2))
			lost := podOf(job, 1)
			Expect(jobs.Release(ctx, s, 3, lost)).To(Succeed())
			job.Within(scenario.Replacement).Await(ctx, "J-218 J-241", expect.FailedPods(1), expect.CountsFailed(1), expect.RunningPods(2))
			Expect(jobs.Release(ctx, s, 0, podOf(job, 1), podOf(job, 0))).To(Succeed())
			job.Await(ctx, "J-217 J-243", expect.Condition(batchv1.JobComplete), expect.SucceededPods(2))

			job.Prove("J-218 J-241", expect.CreatedPods(3), expect.ThePod(2, HaveField("Index", 1)), expect.CountedFailures(1))
			job.Prove("J-217 J-243", expect.CompletedIndexes("0,1"), expect.SucceededBefore(batchv1.JobSuccessCriteriaMet, 2))
		})

	It("is refused if its pods could have no index or no hostname",
		scenario.Claims("J-242", "J-254"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			manifest, err := jobs.Read("indexed-12-3.yaml")
			Expect(err).NotTo(HaveOccurred())

			uncounted := s.Try(ctx, manifest, jobs.With(func(job *batchv1.Job) { job.Spec.Completions = nil }))
			s.Prove("J-242", uncounted, expect.Refused("spec.completions"))

			// A name of the longest that a hostname may be leaves no room for an index.
			unnamed := s.Try(ctx, manifest, func(object k8s.Object) {
				object.SetName(strings.Repeat("a", validation.DNS1123LabelMaxLength))
			})
			s.Prove("J-254", unnamed, expect.Refused("metadata.name"))
		})
})

// podOf names the active pod of an index.
func podOf(job *scenario.Job, index int) string {
	GinkgoHelper()
	pods := expect.Names(expect.OfIndex(job.State(), index))
	Expect(pods).To(HaveLen(1), "active pods of index %d", index)
	return pods[0]
}
