package disruption

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/chaos/pods"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A pod that is deleted before it runs", scenario.Chaos, func() {
	It("is replaced and counted once as failed, be it without a node or waiting on one",
		scenario.Claims("J-038"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			s.Crowds()
			s.Apply(ctx, "chaos.pods-waiting.yaml")
			pending, creating := s.Job("pending"), s.Job("creating")

			pending.Reach(ctx, podsIn(pods.Pending, 1))
			creating.Reach(ctx, podsIn(pods.Creating, 1))
			for _, job := range []*scenario.Job{pending, creating} {
				s.Hit(ctx, pods.Delete(job.State().Pods[0].Name))
			}
			pending.Within(scenario.Replacement).Await(ctx, "J-038", podsIn(pods.Pending, 1), expect.CountsFailed(1))
			creating.Within(scenario.Replacement).Await(ctx, "J-038", podsIn(pods.Creating, 1), expect.CountsFailed(1))
			s.Apply(ctx, "chaos.pods-awaited.yaml")
			schedule(ctx, s, pending)
			for _, job := range []*scenario.Job{pending, creating} {
				job.Await(ctx, "J-038", expect.Condition(batchv1.JobComplete), expect.CountsSucceeded(1))
				job.Prove("J-038", expect.CreatedPods(2), expect.CountedFailures(1), expect.CountedSuccesses(1), expect.CountedEachPodOnce())
			}
			// The back-off of the other counts from the time at which the kubelet first said that the pod is not ready
			// (getFinishTimeFromPodReadyFalseCondition in pkg/controller/job/backoff_utils.go), long before it is deleted.
			pending.Prove("J-038", expect.WaitedBeforeReplacing(expect.Backoff))
		})
})

// podsIn expects a Job to have n pods in a phase.
func podsIn(phase pods.Phase, n int) OmegaMatcher {
	return WithTransform(func(state history.State) int { return len(pods.In(phase, state.Pods)) }, Equal(n))
}

// schedule removes the scheduling gates of a Job's pending pods.
func schedule(ctx context.Context, s *scenario.Scenario, job *scenario.Job) {
	GinkgoHelper()
	for _, pod := range pods.In(pods.Pending, job.State().Pods) {
		_, err := s.Clients().CoreV1().Pods(s.Namespace()).Patch(ctx, pod.Name, types.MergePatchType,
			[]byte(`{"spec":{"schedulingGates":null}}`), metav1.PatchOptions{})
		Expect(err).NotTo(HaveOccurred())
	}
}
