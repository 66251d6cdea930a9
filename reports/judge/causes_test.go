package judge

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// suspends tells that the Job is suspended.
func (c *chronicle) suspends() { c.changes(func(j *batchv1.Job) { j.Spec.Suspend = new(true) }) }

// isSuspended is what the controller writes once it has seen to a suspension.
func isSuspended(j *batchv1.Job) {
	j.Status.Conditions = append(j.Status.Conditions, batchv1.JobCondition{Type: batchv1.JobSuspended, Status: corev1.ConditionTrue})
}

// fewer tells that one pod less is wanted.
func (c *chronicle) fewer() {
	c.changes(func(j *batchv1.Job) { j.Spec.Parallelism = new(*j.Spec.Parallelism - 1) })
}

func TestRemovedPodsAreNotFailures(t *testing.T) {
	marked := func(c *chronicle, names ...string) {
		for _, name := range names {
			c.pod(name, c.marked(30))
		}
	}
	deletedBy := func(user string) func(*chronicle) {
		return func(c *chronicle) {
			c.runs(twoOf(2))
			c.asks(user, "delete", "pods", "-a", "")
			marked(c, "a")
			c.accounts(1, nil, []string{"a"}, 0, 0)
		}
	}
	judged(t, causes, []report{
		{"without the finalizer", func(c *chronicle) {
			c.runs(twoOf(2))
			c.suspends()
			c.pod("a", untracked)
			c.pod("b", untracked)
			marked(c, "a", "b")
			c.accounts(0, nil, nil, 0, 0, isSuspended)
		}, ""},
		{"without it, and counted", func(c *chronicle) {
			c.runs(twoOf(2))
			c.suspends()
			c.pod("a", untracked)
			marked(c, "a")
			c.accounts(1, nil, nil, 0, 0, isSuspended)
			c.accounts(1, nil, []string{"a"}, 0, 0)
		}, "P17 Job/demo"},
		{"without it, and the Job fails", func(c *chronicle) {
			c.runs(twoOf(2))
			c.suspends()
			c.pod("a", untracked)
			marked(c, "a")
			c.turns("", batchv1.JobFailureTarget)
			c.accounts(0, nil, []string{"a"}, 0, 0)
		}, ""},
		{"with the finalizer", func(c *chronicle) {
			c.runs(twoOf(2))
			c.suspends()
			marked(c, "a", "b")
			c.accounts(0, nil, nil, 0, 0, isSuspended)
			c.accounts(0, nil, []string{"a", "b"}, 0, 0)
		}, "P17 Job/demo"},
		{"with the finalizer because fewer are wanted", func(c *chronicle) {
			c.runs(twoOf(2))
			c.fewer()
			marked(c, "a")
			c.accounts(1, nil, nil, 0, 0)
			c.pod("a", c.failed())
			c.accounts(1, nil, []string{"a"}, 0, 0)
		}, "P17 Job/demo"},
		{"that somebody deleted just before", func(c *chronicle) {
			c.runs(twoOf(2))
			marked(c, "a")
			c.suspends()
			c.pod("b", untracked)
			marked(c, "b")
			c.accounts(0, nil, []string{"a"}, 0, 0, isSuspended)
		}, ""},
		{"that somebody deleted and the controller did not see", func(c *chronicle) {
			c.runs(twoOf(2))
			c.fewer()
			c.pod("b", untracked)
			marked(c, "b", "a")
			c.accounts(1, nil, nil, 0, 0)
			c.accounts(0, nil, []string{"a"}, 0, 0)
		}, ""},
		{"that somebody deleted, of failed ones only", func(c *chronicle) {
			c.runs(func(j *batchv1.Job) { twoOf(2)(j); j.Spec.PodReplacementPolicy = new(batchv1.Failed) })
			marked(c, "a")
			c.fewer()
			c.accounts(1, nil, nil, 0, 0)
			c.pod("a", c.failed())
			c.accounts(1, nil, []string{"a"}, 0, 0)
		}, ""},
		{"kept for the failures of their index", func(c *chronicle) {
			c.runs(func(j *batchv1.Job) { twoOfIndexed(j); j.Spec.BackoffLimitPerIndex = new(int32(1)) })
			marked(c, "a")
			c.suspends()
			c.pod("b", untracked)
			c.accounts(0, nil, nil, 0, 0, isSuspended)
			c.accounts(0, nil, []string{"a"}, 0, 0)
		}, ""},
		{"deleted by the controller", deletedBy(jobController), "P17 Job/demo"},
		{"deleted by a user", deletedBy("admin"), ""},
		{"deleted by the controller because the Job ends", func(c *chronicle) {
			deletedBy(jobController)(c)
			c.lines = c.lines[:len(c.lines)-1]
			c.job.Status.UncountedTerminatedPods = nil
			c.turns("", batchv1.JobSuccessCriteriaMet)
			c.accounts(1, nil, []string{"a"}, 0, 0)
		}, ""},
		{"deleted by the controller because the limit was reached", func(c *chronicle) {
			c.runs(func(j *batchv1.Job) { twoOf(2)(j); j.Spec.BackoffLimit = new(int32(0)) })
			c.asks(jobController, "delete", "pods", "-a", "")
			marked(c, "a")
			c.accounts(1, nil, []string{"a"}, 0, 0)
		}, ""},
		{"deleted by the controller because of a deadline", func(c *chronicle) {
			c.runs(func(j *batchv1.Job) { twoOf(2)(j); j.Spec.ActiveDeadlineSeconds = new(int64(1)) })
			c.asks(jobController, "delete", "pods", "-a", "")
			marked(c, "a")
			c.accounts(1, nil, []string{"a"}, 0, 0)
		}, ""},
	})
}

