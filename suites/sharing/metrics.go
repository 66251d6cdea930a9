package sharing

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/images"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// used is the memory that the task of resource-use.yaml holds, in bytes.
const used = 24 << 20

var _ = Describe("Prometheus", func() {
	It("knows what memory and processor time the pod of a running Job uses, and that the Job has finished", scenario.Slow,
		scenario.Claims("J-028"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			s.Needs(images.Prometheus)
			if !s.Cluster().Made {
				Skip("the right to read the nodes' metrics is given out only on a cluster that was made here")
			}
			s.Apply(ctx, "resource-use.yaml", jobs.GatedBelow(1))
			job := s.Job("resource-use")
			prometheus := monitor(ctx, s)
			job.Reach(ctx, expect.RunningPods(1))
			pod := job.Running()[0]

			of := fmt.Sprintf(`{namespace="%s",pod="%s",container="worker"}`, s.Namespace(), pod)
			s.Prove("J-028", prometheus.answer(ctx, fmt.Sprintf("container_memory_working_set_bytes%s >= %d", of, used)),
				And(BeNumerically(">=", used), BeNumerically("<", 2*used)))
			s.Prove("J-028", prometheus.answer(ctx, fmt.Sprintf("container_cpu_usage_seconds_total%s > 0", of)), BeNumerically(">", 0))

			const finished = `sum(job_controller_jobs_finished_total{completion_mode="Indexed",result="succeeded"})`
			Expect(prometheus.answer(ctx, `up{job="controller-manager"} == 1`)).To(BeEquivalentTo(1))
			before := prometheus.answer(ctx, finished+" or vector(0)")
			Expect(jobs.Release(ctx, s, 0, pod)).To(Succeed())
			job.Reach(ctx, expect.Condition(batchv1.JobComplete))
			s.Prove("J-028", prometheus.answer(ctx, fmt.Sprintf("%s > %.0f", finished, before)), BeNumerically(">", before))
		})
})
