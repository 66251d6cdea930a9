package discovery

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos/pods"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("The name of an index", func() {
	It("leads to the new pod and never back to the old one once that, killed or evicted, is replaced",
		scenario.Chaos, scenario.Claims("J-218", "J-313"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx, history.EndpointSlices)
			s.Apply(ctx, "job.comm-demo.yaml", jobs.With(goingAtOnce), jobs.With(func(job *batchv1.Job) {
				job.Spec.Completions, job.Spec.Parallelism = new(int32(3)), new(int32(3))
			}))
			job := s.Job("comm-demo")

			job.Reach(ctx, expect.ReadyPods(3))
			lost := []string{peer(job, 0).Name, peer(job, 1).Name}
			witness := peer(job, 2).Name
			s.Objects().Reach(ctx, expect.Publishes(service, lost[0], lost[1], witness))
			s.Hit(ctx, pods.Kill(lost[0]))
			s.Hit(ctx, pods.Evict(lost[1]))

			job.Within(scenario.Replacement).Await(ctx, "J-218 J-313", expect.ReadyPods(3), expect.TerminatingPods(0))
			for index, name := range lost {
				successor := peer(job, index)
				hostname := fmt.Sprintf("comm-demo-%d", index)
				full := fqdn(s, hostname+"."+service)
				s.Prove("J-313", answers(ctx, s, witness, full, successor.Status.PodIP), HaveExactElements(successor.Status.PodIP))
				s.Prove("J-313", reply(pinged(ctx, s, witness, full)), Equal(successor.Status.PodIP))
				s.Prove("J-313", s.History(), expect.HandedOver(service, hostname, name, successor.Name))
				job.Prove("J-218", expect.PodNamed(name, HaveField("Index", index)), expect.PodNamed(successor.Name, HaveField("Index", index)))
			}
			job.Prove("J-218", expect.CreatedPods(5), expect.CountedFailures(2))
		})
})
