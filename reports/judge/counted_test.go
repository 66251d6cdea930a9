package judge

import (
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/reports/history"
)

// notes tells that the controller lists pods as succeeded.
func (c *chronicle) notes(names ...string) {
	c.changes(func(j *batchv1.Job) {
		j.Status.UncountedTerminatedPods = &batchv1.UncountedTerminatedPods{}
		for _, name := range names {
			j.Status.UncountedTerminatedPods.Succeeded = append(j.Status.UncountedTerminatedPods.Succeeded, types.UID("pod-"+name))
		}
	})
}

// refuses adds a request of a controller from the audit log that was refused.
func (c *chronicle) refuses(verb, resource, name string, code int) {
	c.header.Audited = true
	c.lines = append(c.lines, history.Line{Number: len(c.lines) + 2, Write: &history.Write{
		At: c.clock, User: "system:serviceaccount:kube-system:job-controller", Verb: verb, Resource: resource,
		Namespace: "jp-test", Name: name, Code: code,
	}})
}

// twoIndexes makes it an Indexed Job for two indexes, one at a time, each with two failures.
func twoIndexes(j *batchv1.Job) {
	j.Spec.CompletionMode, j.Spec.BackoffLimitPerIndex = new(batchv1.IndexedCompletion), new(int32(2))
	j.Spec.Completions = new(int32(2))
}

func orphaned(p *corev1.Pod) { p.OwnerReferences = nil }

func deletedJob(c *chronicle) func(*batchv1.Job) {
	at := c.now()
	return func(j *batchv1.Job) { j.DeletionTimestamp = &at }
}

