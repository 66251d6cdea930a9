package disruption

import (
	"context"
	"fmt"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/chaos/controlplane"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// peerPublished is how long an address may take to get into the answers of the cluster's DNS, once that serves; DNS has no
// way to tell that an answer has changed, so a pod asks again and again. An answer took 1 s on two cores; the rest is for a
// busy machine.
const peerPublished = 60 * time.Second

var _ = Describe("The pods of an Indexed Job", scenario.BreaksControlPlane, scenario.Chaos, func() {
	It("do not find each other while there is no DNS, and find a peer that was replaced meanwhile afterwards", scenario.Slow,
		scenario.Claims("J-311", "J-313"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "job.comm-demo.yaml", jobs.Gated, jobs.With(func(job *batchv1.Job) {
				job.Spec.Template.Spec.TerminationGracePeriodSeconds = new(int64(1))
			}))
			job := s.Job("comm-demo")
			job.Reach(ctx, expect.ReadyPods(2))
			was, asks := indexed(job, 0), indexed(job, 1)
			name := fmt.Sprintf("comm-demo-0.demo-service.%s.svc.cluster.local.", s.Namespace())
			s.Prove("J-311", resolved(ctx, s, asks.Name, name, was.Status.PodIP), Equal(was.Status.PodIP))

			back := s.Hit(ctx, controlplane.StopDNS())
			s.DeletePod(ctx, was.Name)
			Expect(unresolved(ctx, s, asks.Name, name)).To(ContainSubstring("no servers could be reached"))
			job.Within(scenario.Replacement).Reach(ctx, expect.ReadyPods(2), expect.TerminatingPods(0))
			back(ctx)

			is := indexed(job, 0)
			s.Prove("J-313", is.Name, Not(Equal(was.Name)))
			s.Prove("J-313", resolved(ctx, s, asks.Name, name, is.Status.PodIP), Equal(is.Status.PodIP))
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-313", expect.Condition(batchv1.JobComplete))
			job.Prove("J-313", expect.CreatedPods(3), expect.CountedFailures(1), expect.CompletedIndexes("0,1"))
		})
})

// indexed returns the active pod of an index, which must be the only one.
func indexed(job *scenario.Job, index int) *corev1.Pod {
	GinkgoHelper()
	pods := expect.OfIndex(job.State(), index)
	Expect(pods).To(HaveLen(1), "active pods of index %d", index)
	return pods[0]
}

// resolved waits in a pod until the DNS answers a name with this address, and returns the last answer.
func resolved(ctx context.Context, s *scenario.Scenario, pod, name, address string) string {
	GinkgoHelper()
	const ask = `
for try in $(seq "$1"); do
	got=$(timeout 5 nslookup -type=a "$2" | sed -n '/^Name:/,$s/^Address: //p')
	[ "$got" = "$3" ] && break
	sleep 0.5
done
echo "$got"`
	out, err := s.Exec(ctx, pod, "sh", "-c", ask, "sh", fmt.Sprint(2*int(peerPublished.Seconds())), name, address)
	Expect(err).NotTo(HaveOccurred())
	return strings.TrimSpace(out)
}

// unresolved asks the DNS once, in a pod, and returns what nslookup says, or that it waited in vain.
func unresolved(ctx context.Context, s *scenario.Scenario, pod, name string) string {
	GinkgoHelper()
	out, err := s.Exec(ctx, pod, "sh", "-c", `timeout 20 nslookup -type=a "$1" 2>&1; true`, "sh", name)
	Expect(err).NotTo(HaveOccurred())
	return out
}
