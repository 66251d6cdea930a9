package lifecycle

import (
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// garbageCollector is how the garbage collector calls itself.
const garbageCollector = "system:serviceaccount:kube-system:generic-garbage-collector"

var _ = Describe("A Job that is deleted", func() {
	It("takes its pods with it, whether or not they still run",
		scenario.Claims("J-116", "J-117", "J-120"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "deleted-pod.yaml", jobs.Gated)
			job := s.Job("deleted-pod")
			job.Reach(ctx, expect.RunningPods(2))
			pods := job.Running()
			Expect(jobs.Release(ctx, s, 0, pods[0])).To(Succeed())
			job.Reach(ctx, expect.CountsSucceeded(1), expect.SucceededPods(1), expect.RunningPods(1))

			_, err := s.Kubectl(ctx, "delete", "job", "deleted-pod")
			s.Prove("J-116", err, Not(HaveOccurred()))
			job.Await(ctx, "J-116", expect.NoJob())
			s.Objects().Await(ctx, "J-117 J-120", expect.NoPodNamed(pods[0]), expect.NoPodNamed(pods[1]))

			job.Prove("J-117", expect.HadPods(corev1.PodSucceeded, corev1.PodRunning))
			job.Prove("J-117 J-120", expect.OwnedItsPods(), expect.WentBeforeItsPods())
			if writes, audited := s.Writes(); audited {
				s.Prove("J-120", writes, expect.DeletedBy(garbageCollector, pods...))
			}
		})

	It("in the foreground goes last, and may be finished or suspended",
		scenario.Claims("J-116", "J-117", "J-120"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-1.yaml")
			s.Apply(ctx, "table-17.1.row-2.yaml", jobs.With(suspended))
			s.Job("one-by-one").Reach(ctx, expect.Condition(batchv1.JobSuspended))
			job := s.Job("neither-set")
			job.Reach(ctx, expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))
			pods := expect.Names(job.State().Pods)

			_, err := s.Kubectl(ctx, "delete", "jobs", "neither-set", "one-by-one", "--cascade=foreground")
			s.Prove("J-116", err, Not(HaveOccurred()))
			s.Job("one-by-one").Await(ctx, "J-116", expect.NoJob())
			job.Await(ctx, "J-116", expect.NoJob())
			s.Objects().Await(ctx, "J-117", expect.NoPodNamed(pods[0]))

			job.Prove("J-117", expect.HadPods(corev1.PodSucceeded))
			job.Prove("J-117 J-120", expect.WentAfterItsPods())
			if writes, audited := s.Writes(); audited {
				s.Prove("J-120", writes, expect.DeletedBy(garbageCollector, pods...))
			}
		})

	It("with --cascade=orphan leaves its pods behind, which are nobody's",
		scenario.Claims("J-121", "J-122", "J-123", "J-124"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "job.demo-suspend.yaml", jobs.Gated)
			job, objects := s.Job("demo-suspend"), s.Objects()
			job.Resume(ctx)
			job.Reach(ctx, expect.RunningPods(1))
			pod := job.Running()[0]

			out, err := s.Kubectl(ctx, "delete", "job", "demo-suspend", "--cascade=orphan")
			s.Prove("J-121", err, Not(HaveOccurred()))
			s.Prove("J-124", strings.TrimSpace(out), Equal(fmt.Sprintf("job.batch \"demo-suspend\" deleted from %s namespace", s.Namespace())))
			job.Await(ctx, "J-121", expect.NoJob())
			objects.Await(ctx, "J-121 J-122 J-123", expect.FreePod(pod), expect.RunsPod(pod, 0))

			// Nobody misses the Job's pods: its task goes on until somebody deletes it, and then nothing takes its place.
			_, err = s.Kubectl(ctx, "delete", "pod", pod)
			s.Prove("J-123", err, Not(HaveOccurred()))
			objects.Await(ctx, "J-123", expect.NoPodNamed(pod))
			s.Apply(ctx, "table-17.1.row-1.yaml")
			s.Job("neither-set").Reach(ctx, expect.Condition(batchv1.JobComplete))

			s.Prove("J-121 J-122", s.History(), expect.AnyPodNamed(pod, expect.OutlivedItsJob()))
			s.Prove("J-123", s.History(), expect.AnyPodNamed(pod, And(expect.Exited("demo", jobs.Stopped), expect.Went())))
			job.Prove("J-122 J-123", expect.CreatedPods(1))
		})

	It("while it is suspended has no pod to leave behind",
		scenario.Claims("J-122"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "job.demo-suspend.yaml", jobs.Gated)
			job := s.Job("demo-suspend")
			job.Resume(ctx)
			job.Reach(ctx, expect.RunningPods(1))
			job.Suspend(ctx)
			job.Reach(ctx, expect.Condition(batchv1.JobSuspended), expect.NoPods())

			_, err := s.Kubectl(ctx, "delete", "job", "demo-suspend", "--cascade=orphan")
			Expect(err).NotTo(HaveOccurred())
			job.Reach(ctx, expect.NoJob())
			s.Prove("J-122", expect.Names(s.Live().Pods()), BeEmpty())
		})

	It("by a request that does not say what becomes of its pods leaves them behind",
		scenario.Claims("J-117"),
		func(ctx SpecContext) {
			s := scenario.Apply(ctx, "table-17.1.row-2.yaml", jobs.Gated)
			job, objects := s.Job("one-by-one"), s.Objects()
			job.Reach(ctx, expect.RunningPods(1))
			pod := job.Running()[0]

			Expect(s.Clients().BatchV1().Jobs(s.Namespace()).Delete(ctx, "one-by-one", metav1.DeleteOptions{})).To(Succeed())
			job.Await(ctx, "J-117", expect.NoJob())
			objects.Await(ctx, "J-117", expect.FreePod(pod), expect.RunsPod(pod, 0))
			s.Prove("J-117", s.History(), expect.AnyPodNamed(pod, expect.OutlivedItsJob()))
		})
})
