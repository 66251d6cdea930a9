package discovery

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("The pods of an Indexed Job", func() {
	It("find and reach each other across nodes by names that hold their index",
		scenario.Claims("J-296", "J-299", "J-300", "J-301", "J-302", "J-305", "J-306", "J-307", "J-308", "J-309", "J-310",
			"J-311", "J-312", "J-313"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx, history.Services, history.EndpointSlices)
			s.NeedsTwoNodes()
			s.Apply(ctx, "job.comm-demo.yaml", jobs.OneForEachNode, jobs.With(withoutToken), jobs.With(goingAtOnce))
			job := s.Job("comm-demo")

			job.Await(ctx, "J-301 J-302 J-305", expect.RunningPods(2), expect.ReadyPods(2))
			pods := []*corev1.Pod{peer(job, 0), peer(job, 1)}
			Expect(pods[0].Spec.NodeName).NotTo(Equal(pods[1].Spec.NodeName))
			for _, pod := range pods {
				serve(ctx, s, pod.Name)
			}
			printed, err := s.Exec(ctx, pods[0].Name, "hostname", "-f")
			Expect(err).NotTo(HaveOccurred())
			s.Prove("J-306", printed, Equal(fqdn(s, "comm-demo-0."+service)+"\n"))

			for index, to := range pods {
				from := pods[1-index].Name
				short := fmt.Sprintf("comm-demo-%d.%s", index, service)
				full := fqdn(s, short)
				s.Prove("J-296 J-307 J-308 J-311", answers(ctx, s, from, full, to.Status.PodIP), HaveExactElements(to.Status.PodIP))
				for _, name := range []string{full, short} {
					claims := "J-307 J-308 J-312"
					if name == short {
						claims = "J-309 J-310 J-311 J-312"
					}
					s.Prove(claims, reply(pinged(ctx, s, from, name)), Equal(to.Status.PodIP))
					s.Prove(claims, reply(fetched(ctx, s, from, name)), Equal(to.Spec.Hostname))
				}
			}

			s.DeletePod(ctx, pods[0].Name)
			job.Within(scenario.Replacement).Await(ctx, "J-313", expect.ReadyPods(2), expect.TerminatingPods(0))
			successor := peer(job, 0)
			full := fqdn(s, "comm-demo-0."+service)
			s.Prove("J-313", answers(ctx, s, pods[1].Name, full, successor.Status.PodIP), HaveExactElements(successor.Status.PodIP))
			s.Prove("J-313", reply(pinged(ctx, s, pods[1].Name, full)), Equal(successor.Status.PodIP))

			job.Prove("J-302", expect.RanAtOnce(2))
			job.Prove("J-300", expect.OwnedItsPods())
			job.Prove("J-305", expect.NamedItsPodsByIndex())
			job.Prove("J-312", expect.EveryPod(HaveField("First().Spec.Volumes", BeEmpty())))
			s.Prove("J-299", publications(s.History()), ContainElement(Equal(map[string]string{
				"comm-demo-0": pods[0].Status.PodIP, "comm-demo-1": pods[1].Status.PodIP,
			})))
		})

	It("have no names of their own if their subdomain is not the Service's name",
		scenario.Claims("J-296", "J-303"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "job.comm-demo.yaml", jobs.With(alone), jobs.With(goingAtOnce), jobs.With(func(job *batchv1.Job) {
				job.Spec.Template.Spec.Subdomain = "elsewhere"
			}))
			job := s.Job("comm-demo")

			job.Reach(ctx, expect.ReadyPods(1))
			pod := peer(job, 0)
			// The DNS knows the pod as one of the Service's, so that it does not know its name is not for being late.
			Expect(answers(ctx, s, pod.Name, fqdn(s, service), pod.Status.PodIP)).To(HaveExactElements(pod.Status.PodIP))
			for _, host := range []string{"comm-demo-0." + service, "comm-demo-0.elsewhere"} {
				s.Prove("J-296 J-303", lookup(ctx, s, pod.Name, fqdn(s, host)), ContainSubstring("NXDOMAIN"))
			}
		})

	It("have no names of their own if the Job is not Indexed",
		scenario.Claims("J-296"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "job.comm-demo.yaml", jobs.With(alone), jobs.With(goingAtOnce), jobs.With(func(job *batchv1.Job) {
				job.Spec.CompletionMode = nil
			}))
			job := s.Job("comm-demo")

			job.Reach(ctx, expect.ReadyPods(1))
			pod := expect.Running(job.State())[0]
			Expect(answers(ctx, s, pod.Name, fqdn(s, service), pod.Status.PodIP)).To(HaveExactElements(pod.Status.PodIP))
			for _, host := range []string{"comm-demo-0." + service, pod.Name + "." + service} {
				s.Prove("J-296", lookup(ctx, s, pod.Name, fqdn(s, host)), ContainSubstring("NXDOMAIN"))
			}
		})
})

// reply is what came back, or the error that came instead: a matcher that expects a reply shows either.
func reply(came string, err error) string {
	if err != nil {
		return err.Error()
	}
	return came
}

// publications returns the hostnames and addresses that each version of an EndpointSlice held of ready pods.
func publications(recorded *history.History) []map[string]string {
	var published []map[string]string
	for _, version := range recorded.Versions() {
		slice := version.EndpointSlice()
		if slice == nil {
			continue
		}
		addresses := map[string]string{}
		for _, endpoint := range slice.Endpoints {
			if endpoint.Hostname != nil && endpoint.Conditions.Ready != nil && *endpoint.Conditions.Ready {
				addresses[*endpoint.Hostname] = endpoint.Addresses[0]
			}
		}
		published = append(published, addresses)
	}
	return published
}

// withoutToken leaves the Job's pods without credentials for the API server.
func withoutToken(job *batchv1.Job) {
	job.Spec.Template.Spec.AutomountServiceAccountToken = new(false)
}

// alone makes the Job run a single pod, which can ask the DNS about itself.
func alone(job *batchv1.Job) {
	job.Spec.Completions, job.Spec.Parallelism = new(int32(1)), new(int32(1))
}

// goingAtOnce spares the 30 s for which sleep, as process 1, would ignore that its pod is being deleted.
func goingAtOnce(job *batchv1.Job) {
	job.Spec.Template.Spec.TerminationGracePeriodSeconds = new(int64(1))
}
