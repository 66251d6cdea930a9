package failures

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// The two manifests of these specs differ in the restart policy only. Their tasks end with the code that a spec gives
// them, and say which run of their pod they were.
var _ = Describe("A failed container", func() {
	It("is started again in the same pod when the policy is OnFailure",
		scenario.Claims("J-167", "J-168", "J-169", "J-171", "J-172", "J-173"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "restart-on-failure.yaml")
			job := s.Job("restart-on-failure")

			job.Reach(ctx, expect.RunningPods(1))
			Expect(jobs.Release(ctx, s, 3, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-169 J-172", expect.Restarts(1), expect.RunningPods(1))
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-169", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))

			job.Prove("J-169 J-171 J-173", expect.CreatedPods(1), expect.ThePod(0, expect.LastWords("task", "run 1", "run 2")))
			job.Prove("J-172", expect.ThePod(0, expect.Exited("task", 3, 0)), expect.ThePod(0, HaveField("Restarts()", BeEquivalentTo(1))))
			job.Prove("J-173", expect.ThePod(0, expect.StayedOnItsNode()))
			job.Prove("J-167 J-168", expect.CountedFailures(0), expect.CountedSuccesses(1))
		})

	It("costs the pod, which is replaced after a back-off, when the policy is Never",
		scenario.Claims("J-167", "J-168", "J-170", "J-171"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "restart-never.yaml")
			job := s.Job("restart-never")

			job.Reach(ctx, expect.RunningPods(1))
			Expect(jobs.Release(ctx, s, 3, job.Running()...)).To(Succeed())
			job.Within(scenario.Replacement).Await(ctx, "J-170", expect.FailedPods(1), expect.CountsFailed(1), expect.RunningPods(1))
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-170", expect.Condition(batchv1.JobComplete), expect.FailedPods(1), expect.SucceededPods(1))

			job.Prove("J-170 J-171", expect.CreatedPods(2), expect.EveryPod(expect.LastWords("task", "run 1")),
				expect.ThePod(0, expect.Exited("task", 3)), expect.ThePod(1, expect.Exited("task", 0)))
			job.Prove("J-170", expect.WaitedBeforeReplacing(expect.Backoff))
			job.Prove("J-167 J-168", expect.EveryPod(HaveField("Restarts()", BeZero())), expect.CountedFailures(1), expect.CountedSuccesses(1))
		})

	It("waits before it is started again, each time twice as long", scenario.Slow,
		scenario.Claims("J-175"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "restart-on-failure.yaml")
			job := s.Job("restart-on-failure")

			// The first restart comes at once; then the kubelet waits for 10 s from the end of the container, and for 20 s
			// (initialCrashLoopBackOff in pkg/kubelet/kubelet.go).
			pauses := []time.Duration{0, 10 * time.Second, 20 * time.Second}
			for restarts := range pauses {
				job.Await(ctx, "J-175", expect.Restarts(int32(restarts)), expect.RunningPods(1))
				Expect(jobs.Release(ctx, s, 1, job.Running()...)).To(Succeed())
			}
			job.Await(ctx, "J-175", expect.Restarts(int32(len(pauses))), expect.RunningPods(1))

			job.Prove("J-175", expect.ThePod(0, expect.Rested("task", pauses...)))
		})
})
