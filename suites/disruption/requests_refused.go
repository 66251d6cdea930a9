package disruption

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos/requests"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A Job whose controller is refused for a while", scenario.Chaos, func() {
	It("to change pods, waits with the count and is complete afterwards",
		scenario.Claims("J-135", "J-166"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "chaos.req-pair.yaml")
			job := s.Job("req-pair")
			job.Reach(ctx, expect.RunningPods(2))

			heal := s.Hit(ctx, requests.Refuse(requests.PodUpdates, ""))
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-166", expect.SucceededPods(2), expect.Uncounted(2, 0), expect.HeldPods(2))
			tries(ctx, s, 2, "patch pods", "req-pair-")
			job.Await(ctx, "J-135", Not(expect.Condition(batchv1.JobComplete)), expect.CountsSucceeded(0), expect.HeldPods(2))
			heal(ctx)
			job.Await(ctx, "J-135 J-166", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(2), expect.HeldPods(0))

			job.Prove("J-166", expect.CreatedPods(2), expect.CountedEachPodOnce())
			job.Prove("J-135", expect.CountedSuccesses(2), expect.CountedFailures(0), expect.NeverBecame(batchv1.JobFailed))
		})

	It("to make pods, by a policy or for want of quota, makes them afterwards",
		scenario.Claims("J-101", "J-166"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			heal := s.Hit(ctx, requests.Refuse(requests.PodCreations, ""))
			s.Apply(ctx, "chaos.req-pair.yaml")
			job, late := s.Job("req-pair"), s.Job("late")
			job.Await(ctx, "J-166", expect.Warned(2, "FailedCreate", "chaos: refuse-pod-creations"), expect.ActivePods(0))
			heal(ctx)
			job.Await(ctx, "J-101", expect.RunningPods(2))

			heal = s.Hit(ctx, requests.ExhaustQuota())
			s.Apply(ctx, "chaos.req-pair.yaml", named("late"))
			late.Await(ctx, "J-166", expect.Warned(2, "FailedCreate", "exceeded quota"), expect.ActivePods(0))
			heal(ctx)
			late.Await(ctx, "J-101", expect.RunningPods(2))

			for _, job := range []*scenario.Job{job, late} {
				Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
				job.Await(ctx, "J-166", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(2))
				job.Prove("J-166", expect.CreatedPods(2), expect.CountedSuccesses(2), expect.CountedEachPodOnce())
			}
		})

	It("to take its finalizer off the pods of a Job that is gone, does so afterwards",
		scenario.Claims("J-117", "J-119"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "chaos.req-pair.yaml")
			job := s.Job("req-pair")
			job.Reach(ctx, expect.RunningPods(2))

			heal := s.Hit(ctx, requests.Refuse(requests.PodUpdates, ""))
			job.Delete(ctx)
			tries(ctx, s, 2, "patch pods", "req-pair-")
			job.Await(ctx, "J-117", expect.NoJob(), expect.HeldPods(2))
			heal(ctx)
			job.Await(ctx, "J-117 J-119", expect.NoPods())
			job.Prove("J-117", expect.CreatedPods(2))
		})
})
