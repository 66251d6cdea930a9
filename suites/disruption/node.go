package disruption

import (
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/e2e-framework/klient/k8s"

	"github.com/jobproof/jobproof/chaos/nodes"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// evicted is why a pod is deleted that has tolerated the loss of its node for as long as it does.
const evicted = "DeletionByTaintManager"

// comeback is how long a victim may take to be Ready after it was started.
var comeback = scenario.Bound{Limit: 5 * time.Minute, Origin: "10 s from the start of a killed node to Ready were seen on two cores, " +
	"and up to 1 min until the Job controller looks again (MaxJobApiBackOff, pkg/controller/job/job_controller.go); " +
	"doubled for a busy machine"}

var _ = Describe("A Job whose node dies", scenario.Slow, scenario.Chaos, func() {
	It("is done on other nodes, and is finished once the dead pods are gone",
		scenario.Claims("J-037", "J-039", "J-166"),
		func(ctx SpecContext) { losesItsNode(ctx, 5*time.Second) })

	It("is done on other nodes after 6 minutes, where its pods tolerate what they do by default",
		scenario.Claims("J-037", "J-039", "J-166"),
		func(ctx SpecContext) { losesItsNode(ctx, defaultToleration, tolerant) })

	It("repeats just the indexes that were lost, and counts each of them once",
		scenario.Claims("J-039", "J-166", "J-218"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			victim := s.Borrow(ctx)
			s.Apply(ctx, "chaos.node-indexed.yaml", jobs.Gated, jobs.On(victim))
			job := s.Job("node-indexed")
			job.Reach(ctx, expect.RunningPodsOn(victim, 4))
			Expect(jobs.Release(ctx, s, 0, expect.Names(expect.OfIndex(job.State(), 2))...)).To(Succeed())
			job.Reach(ctx, expect.CountsSucceeded(1))

			back := s.Hit(ctx, nodes.Kill(victim))
			job.Within(scenario.NodeLoss).Reach(ctx, expect.UnheardNode(victim))
			job.Within(scenario.Replacement).Await(ctx, "J-039 J-218", expect.TerminatingPods(3), expect.CountsFailed(3), expect.RunningPods(3))
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-166", expect.Condition(batchv1.JobSuccessCriteriaMet), expect.CountsSucceeded(4))
			back(ctx)
			job.Within(comeback).Await(ctx, "J-166", expect.Condition(batchv1.JobComplete), expect.TerminatingPods(0))

			job.Prove("J-039 J-218", expect.CreatedPods(7), expect.RepeatedLostIndexes(victim), expect.DeletedPodsOnceLost(victim, evicted))
			job.Prove("J-166", expect.CompletedIndexes("0-3"), expect.CountedSuccesses(4), expect.CountedFailures(3))
		})
})

// defaultToleration is how long a pod stays on a node that is not Ready if it does not say
// (defaultUnreachableTolerationSeconds, plugin/pkg/admission/defaulttolerationseconds/admission.go:45).
const defaultToleration = 300 * time.Second

// losesItsNode kills the node of two tasks and of a pod that nobody owns, all of which stay on a dead node that long.
func losesItsNode(ctx SpecContext, toleration time.Duration, edits ...scenario.Edit) {
	s := scenario.Begin(ctx)
	victim := s.Borrow(ctx)
	s.Apply(ctx, "node-loss.yaml", append(edits, jobs.Gated, jobs.On(victim))...)
	s.Apply(ctx, "contrast.node-loss.yaml", append(edits, jobs.On(victim))...)
	job, objects := s.Job("node-loss"), s.Objects()
	job.Reach(ctx, expect.RunningPodsOn(victim, 2))
	objects.Reach(ctx, expect.RunsPod("lone", 0))

	back := s.Hit(ctx, nodes.Kill(victim))
	job.Within(scenario.NodeLoss).Reach(ctx, expect.UnheardNode(victim))
	job.Within(scenario.Eviction).Await(ctx, "J-039", expect.TerminatingPods(2), expect.CountsFailed(2))
	objects.Within(scenario.Eviction).Await(ctx, "J-037", expect.TerminatingPod("lone"))
	job.Within(scenario.Replacement).Await(ctx, "J-039", expect.RunningPods(2))
	Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
	job.Await(ctx, "J-039 J-166", expect.Condition(batchv1.JobSuccessCriteriaMet), expect.CountsSucceeded(2),
		expect.SucceededPods(2), expect.TerminatingPods(2))

	back(ctx)
	job.Within(comeback).Await(ctx, "J-039 J-166", expect.Condition(batchv1.JobComplete), expect.ReadyNode(victim),
		expect.TerminatingPods(0), expect.FailedPods(0))
	objects.Within(comeback).Await(ctx, "J-037", expect.NoPodNamed("lone"))

	s.Prove("J-039", s.History(), expect.LostAndRegained(victim))
	// That nothing took its place is evidence because the Job's pods were replaced meanwhile.
	s.Prove("J-037", s.History(), expect.BornAlone("lone"))
	s.Prove("J-037", s.History(), expect.AnyPodNamed("lone", And(expect.DisruptedBy(evicted), expect.Went())))
	job.Prove("J-037 J-039", expect.CreatedPods(4))
	job.Prove("J-039", expect.DeletedPodsOnceLost(victim, evicted), expect.LeftALostNodeAfter(victim, toleration),
		expect.ThePod(2, HaveField("Node", Not(Equal(victim)))),
		expect.ThePod(3, HaveField("Node", Not(Equal(victim)))))
	job.Prove("J-039 J-166", expect.WaitedForTerminatingPods(batchv1.JobSuccessCriteriaMet, batchv1.JobComplete))
	job.Prove("J-166", expect.CountedSuccesses(2), expect.CountedFailures(2), expect.CountedEachPodOnce(),
		expect.NeverBecame(batchv1.JobFailed))
}

// tolerant is an edit that takes from pods what they say about nodes that are not Ready.
func tolerant(object k8s.Object) {
	without := func(pod *corev1.PodSpec) {
		pod.Tolerations = slices.DeleteFunc(pod.Tolerations, func(t corev1.Toleration) bool { return t.Effect == corev1.TaintEffectNoExecute })
	}
	if pod, is := object.(*corev1.Pod); is {
		without(&pod.Spec)
	}
	jobs.With(func(job *batchv1.Job) { without(&job.Spec.Template.Spec) })(object)
}
