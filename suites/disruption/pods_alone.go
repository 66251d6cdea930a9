package disruption

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/chaos/pods"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A pod that was created directly and is hit by faults", scenario.Chaos, func() {
	It("restarts a killed container, and does not come back once it is evicted or deleted by force",
		scenario.Claims("J-030", "J-034", "J-035", "J-036"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "contrast.pods.yaml")
			s.Apply(ctx, "contrast.deployment.yaml")
			objects := s.Objects()

			objects.Reach(ctx, expect.RunsPod("done", 0), expect.RunsPod("early", 0), expect.RunsPodsLabelled("app", "contrast", 1))
			s.Hit(ctx, pods.KillContainer("done", "task"))
			objects.Await(ctx, "J-034", expect.RunsPod("done", 1))
			Expect(jobs.Release(ctx, s, 0, "done")).To(Succeed())
			objects.Await(ctx, "J-034", expect.EndedPod("done", corev1.PodSucceeded))

			s.Hit(ctx, pods.Kill("done"))
			s.Hit(ctx, pods.Evict("early"))
			objects.Await(ctx, "J-035 J-036", expect.NoPodNamed("done"), expect.NoPodNamed("early"))

			// That nothing follows is evidence only because a controller has replaced a pod that was evicted later.
			replaced := expect.Names(expect.Labelled(s.Live(), "app", "contrast"))[0]
			s.Hit(ctx, pods.Evict(replaced))
			objects.Await(ctx, "J-030", expect.NoPodNamed(replaced), expect.RunsPodsLabelled("app", "contrast", 1))

			s.Prove("J-034", s.History(), expect.AnyPodNamed("done", expect.Exited("task", jobs.Killed, 0)))
			s.Prove("J-035 J-036", s.History(), expect.BornAlone("done", "early"))
			s.Prove("J-035", s.History(), expect.AnyPodNamed("done", HaveField("Gone.Happened()", BeTrue())))
			s.Prove("J-036", s.History(), expect.AnyPodNamed("early", And(expect.DisruptedBy(evictedByAPI), expect.Went())))
		})
})
