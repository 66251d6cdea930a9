package disruption

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/jobproof/jobproof/chaos/requests"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A namespace that is deleted", scenario.Chaos, func() {
	It("takes its Jobs and their pods with it, whether they run, fail or are suspended",
		scenario.Claims("J-117"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "chaos.req-pair.yaml")
			s.Apply(ctx, "chaos.req-limit.yaml")
			s.Apply(ctx, "chaos.req-pair.yaml", named("failing"))
			all := []*scenario.Job{s.Job("req-pair"), s.Job("req-limit"), s.Job("failing")}
			for _, job := range all {
				job.Reach(ctx, expect.RunningPods(2))
			}
			failing, suspended := s.Job("failing"), s.Job("req-limit")
			Expect(jobs.Release(ctx, s, 1, failing.Running()[0])).To(Succeed())
			failing.Reach(ctx, expect.CountsFailed(1))
			suspended.Suspend(ctx)

			heal := s.Hit(ctx, requests.TerminateNamespace())
			for _, job := range all {
				job.Await(ctx, "J-117", expect.NoJob(), expect.NoPods())
			}
			heal(ctx)
			for _, job := range all {
				job.Prove("J-117", expect.CreatedPods(2))
			}
		})

	// Nothing promises that this hangs. It is a defect of v1.37.0; a version without it does not reach what the spec needs.
	It("hangs on the failed pod of an index until somebody deletes the pod's Job",
		scenario.Claims("J-117"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "chaos.req-indexes.yaml")
			job := s.Job("req-indexes")
			job.Reach(ctx, expect.RunningPods(2))
			// A pod of an index that failed keeps its finalizer until another pod of the index is made. That must not come before the
			// namespace goes, however long this takes.
			let := s.Hit(ctx, requests.Refuse(requests.PodCreations, ""))
			Expect(jobs.Release(ctx, s, 1, expect.OfIndex(job.State(), 0)[0].Name)).To(Succeed())
			job.Reach(ctx, expect.FailedPods(1), expect.HeldPods(1), expect.ActivePods(1))

			heal := s.Hit(ctx, requests.TerminateNamespace())
			let(ctx)
			job.Reach(ctx, expect.ActivePods(0), expect.FailedPods(2))
			job.Reach(ctx, expect.HeldPods(2), expect.Unfinished())
			heal(ctx)
			job.Await(ctx, "J-117", expect.NoJob(), expect.NoPods())
			job.Prove("J-117", expect.KeptItsPodsUntilDeleted())
		})
})
