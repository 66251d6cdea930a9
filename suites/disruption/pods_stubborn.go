package disruption

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos/pods"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// stubbornness is how long a stubborn pod may stay after it was deleted. It is longer than the spec needs, which ends the pod
// itself once it has seen what happens meanwhile.
const stubbornness = 5 * time.Minute

var _ = Describe("A deleted pod that ignores SIGTERM", scenario.Chaos, func() {
	It("runs on beside the pod that replaces it, unless podReplacementPolicy is Failed",
		scenario.Claims("J-136", "J-156"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "chaos.pods-sequence.yaml", jobs.Stubborn(stubbornness))
			s.Apply(ctx, "chaos.pods-sequence.yaml", jobs.Stubborn(stubbornness), named("patient"), jobs.With(func(job *batchv1.Job) {
				job.Spec.PodReplacementPolicy = new(batchv1.Failed)
			}))
			hasty, patient := s.Job("sequence"), s.Job("patient")

			hasty.Reach(ctx, expect.RunningPods(1))
			patient.Reach(ctx, expect.RunningPods(1))
			counted, awaited := hasty.Running()[0], patient.Running()[0]
			s.Hit(ctx, pods.Delete(awaited))
			s.Hit(ctx, pods.Delete(counted))
			hasty.Within(scenario.Replacement).Await(ctx, "J-136 J-156",
				expect.TerminatingPods(1), expect.CountsFailed(1), expect.RunningPods(1))
			// The other pod was deleted before, and the back-off is over.
			patient.Await(ctx, "J-136 J-156", expect.TerminatingPods(1), expect.CountsFailed(0), expect.ActivePods(0))

			// A success that comes after the pod was counted as failed changes nothing.
			Expect(jobs.Release(ctx, s, 0, append(hasty.Running(), counted)...)).To(Succeed())
			Expect(jobs.Release(ctx, s, 3, awaited)).To(Succeed())
			patient.Within(scenario.Replacement).Await(ctx, "J-136 J-156",
				expect.TerminatingPods(0), expect.CountsFailed(1), expect.RunningPods(1))
			Expect(jobs.Release(ctx, s, 0, patient.Running()...)).To(Succeed())
			for _, job := range []*scenario.Job{hasty, patient} {
				job.Reach(ctx, expect.CountsSucceeded(1), expect.RunningPods(1))
				Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
				job.Await(ctx, "J-156", expect.Condition(batchv1.JobComplete), expect.TerminatingPods(0))

				job.Prove("J-136", expect.RanAtMost(1))
				job.Prove("J-156", expect.CreatedPods(3), expect.CountedFailures(1), expect.CountedSuccesses(2), expect.CountedEachPodOnce())
			}
			hasty.Prove("J-136 J-156", expect.HadUnendedAtOnce(2), expect.WaitedBeforeReplacing(expect.Backoff),
				expect.PodNamed(counted, expect.Exited("task", 0)))
			patient.Prove("J-136 J-156", expect.HadAtMostUnended(1), expect.RanOneAfterAnother(),
				expect.PodNamed(awaited, expect.Exited("task", 3)))
		})
})
