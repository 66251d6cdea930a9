package judge

import (
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// onNode tells of a node: that it is ready or not, or gone, and of its taints.
func (c *chronicle) onNode(name string, ready corev1.ConditionStatus, taints ...corev1.Taint) {
	n := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: name, UID: "node-" + "uid"}, Spec: corev1.NodeSpec{Taints: taints}}
	n.Status.Conditions = []corev1.NodeCondition{{Type: corev1.NodeReady, Status: ready}}
	typ := history.Modified
	if ready == "" {
		typ = history.Deleted
	}
	c.version(typ, "Node", n)
}

func foreground(j *batchv1.Job) { j.Finalizers = []string{metav1.FinalizerDeleteDependents} }

// withDeadline is an activeDeadlineSeconds, withTTL a ttlSecondsAfterFinished.
func withDeadline(seconds int64) func(*batchv1.Job) {
	return func(j *batchv1.Job) { j.Spec.ActiveDeadlineSeconds = &seconds }
}

func withTTL(seconds int32) func(*batchv1.Job) {
	return func(j *batchv1.Job) { j.Spec.TTLSecondsAfterFinished = &seconds }
}

func (c *chronicle) starts() {
	at := c.now()
	c.changes(func(j *batchv1.Job) { j.Status.StartTime = &at })
}

func (c *chronicle) completes() {
	c.turns("CompletionsReached", batchv1.JobSuccessCriteriaMet, batchv1.JobComplete)
}

