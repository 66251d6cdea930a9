package disruption

import (
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos/proxy"
	"github.com/jobproof/jobproof/chaos/proxy/rules"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// answered is how long the Job controller may take to make a request: it retries within 1 min (scenario.Prompt).
const answered = 2 * time.Minute

// lateness is by how much what a watch tells is late: longer than the 1 s for which the Job controller gathers changes.
const lateness = 3 * time.Second

var _ = Describe("A Job whose controller hears errors, or nothing", scenario.Chaos, scenario.BreaksControlPlane, func() {
	It("is complete after each of them, with each pod counted once",
		scenario.Claims("J-166"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			through := s.Hit(ctx, proxy.Interpose())

			made := between(ctx, s, proxy.Answer(rules.Rule{Verb: "create", Resource: "pods", Code: http.StatusInternalServerError, Times: 2}, answered))
			s.Apply(ctx, "chaos.req-pair.yaml")
			made()
			job := s.Job("req-pair")
			job.Await(ctx, "J-166", expect.RunningPods(2))

			counted := between(ctx, s, proxy.Answer(rules.Rule{
				Verb: "update", Resource: "jobs/status", Prefix: "req-pair", Code: http.StatusConflict, Times: 2,
			}, answered))
			released := between(ctx, s, proxy.Answer(rules.Rule{
				Verb: "patch", Resource: "pods", Prefix: "req-pair-", Code: http.StatusTooManyRequests, Times: 2,
			}, answered))
			lost := between(ctx, s, proxy.Answer(rules.Rule{
				Verb: "patch", Resource: "pods", Prefix: "req-pair-", Code: http.StatusGatewayTimeout, Times: 1, Lost: true,
			}, answered))
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			counted()
			released()
			lost()
			job.Await(ctx, "J-166", expect.Condition(batchv1.JobComplete))
			through(ctx)

			job.Prove("J-166", expect.CreatedPods(2), expect.CountedSuccesses(2), expect.CountedFailures(0), expect.CountedEachPodOnce())
		})

	It("is complete while what is told of pods comes late, with no pod too many (H5)",
		scenario.Claims("J-135", "J-166"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			late := between(ctx, s, proxy.Answer(rules.Rule{Verb: "watch", Resource: "pods", Delay: lateness}, answered))
			s.Apply(ctx, "chaos.req-pair.yaml")
			s.Apply(ctx, "chaos.req-indexes.yaml")
			all := []*scenario.Job{s.Job("req-pair"), s.Job("req-indexes")}
			for _, job := range all {
				job.Await(ctx, "J-166", expect.RunningPods(2))
			}
			for _, job := range all {
				Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			}
			for _, job := range all {
				job.Await(ctx, "J-135 J-166", expect.Condition(batchv1.JobComplete))
			}
			late()(ctx)
			for _, job := range all {
				job.Prove("J-135 J-166", expect.CreatedPods(2), expect.CountedSuccesses(2), expect.CountedFailures(0))
			}
		})
})
