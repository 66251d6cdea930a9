package disruption

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/chaos/nodes"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// The other side of a Job that goes on without a node: what ran there may run on, so that the same task is run twice at the
// same time. The documentation of Jobs says so, and a task has to be prepared for it.
var _ = DescribeTable("A Job replaces the pod of a node that is not heard of, while its container runs on",
	scenario.Slow, scenario.Chaos, scenario.Claims("J-039", "J-166"),
	func(ctx SpecContext, fault func(node string) chaos.Fault) {
		s := scenario.Begin(ctx)
		victim := s.Borrow(ctx)
		s.Apply(ctx, "node-loss.yaml", jobs.Gated, jobs.On(victim))
		job := s.Job("node-loss")
		job.Reach(ctx, expect.RunningPodsOn(victim, 2))
		first := expect.Running(job.State())

		heal := s.Hit(ctx, fault(victim))
		job.Within(scenario.NodeLoss).Reach(ctx, expect.UnreadyNode(victim))
		job.Within(scenario.Replacement).Await(ctx, "J-039", expect.TerminatingPods(2), expect.CountsFailed(2), expect.RunningPods(2))
		for _, pod := range first {
			s.Prove("J-039", processes(ctx, s, victim, pod), Not(BeEmpty()))
		}
		Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
		job.Await(ctx, "J-166", expect.Condition(batchv1.JobSuccessCriteriaMet), expect.CountsSucceeded(2), expect.TerminatingPods(2))

		heal(ctx)
		job.Within(comeback).Await(ctx, "J-166", expect.Condition(batchv1.JobComplete), expect.TerminatingPods(0))
		for _, pod := range first {
			s.Prove("J-039", processes(ctx, s, victim, pod), BeEmpty())
		}
		job.Prove("J-039", expect.CreatedPods(4), expect.MostUnfinished(4), expect.ThePod(0, expect.DisruptedBy(evicted)),
			expect.ThePod(2, HaveField("Node", Not(Equal(victim)))), expect.ThePod(3, HaveField("Node", Not(Equal(victim)))))
		job.Prove("J-166", expect.CountedSuccesses(2), expect.CountedFailures(2), expect.CountedEachPodOnce())
	},
	Entry("because its kubelet is stopped", scenario.Thorough, nodes.StopKubelet),
	Entry("because its container runtime is stopped", scenario.Thorough, nodes.StopRuntime),
	Entry("because it is cut off from the control plane", nodes.CutOff),
)

// processes returns the processes of a pod's container that a probe in its node finds, each a file of /proc.
func processes(ctx context.Context, s *scenario.Scenario, node string, pod *corev1.Pod) []string {
	GinkgoHelper()
	_, id, _ := strings.Cut(pod.Status.ContainerStatuses[0].ContainerID, "://")
	found, err := s.Node(node).Exec(ctx, "sh", "-c", "grep --no-messages --files-with-matches "+id+" /proc/[0-9]*/cgroup || true")
	Expect(err).NotTo(HaveOccurred())
	return strings.Fields(found)
}
