package judge

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const person = "kubernetes-admin"

func ttl(seconds int32) func(*batchv1.Job) {
	return func(j *batchv1.Job) { j.Spec.TTLSecondsAfterFinished = &seconds }
}

// deleted tells that somebody deletes the Job, which stays as long as it has finalizers.
func (c *chronicle) deleted(user string, finalizers ...string) {
	c.asks(user, "delete", "jobs", "", "")
	c.changes(deleting(c, finalizers...))
}

func TestTTL(t *testing.T) {
	finished := func(c *chronicle) { // at 10
		c.begins(ttl(60))
		c.at(10)
		c.turns("", batchv1.JobSuccessCriteriaMet, batchv1.JobComplete)
	}
	judged(t, endings, []report{
		{"over", func(c *chronicle) {
			finished(c)
			c.at(70)
			c.deleted(ttlController, metav1.FinalizerDeleteDependents)
			c.removes()
		}, ""},
		{"not over", func(c *chronicle) {
			finished(c)
			c.at(68)
			c.deleted(ttlController, metav1.FinalizerDeleteDependents)
			c.removes()
		}, "P26 Job/demo"},
		{"not over, and it is gone at once", func(c *chronicle) {
			finished(c)
			c.at(68)
			c.asks(ttlController, "delete", "jobs", "", "")
			c.removes()
		}, "P26 Job/demo"},
		{"not over, deleted by somebody else", func(c *chronicle) {
			finished(c)
			c.at(20)
			c.deleted(person, metav1.FinalizerDeleteDependents)
			c.removes()
		}, ""},
		{"without an audit log", func(c *chronicle) {
			finished(c)
			c.at(20)
			c.changes(deleting(c, metav1.FinalizerDeleteDependents))
			c.removes()
		}, ""},
		{"before the Job has finished", func(c *chronicle) {
			c.begins(ttl(0))
			c.deleted(ttlController, metav1.FinalizerDeleteDependents)
		}, "P26 Job/demo"},
		{"without a ttl", func(c *chronicle) {
			c.begins(nil)
			c.turns("", batchv1.JobSuccessCriteriaMet, batchv1.JobComplete)
			c.deleted(ttlController, metav1.FinalizerDeleteDependents)
		}, "P26 Job/demo"},
		{"lengthened at the last moment", func(c *chronicle) {
			finished(c)
			c.at(70)
			c.changes(ttl(600))
			c.deleted(ttlController, metav1.FinalizerDeleteDependents)
		}, ""},
		{"shortened", func(c *chronicle) {
			finished(c)
			c.changes(ttl(1))
			c.at(12)
			c.deleted(ttlController, metav1.FinalizerDeleteDependents)
		}, ""},
	})
}

func TestForegroundDeletion(t *testing.T) {
	begun := func(c *chronicle, user string) {
		c.begins(nil)
		c.pod("a")
		c.at(2)
		if user == "" {
			c.changes(deleting(c, metav1.FinalizerDeleteDependents))
		} else {
			c.deleted(user, metav1.FinalizerDeleteDependents)
		}
		c.pod("a", c.marked(30))
	}
	judged(t, endings, []report{
		{"after the pods", func(c *chronicle) {
			begun(c, person)
			c.goes("a")
			c.removes()
		}, ""},
		{"before the pods", func(c *chronicle) {
			begun(c, person)
			c.asks(garbageCollector, "patch", "jobs", "", "")
			c.removes()
		}, "P26 Job/demo"},
		{"before a pod that has finished", func(c *chronicle) {
			c.begins(nil)
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.at(10)
			c.deleted(person, metav1.FinalizerDeleteDependents)
			c.asks(garbageCollector, "patch", "jobs", "", "")
			c.removes()
		}, "P26 Job/demo"},
		{"before the pods, and nobody knows why", func(c *chronicle) {
			begun(c, "")
			c.removes()
		}, "unsure P26 Job/demo"},
		{"before the pods, deleted once more", func(c *chronicle) {
			begun(c, person)
			c.asks("system:serviceaccount:kube-system:namespace-controller", "delete", "jobs", "", "")
			c.removes()
		}, ""},
		{"before a pod that does not block", func(c *chronicle) {
			c.begins(nil)
			c.pod("a", func(p *corev1.Pod) { p.OwnerReferences[0].BlockOwnerDeletion = nil })
			c.at(10)
			c.deleted(person, metav1.FinalizerDeleteDependents)
			c.asks(garbageCollector, "patch", "jobs", "", "")
			c.removes()
		}, ""},
		{"before a pod that was just created", func(c *chronicle) {
			c.begins(nil)
			c.at(10)
			c.deleted(person, metav1.FinalizerDeleteDependents)
			c.pod("a")
			c.asks(garbageCollector, "patch", "jobs", "", "")
			c.removes()
		}, ""},
		{"before the pods, deleted by the garbage collector", func(c *chronicle) {
			begun(c, person)
			c.asks(garbageCollector, "delete", "jobs", "", "")
			c.removes()
		}, ""},
		{"before the pods, and somebody takes off the finalizer", func(c *chronicle) {
			begun(c, person)
			c.asks(person, "patch", "jobs", "", "")
			c.removes()
		}, ""},
		{"in the background", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.at(10)
			c.asks(person, "delete", "jobs", "", "")
			c.removes()
		}, ""},
	})
}