func TestCounted(t *testing.T) {
	judged(t, counting, []report{
		{"a success is not noted", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.minutes(4)
		}, "L02 Pod/demo-a"},
		{"a success is noted late but in time", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.minutes(3)
			c.notes("a")
			c.pod("a", untracked)
			c.notes()
			c.minutes(60)
		}, ""},
		{"a failure is not noted", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.ended(corev1.PodFailed))
			c.minutes(4)
		}, "L02 Pod/demo-a"},
		{"a deletion is not noted", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.marked(3600))
			c.minutes(4)
		}, "L02 Pod/demo-a"},
		{"a deletion counts only at its end with podReplacementPolicy Failed", func(c *chronicle) {
			c.begins(replacesFailed)
			c.pod("a")
			c.pod("a", c.marked(3600))
			c.minutes(40)
		}, ""},
		{"a failed pod keeps its failure count until its index has another", func(c *chronicle) {
			c.begins(twoIndexes)
			c.pod("a", tallied(0, 0, 0))
			c.pod("a", c.ended(corev1.PodFailed))
			c.minutes(40)
		}, ""},
		{"a failed pod's index has another", func(c *chronicle) {
			c.begins(twoIndexes)
			c.pod("a", tallied(0, 0, 0))
			c.pod("a", c.ended(corev1.PodFailed))
			c.minutes(40)
			c.pod("b", tallied(0, 1, 0))
			c.pod("a")
			c.minutes(44)
		}, "L02 Pod/demo-a"},
		{"a Job of another controller", func(c *chronicle) {
			c.begins(func(j *batchv1.Job) { j.Spec.ManagedBy = new("example.com/other") })
			c.pod("a")
			c.pod("a", c.ended(corev1.PodFailed))
			c.minutes(40)
		}, ""},
		{"so many pods that it takes a while", func(c *chronicle) {
			c.begins(func(j *batchv1.Job) { j.Spec.Completions = new(int32(200)) })
			for i := range manyRequests + 1 {
				name := time.Duration(i).String()
				c.pod(name)
				c.pod(name, c.ended(corev1.PodSucceeded))
			}
			for m := range 30 {
				c.minutes(float64(m))
				c.changes(func(j *batchv1.Job) { j.Status.Succeeded++ })
			}
		}, ""},

		{"a pod without its finalizer is not counted", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.notes("a")
			c.pod("a", untracked)
			c.minutes(4)
		}, "L03 Job/demo"},
		{"a pod that is gone is not counted", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.marked(0))
			c.lists("a")
			c.goes("a")
			c.minutes(4)
		}, "L03 Job/demo"},
		{"pods are counted one after another", func(c *chronicle) {
			c.begins(for3)
			for _, name := range []string{"a", "b", "c"} {
				c.pod(name)
				c.pod(name, c.ended(corev1.PodSucceeded))
			}
			c.notes("a", "b", "c")
			for i, name := range []string{"a", "b", "c"} {
				c.minutes(1.4 * float64(i))
				c.pod(name, untracked)
				c.notes([]string{"b", "c"}[i:]...)
			}
			c.minutes(40)
		}, ""},
		{"the status would be invalid", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.notes("a")
			c.pod("a", untracked)
			for m := range 4 {
				c.minutes(float64(m))
				c.refuses("update", "jobs", "demo", 422)
			}
			c.minutes(4)
		}, "L03 Job/demo"},
		{"a webhook refuses the status", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.notes("a")
			c.pod("a", untracked)
			for m := range 4 {
				c.minutes(float64(m))
				c.refuses("update", "jobs", "demo", 403)
			}
			c.minutes(4)
		}, "blocked L03 Job/demo"},

		{"a pod that is noted keeps its finalizer", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.notes("a")
			c.minutes(4)
		}, "L04 Pod/demo-a"},
		{"a webhook refuses the pod's change", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.notes("a")
			for m := range 4 {
				c.minutes(float64(m))
				c.refuses("patch", "pods", "demo-a", 403)
			}
			c.minutes(4)
		}, "blocked L04 Pod/demo-a"},
		{"a webhook refused the pod's change once, and it was not tried again", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.notes("a")
			c.refuses("patch", "pods", "demo-a", 500)
			c.minutes(4)
		}, "L04 Pod/demo-a"},
		{"somebody else's change is refused", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.notes("a")
			c.minutes(3)
			c.refuses("patch", "pods", "demo-a", 403)
			c.lines[len(c.lines)-1].Write.User = "kubernetes-admin"
			c.minutes(4)
		}, "L04 Pod/demo-a"},
		{"an index is completed and its pod keeps the finalizer", func(c *chronicle) {
			c.begins(threeIndexes)
			c.pod("a", tallied(1, 0, 0))
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.changes(func(j *batchv1.Job) { j.Status.CompletedIndexes, j.Status.Succeeded = "1", 1 })
			c.minutes(4)
		}, "L04 Pod/demo-a"},
		{"a pod of a finished Job keeps the finalizer", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.turns("CompletionsReached", batchv1.JobSuccessCriteriaMet, batchv1.JobComplete)
			c.minutes(4)
		}, "L04 Pod/demo-a"},
		{"a pod of a finished Job is given the finalizer", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", untracked)
			c.turns("CompletionsReached", batchv1.JobSuccessCriteriaMet, batchv1.JobComplete)
			c.pod("a", func(p *corev1.Pod) { p.Finalizers = []string{batchv1.JobTrackingFinalizer} })
			c.minutes(40)
		}, ""},
		{"a running pod of a Job that is being deleted keeps the finalizer", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.changes(deletedJob(c))
			c.pod("a")
			c.minutes(4)
		}, "L04 Pod/demo-a"},
		{"a running pod of a Job that is gone keeps the finalizer", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.removes()
			c.minutes(4)
		}, "L04 Pod/demo-a"},
		{"a pod of a Job that was never there keeps the finalizer", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.lines = c.lines[1:]
			c.minutes(4)
		}, "L04 Pod/demo-a"},
		{"a pod of nobody keeps the finalizer", func(c *chronicle) {
			c.begins(nil)
			c.pod("a", func(p *corev1.Pod) { p.OwnerReferences, p.Labels = nil, nil })
			c.minutes(4)
		}, "L04 Pod/demo-a"},
		{"a pod of a ReplicaSet has the finalizer", func(c *chronicle) {
			c.begins(nil)
			c.pod("a", func(p *corev1.Pod) {
				p.OwnerReferences = []metav1.OwnerReference{{Kind: "ReplicaSet", UID: "other", Controller: new(true)}}
			})
			c.minutes(40)
		}, ""},
		{"a pod that is about to be adopted keeps the finalizer", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", orphaned)
			c.minutes(4)
		}, ""},
		{"a pod that was never noted keeps the finalizer until that is done", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.minutes(3)
			c.notes("a")
			c.minutes(7)
		}, "L04 Pod/demo-a"},
	})
}