func TestEnds(t *testing.T) {
	judged(t, ends, []report{
		{"SuccessCriteriaMet and no more", func(c *chronicle) {
			c.begins(nil)
			c.turns("CompletionsReached", batchv1.JobSuccessCriteriaMet)
			c.minutes(7)
		}, "L05 Job/demo"},
		{"FailureTarget and no more", func(c *chronicle) {
			c.begins(nil)
			c.turns("BackoffLimitExceeded", batchv1.JobFailureTarget)
			c.minutes(7)
		}, "L05 Job/demo"},
		{"Complete late but in time", func(c *chronicle) {
			c.begins(nil)
			c.turns("CompletionsReached", batchv1.JobSuccessCriteriaMet)
			c.minutes(6)
			c.turns("CompletionsReached", batchv1.JobComplete)
			c.minutes(60)
		}, ""},
		{"FailureTarget, and a pod goes on", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.turns("DeadlineExceeded", batchv1.JobFailureTarget)
			c.minutes(7)
		}, "L05 Job/demo"},
		{"FailureTarget, and a webhook refuses to delete the pod", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.turns("DeadlineExceeded", batchv1.JobFailureTarget)
			c.tells("Warning", "FailedDelete", "Error deleting: admission webhook denied the request")
			c.minutes(7)
		}, "blocked L05 Job/demo"},
		{"FailureTarget, and a pod is shutting down", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.turns("DeadlineExceeded", batchv1.JobFailureTarget)
			c.pod("a", c.marked(1800))
			c.minutes(35)
		}, ""},
		{"FailureTarget, and a pod does not end", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.turns("DeadlineExceeded", batchv1.JobFailureTarget)
			c.pod("a", c.marked(30))
			c.minutes(7)
		}, "blocked L05 Job/demo"},
		{"FailureTarget, and a pod has ended after all", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.turns("DeadlineExceeded", batchv1.JobFailureTarget)
			c.pod("a", c.marked(30), untracked)
			c.minutes(20)
			c.goes("a")
			c.minutes(30)
		}, "L05 Job/demo, blocked L05 Job/demo"},
		{"FailureTarget, and a pod is on a node that is lost", func(c *chronicle) {
			c.begins(nil)
			c.onNode("worker", "True")
			c.pod("a")
			c.pod("b")
			c.turns("DeadlineExceeded", batchv1.JobFailureTarget)
			c.pod("a", c.marked(60), untracked)
			c.pod("b", c.marked(30), untracked)
			c.goes("b")
			c.onNode("worker", "Unknown")
			c.minutes(8)
		}, "blocked L05 Job/demo"},
		{"a pod that is not counted comes before Complete", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.turns("CompletionsReached", batchv1.JobSuccessCriteriaMet)
			c.minutes(40)
		}, ""},
		{"a Job of another controller", func(c *chronicle) {
			c.begins(func(j *batchv1.Job) { j.Spec.ManagedBy = new("example.com/other") })
			c.turns("CompletionsReached", batchv1.JobSuccessCriteriaMet)
			c.minutes(40)
		}, ""},

		{"a deadline passes", func(c *chronicle) {
			c.begins(withDeadline(60))
			c.starts()
			c.pod("a")
			c.minutes(8)
		}, "L10 Job/demo"},
		{"a deadline passes and FailureTarget comes late but in time", func(c *chronicle) {
			c.begins(withDeadline(60))
			c.starts()
			c.minutes(6.9)
			c.turns("DeadlineExceeded", batchv1.JobFailureTarget, batchv1.JobFailed)
			c.minutes(60)
		}, ""},
		{"a deadline has not passed", func(c *chronicle) {
			c.begins(withDeadline(3600))
			c.starts()
			c.minutes(65)
		}, ""},
		{"a suspended Job has no deadline", func(c *chronicle) {
			c.begins(both(withDeadline(60), suspends1(true)))
			c.starts()
			c.minutes(60)
		}, ""},
		{"a deadline is set when it has passed", func(c *chronicle) {
			c.begins(nil)
			c.starts()
			c.minutes(60)
			c.changes(withDeadline(60))
			c.minutes(67)
		}, "L10 Job/demo"},
		{"a deadline is made shorter", func(c *chronicle) {
			c.begins(withDeadline(36000))
			c.starts()
			c.minutes(1)
			c.changes(withDeadline(120))
			c.minutes(9)
		}, "L10 Job/demo"},
		{"a deadline is made longer", func(c *chronicle) {
			c.begins(withDeadline(60))
			c.starts()
			c.minutes(3)
			c.changes(withDeadline(3600))
			c.minutes(60)
		}, ""},
		{"the recorder's clock is ahead of the cluster's", func(c *chronicle) {
			c.begins(withDeadline(600))
			c.job.CreationTimestamp = metav1.NewTime(c.job.CreationTimestamp.Add(-time.Hour))
			c.lines, c.rv = nil, 0
			c.version(history.Added, "Job", c.job)
			c.changes(func(j *batchv1.Job) { j.Status.StartTime = new(c.job.CreationTimestamp) })
			c.minutes(15)
		}, ""},

		{"a finished Job stays after its ttl", func(c *chronicle) {
			c.begins(withTTL(60))
			c.completes()
			c.minutes(5)
		}, "L11 Job/demo"},
		{"a finished Job is deleted after its ttl", func(c *chronicle) {
			c.begins(withTTL(60))
			c.completes()
			c.minutes(3)
			c.changes(func(j *batchv1.Job) { foreground(j); j.DeletionTimestamp = new(c.now()) })
			c.removes()
			c.minutes(60)
		}, ""},
		{"a finished Job has a long ttl", func(c *chronicle) {
			c.begins(withTTL(3600))
			c.completes()
			c.minutes(60)
		}, ""},
		{"an unfinished Job has a ttl", func(c *chronicle) {
			c.begins(withTTL(0))
			c.minutes(60)
		}, ""},
		{"a webhook refuses the deletion of a Job", func(c *chronicle) {
			c.begins(withTTL(60))
			c.completes()
			c.minutes(4)
			c.refuses("delete", "jobs", "demo", 403)
			c.minutes(5)
		}, "blocked L11 Job/demo"},

		{"a Job that is gone leaves its pod", func(c *chronicle) {
			c.begins(nil)
			c.pod("a", untracked)
			c.removes()
			c.minutes(7)
		}, "L12 Pod/demo-a"},
		{"a Job that is gone leaves a pod that was deleted", func(c *chronicle) {
			c.begins(nil)
			c.pod("a", untracked)
			c.removes()
			c.pod("a", c.marked(600))
			c.minutes(15)
		}, ""},
		{"a Job that is gone leaves a pod for ever that was deleted", func(c *chronicle) {
			c.begins(nil)
			c.pod("a", untracked)
			c.removes()
			c.pod("a", c.marked(600))
			c.minutes(17)
		}, "L12 Pod/demo-a"},
		{"a Job that is gone leaves a pod that it orphaned", func(c *chronicle) {
			c.begins(nil)
			c.pod("a", untracked)
			c.pod("a", orphaned)
			c.removes()
			c.minutes(60)
		}, ""},
		{"a pod has somebody else's finalizer", func(c *chronicle) {
			c.begins(nil)
			c.pod("a", func(p *corev1.Pod) { p.Finalizers = []string{"example.com/keep"} })
			c.removes()
			c.pod("a", c.marked(0))
			c.minutes(7)
		}, "blocked L12 Pod/demo-a"},
		{"a pod is on a node that is lost", func(c *chronicle) {
			c.begins(nil)
			c.onNode("worker", "True")
			c.pod("a", untracked)
			c.removes()
			c.pod("a", c.marked(30))
			c.onNode("worker", "Unknown")
			c.minutes(7)
		}, "blocked L12 Pod/demo-a"},
		{"a pod has the tracking finalizer, which is another matter", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.removes()
			c.pod("a", c.marked(0))
			c.minutes(60)
		}, ""},
		{"a Job that is deleted in the foreground leaves its pod", func(c *chronicle) {
			c.begins(nil)
			c.pod("a", untracked)
			c.changes(both(foreground, deletedJob(c)))
			c.pod("a")
			c.minutes(7)
		}, "L12 Pod/demo-a"},
		{"a Job that is deleted in the foreground does not go", func(c *chronicle) {
			c.begins(nil)
			c.pod("a", untracked)
			c.changes(both(foreground, deletedJob(c)))
			c.pod("a", c.marked(0))
			c.goes("a")
			c.minutes(7)
		}, "L12 Job/demo"},
		{"a Job has somebody else's finalizer", func(c *chronicle) {
			c.begins(nil)
			c.changes(func(j *batchv1.Job) { deletedJob(c)(j); j.Finalizers = []string{"example.com/keep"} })
			c.minutes(7)
		}, "blocked L12 Job/demo"},
	})
}
