package disruption

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/chaos/pods"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A pod that has succeeded", scenario.Chaos, func() {
	It("stays counted when it is deleted, also before the Job controller has counted it",
		scenario.Claims("J-033", "J-217", "J-218"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "deleted-pod.yaml", jobs.Gated, jobs.With(func(job *batchv1.Job) {
				job.Spec.Completions, job.Spec.Parallelism = new(int32(3)), new(int32(3))
			}))
			s.Apply(ctx, "chaos.pods-indexed.yaml", jobs.Gated)
			job, indexed := s.Job("deleted-pod"), s.Job("five-indexes")

			job.Reach(ctx, expect.RunningPods(3))
			done := hitTracked(ctx, s, job, job.Running()[:2], func(pod *corev1.Pod) chaos.Fault { return pods.Kill(pod.Name) })
			job.Await(ctx, "J-033", expect.CountsSucceeded(int32(done)), expect.SucceededPods(0), expect.RunningPods(3-done))

			indexed.Reach(ctx, expect.RunningPods(5))
			var first []string
			for index := range 3 {
				first = append(first, expect.Names(expect.OfIndex(indexed.State(), index))...)
			}
			done = hitTracked(ctx, s, indexed, first, func(pod *corev1.Pod) chaos.Fault {
				return pods.DeleteIndex("five-indexes", pods.Index(pod))
			})
			// What has not succeeded is done again, for the same index, once its pods are gone, in whatever way.
			s.Hit(ctx, pods.DeleteIndex("five-indexes", 3))
			s.Hit(ctx, pods.KillIndex("five-indexes", 4))
			indexed.Within(scenario.Replacement).Await(ctx, "J-218",
				expect.CountsSucceeded(int32(done)), expect.CountsFailed(2), expect.RunningPods(5-done))

			for _, job := range []*scenario.Job{job, indexed} {
				Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
				job.Await(ctx, "J-033 J-217 J-218", expect.Condition(batchv1.JobComplete))
			}
			job.Prove("J-033", expect.CreatedPods(3), expect.CountedSuccesses(3), expect.CountedFailures(0), expect.CountedEachPodOnce())
			indexed.Prove("J-033 J-217", expect.CompletedIndexes("0-4"), expect.CountedSuccesses(5))
			indexed.Prove("J-218", expect.CreatedPodsOfIndexes(1, 1, 1, 2, 2), expect.CountedFailures(2))
		})
})

// hitTracked lets one pod after the other succeed and hits it at once, until the fault was faster than the Job controller, and
// returns how many have succeeded. The Job controller lets go of a pod about a second after it has succeeded
// (syncJobBatchPeriod in pkg/controller/job/job_controller.go). The spec ends if it was always faster.
func hitTracked(ctx context.Context, s *scenario.Scenario, job *scenario.Job, names []string, fault func(*corev1.Pod) chaos.Fault) int {
	GinkgoHelper()
	for i, name := range names {
		Expect(jobs.Release(ctx, s, 0, name)).To(Succeed())
		s.Objects().Reach(ctx, expect.EndedPod(name, corev1.PodSucceeded))
		for _, pod := range job.State().Pods {
			if pod.Name == name {
				s.Hit(ctx, fault(pod))
			}
		}
		tracked := expect.PodNamed(name, expect.WasDeletedTracked(corev1.PodSucceeded))
		if was, err := tracked.Match(job.History()); err == nil && was {
			return i + 1
		}
	}
	s.CannotShow(fmt.Sprintf("the Job controller had let go of each of %v before it was deleted", names))
	return 0
}
