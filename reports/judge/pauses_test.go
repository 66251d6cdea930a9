package judge

import (
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

func TestPauseAfter(t *testing.T) {
	for n, want := range map[int]time.Duration{
		1: 10 * time.Second, 2: 20 * time.Second, 3: 40 * time.Second, 6: 320 * time.Second, 7: 10 * time.Minute,
		99: 10 * time.Minute,
	} {
		if got := pauseAfter(n); got != want {
			t.Errorf("after %d failures it is %v, want %v", n, got, want)
		}
	}
}

// two makes a Job of several pods.
func two(j *batchv1.Job) { j.Spec.Parallelism, j.Spec.Completions = new(int32(2)), new(int32(9)) }

// oneMore gives a pod one more container, which runs.
func oneMore(p *corev1.Pod) {
	p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, corev1.ContainerStatus{Name: "other"})
}

func TestPauses(t *testing.T) {
	once := func(c *chronicle) { // fails at 5
		c.begins(two)
		c.pod("a")
		c.at(5)
		c.fails("a")
	}
	ignores := func(c *chronicle) { // fails at 5 and, which is ignored, at 16
		c.begins(perIndexLimit(3))
		c.pod("a", tallied(0, 0, 0))
		c.at(5)
		c.pod("a", c.ended(corev1.PodFailed))
		c.at(15)
		c.pod("b", tallied(0, 1, 0))
		c.at(16)
		c.pod("b", c.ended(corev1.PodFailed))
	}
	judged(t, backoff, []report{
		{"kept", func(c *chronicle) {
			once(c)
			c.at(15)
			c.pod("b")
		}, ""},
		{"a second less", func(c *chronicle) {
			once(c)
			c.at(14)
			c.pod("b")
		}, ""},
		{"too short", func(c *chronicle) {
			once(c)
			c.at(13)
			c.pod("b")
		}, "P20 Pod/demo-b"},
		{"doubled", func(c *chronicle) {
			once(c)
			c.at(15)
			c.pod("b")
			c.at(16)
			c.fails("b")
			c.at(36)
			c.pod("c")
		}, ""},
		{"not doubled", func(c *chronicle) {
			once(c)
			c.at(15)
			c.pod("b")
			c.at(16)
			c.fails("b")
			c.at(26)
			c.pod("c")
		}, "P20 Pod/demo-c"},
		{"failures at the same time add up", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.pod("b")
			c.at(5)
			c.fails("a", "b")
			c.at(20)
			c.pod("c")
		}, "P20 Pod/demo-c"},
		{"after the last of those at the same time", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.pod("b")
			c.at(5)
			c.fails("b", "a") // at 5 and 6
			c.at(26)
			c.pod("c")
		}, ""},
		{"too soon after the last of those at the same time", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.pod("b")
			c.at(5)
			c.fails("b", "a") // at 5 and 6
			c.at(24)
			c.pod("c")
		}, "P20 Pod/demo-c"},
		{"another pod too, while one waits", func(c *chronicle) {
			once(c)
			c.changes(func(j *batchv1.Job) { j.Spec.Parallelism = new(int32(3)) })
			c.at(10)
			c.pod("b")
		}, "P20 Pod/demo-b"},
		{"a success ends the row", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.pod("b")
			c.at(5)
			c.fails("a")
			c.pod("b", c.ended(corev1.PodSucceeded))
			c.at(7)
			c.pod("c")
		}, ""},
		{"a success before the failures that is seen after them", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.pod("b")
			c.at(3)
			success := c.ended(corev1.PodSucceeded)
			c.at(5)
			c.fails("a")
			c.pod("b", success)
			c.at(7)
			c.pod("c")
		}, ""},
		{"a success while a failure is not counted yet", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.pod("b")
			c.at(5)
			c.pod("a", c.ended(corev1.PodFailed))
			c.pod("b", c.ended(corev1.PodSucceeded))
			c.lists("a")
			c.counts("a")
			c.at(7)
			c.pod("c")
		}, ""},
		{"a success that is not counted yet when one fails", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.pod("b")
			c.at(5)
			c.pod("b", c.ended(corev1.PodSucceeded))
			c.fails("a")
			c.pod("b", untracked)
			c.at(7)
			c.pod("c")
		}, ""},
		{"a row after a success", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.pod("b")
			c.at(5)
			c.pod("b", c.ended(corev1.PodSucceeded))
			c.pod("b", untracked)
			c.at(6)
			c.fails("a")
			c.at(10)
			c.pod("c")
		}, "P20 Pod/demo-c"},
		{"a pod that was unready counts since then", func(c *chronicle) {
			c.begins(two)
			c.pod("a", c.unready())
			c.at(50)
			c.pod("a", c.marked(30))
			c.lists("a")
			c.counts("a")
			c.at(52)
			c.pod("b")
		}, ""},
		{"one that was unready, after another has failed", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.pod("b", c.unready())
			c.at(50)
			c.fails("a")
			c.pod("b", c.marked(30))
			c.at(52)
			c.pod("c")
		}, ""},
		{"one that was unready for a short time, after another has failed", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.pod("b")
			c.at(45)
			c.pod("b", c.unready())
			c.at(50)
			c.fails("a")
			c.pod("b", c.marked(30))
			c.at(57)
			c.pod("c")
		}, "P20 Pod/demo-c"},
		{"one that was unready, and another that fails after it", func(c *chronicle) {
			c.begins(two)
			c.pod("a", c.unready())
			c.pod("b")
			c.at(50)
			c.pod("a", c.marked(30))
			c.lists("a")
			c.counts("a")
			c.fails("b")
			c.at(60)
			c.pod("c")
		}, "P20 Pod/demo-c"},
		{"a pod that changes after it was listed", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.at(50)
			c.pod("a", c.marked(30))
			c.lists("a")
			c.pod("a", c.ended(corev1.PodRunning), oneMore)
			c.counts("a")
			c.at(55)
			c.pod("b")
		}, "P20 Pod/demo-b"},
		{"a pod that is deleted while it is ready, and replaced in time", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.at(50)
			c.pod("a", c.marked(30))
			c.lists("a")
			c.counts("a")
			c.at(60)
			c.pod("b")
		}, ""},
		{"a pod that is deleted while it is ready", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.at(50)
			c.pod("a", c.marked(30))
			c.lists("a")
			c.counts("a")
			c.at(55)
			c.pod("b")
		}, "P20 Pod/demo-b"},
		{"a pod that is deleted while one of its containers runs", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.at(50)
			c.pod("a", c.ended(corev1.PodRunning), c.marked(30), oneMore)
			c.lists("a")
			c.counts("a")
			c.at(52)
			c.pod("b")
		}, ""},
		{"a pod without statuses", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.at(50)
			c.pod("a", func(p *corev1.Pod) { p.Status = corev1.PodStatus{Phase: corev1.PodFailed} })
			c.lists("a")
			c.counts("a")
			c.at(52)
			c.pod("b")
		}, ""},
		{"a pod that is deleted when it was just unready", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.at(49)
			c.pod("a", c.unready())
			c.at(50)
			c.pod("a", c.marked(30))
			c.lists("a")
			c.counts("a")
			c.at(55)
			c.pod("b")
		}, "P20 Pod/demo-b"},
		{"one of two containers has no end", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.at(50)
			c.pod("a", c.ended(corev1.PodFailed), func(p *corev1.Pod) {
				p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, corev1.ContainerStatus{
					Name: "other", State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{}},
				})
			})
			c.lists("a")
			c.counts("a")
			c.at(52)
			c.pod("b")
		}, ""},
		{"a failure that is ignored", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.at(5)
			c.pod("a", c.ended(corev1.PodFailed))
			c.pod("a", untracked)
			c.at(7)
			c.pod("b")
		}, ""},
		{"one that is ignored, after one that counts", func(c *chronicle) {
			c.begins(two)
			c.pod("a", c.unready())
			c.pod("b")
			c.at(50)
			c.fails("b")
			c.pod("a", c.marked(30))
			c.pod("a", untracked)
			c.at(52)
			c.pod("c")
		}, ""},
		{"the sync that lists a failure does not go on", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.at(5)
			c.pod("a", c.ended(corev1.PodFailed))
			c.lists("a")
			c.at(6.1)
			c.counts("a")
			c.at(7)
			c.pod("b")
		}, ""},
		{"a pod that is adopted when it has failed", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			var owners = c.pods["a"].OwnerReferences
			c.pod("b", c.ended(corev1.PodFailed), untracked, func(p *corev1.Pod) { p.OwnerReferences = nil })
			c.at(50)
			c.fails("a")
			c.pod("b", func(p *corev1.Pod) { p.OwnerReferences, p.Finalizers = owners, c.pods["a"].Finalizers })
			c.pod("b", func(p *corev1.Pod) { p.Finalizers = []string{batchv1.JobTrackingFinalizer} })
			c.at(52)
			c.pod("c")
		}, ""},
		{"a success that leaves the Job", func(c *chronicle) {
			c.begins(two)
			c.pod("a")
			c.pod("b")
			c.pod("b", c.ended(corev1.PodSucceeded))
			c.pod("b", func(p *corev1.Pod) { p.OwnerReferences = nil })
			c.at(5)
			c.fails("a")
			c.at(7)
			c.pod("c")
		}, "P20 Pod/demo-c"},
		{"of another controller's Job", func(c *chronicle) {
			c.begins(func(j *batchv1.Job) { j.Spec.ManagedBy = new("example.com/other") })
			c.pod("a")
			c.fails("a")
			c.pod("b")
		}, ""},

		{"of each index by itself", func(c *chronicle) {
			c.begins(perIndexLimit(3))
			c.pod("a", tallied(0, 0, 0))
			c.at(5)
			c.pod("a", c.ended(corev1.PodFailed))
			c.at(6)
			c.pod("b", tallied(1, 0, 0))
			c.at(15)
			c.pod("c", tallied(0, 1, 0))
		}, ""},
		{"of an index, too short", func(c *chronicle) {
			c.begins(perIndexLimit(3))
			c.pod("a", tallied(0, 0, 0))
			c.at(5)
			c.pod("a", c.ended(corev1.PodFailed))
			c.at(12)
			c.pod("c", tallied(0, 1, 0))
		}, "P20 Pod/demo-c"},
		{"of an index, with those that are ignored", func(c *chronicle) {
			ignores(c)
			c.at(36)
			c.pod("c", tallied(0, 1, 1))
		}, ""},
		{"of an index, with those that are ignored, too short", func(c *chronicle) {
			ignores(c)
			c.at(30)
			c.pod("c", tallied(0, 1, 1))
		}, "P20 Pod/demo-c"},
	})
}
