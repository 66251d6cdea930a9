package lifecycle

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// promptly is the upper bound of what the documents call quickly. A ReplicaSet is looked at as soon as a pod of it is
// marked for deletion (deletePod in pkg/controller/replicaset/replica_set.go); the rest is for a machine that is busy with
// other specs.
const promptly = 30 * time.Second

var _ = Describe("A pod that was created directly", func() {
	It("restarts its container on failure only, and does not come back, unlike that of a Deployment",
		scenario.Claims("J-030", "J-034", "J-035", "J-036"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "contrast.pods.yaml")
			s.Apply(ctx, "contrast.deployment.yaml")
			objects := s.Objects()

			objects.Reach(ctx, expect.RunsPod("done", 0), expect.RunsPod("early", 0), expect.RunsPodsLabelled("app", "contrast", 1))
			Expect(jobs.Release(ctx, s, 3, "done")).To(Succeed())
			objects.Await(ctx, "J-034", expect.RunsPod("done", 1))
			Expect(jobs.Release(ctx, s, 0, "done")).To(Succeed())
			objects.Await(ctx, "J-034", expect.EndedPod("done", corev1.PodSucceeded))

			s.DeletePod(ctx, "done")
			s.DeletePod(ctx, "early")
			objects.Await(ctx, "J-035 J-036", expect.NoPodNamed("done"), expect.NoPodNamed("early"))

			// That nothing follows is evidence only because a controller has replaced a pod that was deleted later.
			replaced := expect.Names(expect.Labelled(s.Live(), "app", "contrast"))[0]
			s.DeletePod(ctx, replaced)
			objects.Await(ctx, "J-030", expect.NoPodNamed(replaced), expect.RunsPodsLabelled("app", "contrast", 1))

			s.Prove("J-034", s.History(), expect.AnyPodNamed("done", expect.Exited("task", 3, 0)))
			s.Prove("J-035 J-036", s.History(), expect.BornAlone("done", "early"))
			s.Prove("J-035", s.History(), expect.AnyPodNamed("done", And(HaveField("Phase", corev1.PodSucceeded), expect.Went())))
			s.Prove("J-036", s.History(), expect.AnyPodNamed("early", And(expect.Exited("task", jobs.Stopped), expect.Went())))
			s.Prove("J-030", s.History(), expect.ReplacedWithin(replaced, "app", promptly))
		})
})
