package sharing

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A Service in front of a Job's pods", func() {
	It("lets two other Jobs fetch the same data by its name, from pods that are ready and not finished",
		scenario.Claims("J-025", "J-026"),
		func(ctx SpecContext) {
			const service = "data-api"
			s := scenario.Begin(ctx, history.Services, history.EndpointSlices)
			s.Apply(ctx, "data-api.yaml", jobs.GatedBelow(2))
			server := s.Job(service)

			server.Reach(ctx, expect.RunningPods(2))
			one, other := expect.OfIndex(server.State(), 0)[0].Name, expect.OfIndex(server.State(), 1)[0].Name
			s.Objects().Await(ctx, "J-025", expect.Publishes(service))
			for i, pod := range []string{one, other} {
				_, err := s.Exec(ctx, pod, "touch", "/tmp/www/ready")
				Expect(err).NotTo(HaveOccurred())
				s.Objects().Await(ctx, "J-025", expect.ReadyPod(pod), expect.Publishes(service, []string{one, other}[:i+1]...))
			}

			for _, consumer := range []string{"consumer-1", "consumer-2"} {
				s.Apply(ctx, "data-api.consumer.yaml", called(consumer))
			}
			for _, consumer := range []string{"consumer-1", "consumer-2"} {
				job := s.Job(consumer)
				job.Await(ctx, "J-025 J-026", expect.Condition(batchv1.JobComplete))
				s.Prove("J-025 J-026", wordsOf(job)["consumer"], Equal("1000 numbers, sum 500500"))
			}

			Expect(jobs.Release(ctx, s, 0, one)).To(Succeed())
			s.Objects().Await(ctx, "J-025", expect.Publishes(service, other))
			s.Apply(ctx, "data-api.consumer.yaml", called("consumer-3"))
			job := s.Job("consumer-3")
			job.Await(ctx, "J-025", expect.Condition(batchv1.JobComplete))
			s.Prove("J-025", wordsOf(job)["consumer"], Equal("1000 numbers, sum 500500"))
			Expect(jobs.Release(ctx, s, 0, other)).To(Succeed())
			server.Reach(ctx, expect.Condition(batchv1.JobComplete))
			s.Objects().Await(ctx, "J-025", expect.Publishes(service))
			s.Prove("J-025", s.History(), expect.PublishedOnlyReadyPods(service))
		})
})
