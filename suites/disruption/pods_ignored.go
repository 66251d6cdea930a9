package disruption

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos/pods"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A Job that may not fail once", scenario.Chaos, func() {
	It("outlives an eviction that its podFailurePolicy ignores, but neither one that counts nor a plain deletion",
		scenario.Claims("J-038", "J-166", "J-181", "J-195"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "chaos.pods-ignore.yaml", jobs.Gated)
			s.Apply(ctx, "chaos.pods-ignore.yaml", jobs.Gated, named("deleted"))
			s.Apply(ctx, "chaos.pods-ignore.yaml", jobs.Gated, named("counting"), jobs.With(func(job *batchv1.Job) {
				job.Spec.PodFailurePolicy = nil
			}))
			ignoring, deleted, counting := s.Job("ignoring"), s.Job("deleted"), s.Job("counting")

			for _, job := range []*scenario.Job{ignoring, deleted, counting} {
				job.Reach(ctx, expect.RunningPods(1))
			}
			evicted := ignoring.Running()[0]
			s.Hit(ctx, pods.Evict(evicted))
			s.Hit(ctx, pods.Evict(counting.Running()[0]))
			s.Hit(ctx, pods.Delete(deleted.Running()[0]))
			for _, job := range []*scenario.Job{deleted, counting} {
				job.Await(ctx, "J-181 J-195", expect.ConditionBecause(batchv1.JobFailed, batchv1.JobReasonBackoffLimitExceeded),
					expect.CountsFailed(1))
			}
			ignoring.Within(scenario.Replacement).Await(ctx, "J-038 J-166", expect.RunningPods(1), expect.CountsFailed(0))
			Expect(jobs.Release(ctx, s, 0, ignoring.Running()...)).To(Succeed())
			ignoring.Await(ctx, "J-166", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(1))

			ignoring.Prove("J-038 J-166", expect.CreatedPods(2), expect.PodNamed(evicted, expect.DisruptedBy(evictedByAPI)),
				expect.CountedFailures(0), expect.CountedSuccesses(1), expect.HadAtMostUnended(1))
			counting.Prove("J-181 J-195", expect.CreatedPods(1), expect.CountedFailures(1), expect.ThePod(0, expect.DisruptedBy(evictedByAPI)))
			deleted.Prove("J-181 J-195", expect.CreatedPods(1), expect.CountedFailures(1), expect.ThePod(0, Not(expect.DisruptedBy(evictedByAPI))))
		})
})

// named returns an edit that names a Job.
func named(name string) scenario.Edit { return jobs.With(func(job *batchv1.Job) { job.Name = name }) }
