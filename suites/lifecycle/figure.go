package lifecycle

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("Jobs of one pod, of pods in sequence and of pods in parallel", func() {
	It("are each completed once their own pods are",
		scenario.Claims("J-046", "J-047"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "figure-17.1.yaml", jobs.Gated)
			single, sequential, parallel := s.Job("single"), s.Job("sequential"), s.Job("parallel")

			single.Await(ctx, "J-046", expect.RunningPods(1))
			sequential.Await(ctx, "J-046", expect.RunningPods(1))
			parallel.Await(ctx, "J-046", expect.RunningPods(2))

			// One more success each: the single Job is completed by it and the others are not.
			for _, job := range []*scenario.Job{single, sequential, parallel} {
				Expect(jobs.Release(ctx, s, 0, job.Running()[0])).To(Succeed())
			}
			single.Await(ctx, "J-046", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))
			sequential.Await(ctx, "J-046", expect.CountsSucceeded(1), expect.RunningPods(1), expect.Unfinished())
			parallel.Await(ctx, "J-046", expect.CountsSucceeded(1), expect.RunningPods(1), expect.Unfinished())

			for _, job := range []*scenario.Job{sequential, parallel} {
				Expect(jobs.Release(ctx, s, 0, job.Running()[0])).To(Succeed())
				job.Await(ctx, "J-046", expect.Condition(batchv1.JobComplete), expect.SucceededPods(2))
			}

			single.Prove("J-047", expect.AskedFor(1, 1))
			sequential.Prove("J-047", expect.AskedFor(2, 1))
			parallel.Prove("J-047", expect.AskedFor(2, 2))
			for _, job := range []*scenario.Job{single, sequential, parallel} {
				job.Prove("J-047", expect.EveryPod(HaveField("First().Spec.Containers", ConsistOf(And(
					HaveField("Name", "task"), HaveField("Image", "busybox:1.35.0"), HaveField("Command", HaveLen(3)))))))
				job.Prove("J-046", expect.EndedItsPodsBefore(batchv1.JobComplete))
			}
			single.Prove("J-046 J-047", expect.CreatedPods(1))
			sequential.Prove("J-046 J-047", expect.CreatedPods(2), expect.RanOneAfterAnother())
			parallel.Prove("J-046 J-047", expect.CreatedPods(2), expect.RanAtOnce(2))
		})
})
