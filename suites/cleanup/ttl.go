package cleanup

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

const (
	// ttl is ttlSecondsAfterFinished of job.demo-ttl.yaml, and task what its pod sleeps.
	ttl  = 10 * time.Second
	task = 20 * time.Second
	// late is how long after that time a Job may be deleted. The TTL controller looks when it is over (processTTL in
	// pkg/controller/ttlafterfinished/ttlafterfinished_controller.go); the rest is for a machine that is busy with other
	// specs.
	late = 30 * time.Second
)

// expired is the wait for a Job to have done its task, and to be gone after its time.
var expired = scenario.Bound{
	Limit:  scenario.Prompt.Limit + task + ttl,
	Origin: "20 s of the task and 10 s of ttlSecondsAfterFinished; on top of scenario.Prompt",
}

var _ = Describe("A finished Job", func() {
	It("that has a time to live is deleted after it with its pods, whether it succeeded or failed", scenario.Early,
		scenario.Claims("J-125", "J-126", "J-127", "J-128", "J-129", "J-130", "J-131"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "job.demo-ttl.yaml")
			s.Apply(ctx, "job.demo-ttl.yaml", jobs.With(failing))
			s.Apply(ctx, "table-17.1.row-1.yaml")
			demo, failed, kept := s.Job("demo-ttl"), s.Job("failing"), s.Job("neither-set")

			failed.Await(ctx, "J-130", expect.Condition(batchv1.JobFailed), expect.FailedPods(1))
			pod := failed.State().Pods[0].Name
			logs, err := s.Kubectl(ctx, "logs", pod)
			Expect(err).NotTo(HaveOccurred())
			s.Prove("J-131", logs, Equal(why+"\n"))
			failed.Within(expired).Await(ctx, "J-130", expect.NoJob(), expect.NoPods())
			logs, err = s.Kubectl(ctx, "logs", pod)
			s.Prove("J-131", err, HaveOccurred())
			s.Prove("J-131", logs, ContainSubstring("pods %q not found", pod))

			demo.Within(expired).Await(ctx, "J-126 J-127", expect.NoJob(), expect.NoPods())

			demo.Prove("J-128", expect.CreatedPods(1), expect.EveryPod(And(HaveField("Phase", corev1.PodSucceeded),
				expect.RanFor("demo", task, late))))
			demo.Prove("J-126 J-127 J-129", expect.CountedSuccesses(1), expect.DeletedAfterFinishing(ttl, late))
			demo.Prove("J-127 J-129 J-130", expect.HadPods(corev1.PodSucceeded), expect.WentAfterItsPods())
			failed.Prove("J-130", expect.CountedFailures(1), expect.DeletedAfterFinishing(ttl, late))
			failed.Prove("J-130 J-131", expect.HadPods(corev1.PodFailed), expect.WentAfterItsPods())

			// The third Job was done before demo-ttl and has seen its time pass.
			kept.Prove("J-125", expect.Stayed(), expect.CountedSuccesses(1), expect.FinishedBefore(demo.History()))
		})
})

// why is what the failing task says before it fails.
const why = "no input"

// failing makes the Job one that says why and fails at once, for good.
func failing(job *batchv1.Job) {
	job.Name = "failing"
	job.Spec.BackoffLimit = new(int32(0))
	job.Spec.Template.Spec.RestartPolicy = corev1.RestartPolicyNever
	job.Spec.Template.Spec.Containers[0].Command = []string{"sh", "-c", "echo " + why + "; exit 3"}
}