func TestDeletionsCount(t *testing.T) {
	uncounted := func(change func(*batchv1.Job), deleted func(*chronicle)) func(*chronicle) {
		return func(c *chronicle) {
			c.runs(change)
			deleted(c)
			c.pod("a", untracked)
		}
	}
	marked := func(c *chronicle) { c.pod("a", c.marked(30)) }
	judged(t, causes, []report{
		{"counted", func(c *chronicle) {
			c.runs(twoOf(2))
			marked(c)
			c.accounts(1, nil, []string{"a"}, 0, 0)
			c.pod("a", untracked)
		}, ""},
		{"uncounted", uncounted(twoOf(2), marked), "P18 Pod/demo-a"},
		{"removed uncounted", func(c *chronicle) {
			c.runs(twoOf(2))
			marked(c)
			c.goes("a")
		}, "P18 Pod/demo-a"},
		{"by a user, uncounted", uncounted(twoOf(2), func(c *chronicle) {
			c.asks("admin", "delete", "pods", "-a", "")
			marked(c)
		}), "P18 Pod/demo-a"},
		{"by eviction, uncounted", uncounted(twoOf(2), func(c *chronicle) {
			c.asks("admin", "create", "pods", "-a", "eviction")
			marked(c)
		}), "P18 Pod/demo-a"},
		{"by the controller", uncounted(twoOf(2), func(c *chronicle) {
			c.asks(jobController, "delete", "pods", "-a", "")
			marked(c)
		}), ""},
		{"by force", uncounted(twoOf(2), func(c *chronicle) { c.pod("a", c.marked(0)) }), ""},
		{"before it had a node", uncounted(twoOf(2), func(c *chronicle) {
			c.pod("a", c.marked(0), func(p *corev1.Pod) { p.Spec.NodeName = "" })
		}), "P18 Pod/demo-a"},
		{"of failed ones only", uncounted(func(j *batchv1.Job) {
			twoOf(2)(j)
			j.Spec.PodReplacementPolicy = new(batchv1.Failed)
		}, marked), ""},
		{"of a suspended Job", uncounted(twoOf(2), func(c *chronicle) { marked(c); c.suspends() }), ""},
		{"of a Job that met its criteria", uncounted(twoOf(2), func(c *chronicle) {
			marked(c)
			c.turns("", batchv1.JobSuccessCriteriaMet)
		}), ""},
		{"of a Job that is being deleted", uncounted(twoOf(2), func(c *chronicle) { marked(c); c.changes(deleting(c)) }), ""},
		{"of a pod without an index", uncounted(twoOfIndexed, func(c *chronicle) {
			c.pod("a", c.marked(30), func(p *corev1.Pod) { p.Annotations = nil })
		}), ""},
		{"of a pod that is released", uncounted(twoOf(2), func(c *chronicle) {
			marked(c)
			c.pods["a"].OwnerReferences = nil
		}), ""},
	})
}
