package judge

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// created tells that the controller creates a pod and says so.
func (c *chronicle) created(name string) {
	c.pod(name)
	c.tells("Normal", "SuccessfulCreate", "Created pod: demo-"+name)
}

func (c *chronicle) decides() { c.turns(batchv1.JobReasonDeadlineExceeded, batchv1.JobFailureTarget) }

func (c *chronicle) finishes() { c.turns(batchv1.JobReasonDeadlineExceeded, batchv1.JobFailed) }

func deleting(c *chronicle, finalizers ...string) func(*batchv1.Job) {
	at := c.now()
	return func(j *batchv1.Job) { j.DeletionTimestamp, j.Finalizers = &at, finalizers }
}

func TestPodsWhenTheOutcomeIsDecided(t *testing.T) {
	judged(t, endings, []report{
		{"deleted", func(c *chronicle) {
			c.begins(nil)
			c.created("a")
			c.pod("a", c.marked(30))
			c.decides()
		}, ""},
		{"active", func(c *chronicle) {
			c.begins(nil)
			c.created("a")
			c.decides()
		}, "P22 Job/demo"},
		{"active with success", func(c *chronicle) {
			c.begins(nil)
			c.created("a")
			c.turns(batchv1.JobReasonCompletionsReached, batchv1.JobSuccessCriteriaMet)
		}, "P22 Job/demo"},
		{"active for long", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.at(31)
			c.decides()
		}, "P22 Job/demo"},
		{"one that the controller may not know of", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.at(29)
			c.decides()
		}, "unsure P22 Job/demo"},
		{"one that it may not know of and one that it does", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.created("b")
			c.decides()
		}, "P22 Job/demo"},
		{"not released from a Job that is deleted", func(c *chronicle) {
			c.begins(nil)
			c.created("a")
			c.pod("a", func(p *corev1.Pod) { p.Labels = nil })
			c.changes(deleting(c, metav1.FinalizerDeleteDependents))
			c.decides()
		}, ""},
		{"not released from a Job that goes on", func(c *chronicle) {
			c.begins(nil)
			c.created("a")
			c.pod("a", func(p *corev1.Pod) { p.Labels = nil })
			c.decides()
		}, "P22 Job/demo"},
		{"of another controller's Job", func(c *chronicle) {
			c.begins(func(j *batchv1.Job) { j.Spec.ManagedBy = new("example.com/other") })
			c.created("a")
			c.decides()
		}, ""},
	})
}

func TestPodsWhenAJobHasFinished(t *testing.T) {
	decided := func(c *chronicle) {
		c.begins(nil)
		c.created("a")
		c.pod("a", c.marked(30))
		c.decides()
	}
	judged(t, endings, []report{
		{"gone", func(c *chronicle) {
			decided(c)
			c.goes("a")
			c.finishes()
		}, ""},
		{"finished", func(c *chronicle) {
			decided(c)
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.finishes()
		}, ""},
		{"terminating", func(c *chronicle) {
			decided(c)
			c.finishes()
		}, "P23 Job/demo"},
		{"active", func(c *chronicle) {
			c.begins(nil)
			c.decides()
			c.created("a")
			c.finishes()
		}, "P23 Job/demo"},
		{"active and not known of", func(c *chronicle) {
			c.begins(nil)
			c.decides()
			c.pod("a")
			c.finishes()
		}, "unsure P23 Job/demo"},
		{"one that is added later", func(c *chronicle) {
			c.begins(nil)
			c.decides()
			c.finishes()
			c.created("a")
			c.changes(func(j *batchv1.Job) { j.Labels = map[string]string{"seen": "true"} })
		}, ""},
		{"not released from a Job that is deleted", func(c *chronicle) {
			c.begins(nil)
			c.created("a")
			c.pod("a", func(p *corev1.Pod) { p.Labels = nil })
			c.changes(deleting(c, metav1.FinalizerDeleteDependents))
			c.decides()
			c.finishes()
		}, ""},
	})
}
