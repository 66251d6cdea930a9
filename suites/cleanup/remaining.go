package cleanup

import (
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("The Jobs that remain", func() {
	It("can be deleted, in whatever state they are, and leave nothing behind",
		scenario.Claims("J-314"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-1.yaml")
			s.Apply(ctx, "job.demo-suspend.yaml")
			s.Apply(ctx, "job.demo-ttl.yaml", jobs.With(failing), jobs.With(func(job *batchv1.Job) {
				job.Spec.TTLSecondsAfterFinished = nil
			}))
			s.Apply(ctx, "table-17.1.row-2.yaml", jobs.Gated)
			s.Job("neither-set").Reach(ctx, expect.Condition(batchv1.JobComplete))
			s.Job("demo-suspend").Reach(ctx, expect.Condition(batchv1.JobSuspended))
			s.Job("failing").Reach(ctx, expect.Condition(batchv1.JobFailed))
			s.Job("one-by-one").Reach(ctx, expect.RunningPods(1))

			out, err := s.Kubectl(ctx, "delete", "jobs", "--all")
			Expect(err).NotTo(HaveOccurred())
			var deleted []string
			for _, name := range []string{"demo-suspend", "failing", "neither-set", "one-by-one"} {
				deleted = append(deleted, fmt.Sprintf("job.batch %q deleted from %s namespace", name, s.Namespace()))
			}
			s.Prove("J-314", strings.Split(strings.TrimSpace(out), "\n"), ConsistOf(deleted))
			s.Objects().Await(ctx, "J-314", WithTransform((*history.Live).Jobs, BeEmpty()), WithTransform((*history.Live).Pods, BeEmpty()))

			s.Prove("J-314", s.History(), expect.LeftNothing())
		})
})