func TestOrphans(t *testing.T) {
	deletedWith := func(c *chronicle, finalizer string) {
		c.begins(nil)
		c.pod("a")
		c.at(10)
		c.deleted(person, finalizer)
	}
	orphaned := func(p *corev1.Pod) { p.OwnerReferences = nil }
	judged(t, endings, []report{
		{"left", func(c *chronicle) {
			deletedWith(c, metav1.FinalizerOrphanDependents)
			c.pod("a", orphaned)
			c.removes()
		}, ""},
		{"not left", func(c *chronicle) {
			deletedWith(c, metav1.FinalizerOrphanDependents)
			c.asks(garbageCollector, "patch", "jobs", "", "")
			c.removes()
		}, "P27 Job/demo"},
		{"not left, and nobody knows why", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.at(10)
			c.changes(deleting(c, metav1.FinalizerOrphanDependents))
			c.removes()
		}, "unsure P27 Job/demo"},
		{"not left, deleted once more", func(c *chronicle) {
			deletedWith(c, metav1.FinalizerOrphanDependents)
			c.asks(person, "delete", "jobs", "", "")
			c.removes()
		}, ""},
		{"not left, just created", func(c *chronicle) {
			c.begins(nil)
			c.at(10)
			c.pod("a")
			c.deleted(person, metav1.FinalizerOrphanDependents)
			c.asks(garbageCollector, "patch", "jobs", "", "")
			c.removes()
			c.at(20)
			c.asks(garbageCollector, "delete", "pods", "-a", "")
			c.pod("a", c.marked(30))
		}, ""},
		{"left, and then collected", func(c *chronicle) {
			deletedWith(c, metav1.FinalizerOrphanDependents)
			c.pod("a", orphaned)
			c.removes()
			c.asks(garbageCollector, "delete", "pods", "-a", "")
			c.pod("a", c.marked(30))
		}, "P27 Pod/demo-a"},
		{"left, and then deleted by nobody knows whom", func(c *chronicle) {
			deletedWith(c, metav1.FinalizerOrphanDependents)
			c.pod("a", orphaned)
			c.removes()
			c.pod("a", c.marked(30))
		}, ""},
		{"released, and then collected", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", orphaned)
			c.asks(garbageCollector, "delete", "pods", "-a", "")
			c.pod("a", c.marked(30))
		}, ""},
		{"left, and then removed at once", func(c *chronicle) {
			deletedWith(c, metav1.FinalizerOrphanDependents)
			c.pod("a", orphaned)
			c.removes()
			c.asks(garbageCollector, "delete", "pods", "-a", "")
			c.goes("a")
		}, "P27 Pod/demo-a"},
		{"left, and then deleted by somebody", func(c *chronicle) {
			deletedWith(c, metav1.FinalizerOrphanDependents)
			c.pod("a", orphaned)
			c.removes()
			c.asks(person, "delete", "pods", "-a", "")
			c.pod("a", c.marked(30))
		}, ""},
		{"left, and owned by another that is gone", func(c *chronicle) {
			deletedWith(c, metav1.FinalizerOrphanDependents)
			c.pod("a", func(p *corev1.Pod) {
				p.OwnerReferences = []metav1.OwnerReference{{Kind: "PodGroup", Name: "g", UID: "g"}}
			})
			c.removes()
			c.asks(garbageCollector, "delete", "pods", "-a", "")
			c.pod("a", c.marked(30))
		}, ""},
		{"collected instead", func(c *chronicle) {
			deletedWith(c, metav1.FinalizerOrphanDependents)
			c.asks(garbageCollector, "delete", "pods", "-a", "")
			c.pod("a", c.marked(30))
		}, "P27 Pod/demo-a"},
		{"collected with the Job", func(c *chronicle) {
			deletedWith(c, metav1.FinalizerDeleteDependents)
			c.asks(garbageCollector, "delete", "pods", "-a", "")
			c.pod("a", c.marked(30))
		}, ""},
	})
}
