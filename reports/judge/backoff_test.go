package judge

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// takes makes a Job that takes so many failures; restarts, one whose containers are restarted.
func takes(failures int32) func(*batchv1.Job) {
	return func(j *batchv1.Job) { j.Spec.BackoffLimit = &failures }
}

func restarts(failures int32) func(*batchv1.Job) {
	return func(j *batchv1.Job) {
		takes(failures)(j)
		j.Spec.Template.Spec.RestartPolicy = corev1.RestartPolicyOnFailure
	}
}

func restarted(times int32) func(*corev1.Pod) {
	return func(p *corev1.Pod) { p.Status.ContainerStatuses[0].RestartCount = times }
}

// exceeds tells that the Job is to fail for its backoffLimit.
func (c *chronicle) exceeds() {
	c.turns(batchv1.JobReasonBackoffLimitExceeded, batchv1.JobFailureTarget)
}

func TestBackoffLimit(t *testing.T) {
	judged(t, backoff, []report{
		{"exceeded", func(c *chronicle) {
			c.begins(takes(1))
			c.pod("a")
			c.fails("a")
			c.at(20)
			c.pod("b")
			c.pod("b", c.ended(corev1.PodFailed))
			c.exceeds()
		}, ""},
		{"not exceeded", func(c *chronicle) {
			c.begins(takes(1))
			c.pod("a")
			c.pod("a", c.ended(corev1.PodFailed))
			c.exceeds()
		}, "P19 Job/demo"},
		{"reached for another reason", func(c *chronicle) {
			c.begins(takes(1))
			c.turns(batchv1.JobReasonDeadlineExceeded, batchv1.JobFailureTarget)
		}, ""},
		{"by a pod that succeeded", func(c *chronicle) {
			c.begins(takes(0))
			c.pod("a")
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.exceeds()
		}, "P19 Job/demo"},
		{"by pods that are deleted", func(c *chronicle) {
			c.begins(takes(0))
			c.pod("a")
			c.pod("a", c.marked(30))
			c.exceeds()
		}, ""},
		{"by pods that are deleted and count when they have failed", func(c *chronicle) {
			c.begins(func(j *batchv1.Job) {
				takes(0)(j)
				j.Spec.PodReplacementPolicy = new(batchv1.Failed)
			})
			c.pod("a")
			c.pod("a", c.marked(30))
			c.exceeds()
		}, "P19 Job/demo"},
		{"by pods that the controller itself deletes for it", func(c *chronicle) {
			c.begins(takes(1))
			c.pod("a")
			c.pod("b")
			c.pod("a", c.ended(corev1.PodFailed))
			c.asks(jobController, "delete", "pods", "-b", "")
			c.pod("b", c.marked(30))
			c.exceeds()
		}, "P19 Job/demo"},
		{"by pods that somebody deletes", func(c *chronicle) {
			c.begins(takes(1))
			c.pod("a")
			c.pod("b")
			c.pod("a", c.ended(corev1.PodFailed))
			c.asks(person, "delete", "pods", "-b", "")
			c.pod("b", c.marked(30))
			c.exceeds()
		}, ""},
		{"by pods that the controller had deleted before", func(c *chronicle) {
			c.begins(takes(1))
			c.pod("a")
			c.pod("b")
			c.pod("a", c.ended(corev1.PodFailed))
			c.asks(jobController, "delete", "pods", "-b", "")
			c.pod("b", c.marked(30))
			c.changes(func(j *batchv1.Job) { j.Status.Terminating = new(int32(1)) })
			c.exceeds()
		}, ""},
		{"by pods that are gone and were not counted", func(c *chronicle) {
			c.begins(takes(0))
			c.pod("a")
			c.pod("a", c.marked(30))
			c.goes("a")
			c.exceeds()
		}, ""},
		{"by pods that have left the Job and were not counted", func(c *chronicle) {
			c.begins(takes(0))
			c.pod("a")
			c.pod("a", c.ended(corev1.PodFailed))
			c.pod("a", func(p *corev1.Pod) { p.OwnerReferences = nil })
			c.exceeds()
		}, ""},
		{"by pods that are gone and were counted", func(c *chronicle) {
			c.begins(takes(1))
			c.pod("a")
			c.fails("a")
			c.goes("a")
			c.exceeds()
		}, "P19 Job/demo"},
		{"as the version before says", func(c *chronicle) {
			c.begins(takes(1))
			c.changes(func(j *batchv1.Job) { j.Status.Failed = 2 })
			c.exceeds()
		}, ""},
		{"of a Job of another controller", func(c *chronicle) {
			c.begins(func(j *batchv1.Job) { j.Spec.ManagedBy = new("example.com/other") })
			c.exceeds()
		}, ""},

		{"reached by restarts", func(c *chronicle) {
			c.begins(restarts(2))
			c.pod("a")
			c.pod("a", restarted(2))
			c.exceeds()
		}, ""},
		{"reached by one restart", func(c *chronicle) {
			c.begins(restarts(0))
			c.pod("a")
			c.pod("a", restarted(1))
			c.exceeds()
		}, ""},
		{"reached by no restart", func(c *chronicle) {
			c.begins(restarts(0))
			c.pod("a")
			c.exceeds()
		}, "P19 Job/demo"},
		{"one restart too few", func(c *chronicle) {
			c.begins(restarts(2))
			c.pod("a")
			c.pod("a", restarted(1))
			c.exceeds()
		}, "P19 Job/demo"},
		{"restarts of pods that are not restarted", func(c *chronicle) {
			c.begins(takes(2))
			c.pod("a")
			c.pod("a", restarted(2))
			c.exceeds()
		}, "P19 Job/demo"},
		{"restarts of several pods", func(c *chronicle) {
			c.begins(restarts(2))
			c.pod("a", restarted(1))
			c.pod("b", restarted(1))
			c.exceeds()
		}, ""},
		{"restarts of a pod that has just succeeded", func(c *chronicle) {
			c.begins(restarts(2))
			c.pod("a", restarted(2))
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.exceeds()
		}, ""},
		{"restarts of a pod whose success is counted", func(c *chronicle) {
			c.begins(restarts(2))
			c.pod("a", restarted(2))
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.pod("a", untracked)
			c.exceeds()
		}, "P19 Job/demo"},
		{"restarts of a pod that is gone", func(c *chronicle) {
			c.begins(restarts(2))
			c.pod("a", restarted(2))
			c.pod("a", c.marked(0))
			c.goes("a")
			c.exceeds()
		}, ""},
		{"restarts that are no longer counted", func(c *chronicle) {
			c.begins(restarts(2))
			c.pod("a", restarted(2))
			c.pod("a", restarted(0))
			c.exceeds()
		}, ""},
	})
}

func TestNoPodOnceTheBackoffLimitIsExceeded(t *testing.T) {
	over := func(c *chronicle) {
		c.begins(takes(0))
		c.pod("a")
		c.pod("a", c.ended(corev1.PodFailed))
		c.lists("a")
	}
	judged(t, backoff, []report{
		{"created", func(c *chronicle) {
			over(c)
			c.at(30)
			c.pod("b")
		}, "P19 Pod/demo-b"},
		{"created when all is counted", func(c *chronicle) {
			over(c)
			c.counts("a")
			c.at(30)
			c.pod("b")
		}, "P19 Pod/demo-b"},
		{"created within the limit", func(c *chronicle) {
			c.begins(takes(1))
			c.pod("a")
			c.fails("a")
			c.at(30)
			c.pod("b")
		}, ""},
		{"the limit is raised", func(c *chronicle) {
			over(c)
			c.changes(takes(1))
			c.at(30)
			c.pod("b")
		}, ""},
		{"the limit is lowered while the pod is created", func(c *chronicle) {
			c.begins(takes(1))
			c.pod("a")
			c.fails("a")
			c.changes(takes(0))
			c.at(30)
			c.pod("b")
		}, ""},
	})
}
