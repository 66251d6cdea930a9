package judge

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// labelled gives a pod other labels.
func labelled(labels map[string]string) func(*corev1.Pod) {
	return func(p *corev1.Pod) { p.Labels = labels }
}

// choosing makes the Job choose its pods by hand.
func choosing(selector *metav1.LabelSelector) func(*batchv1.Job) {
	return func(j *batchv1.Job) { j.Spec.ManualSelector, j.Spec.Selector = new(true), selector }
}

func TestOwnership(t *testing.T) {
	in := &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{
		{Key: "app", Operator: metav1.LabelSelectorOpIn, Values: []string{"one", "two"}},
	}}
	judged(t, ownership, []report{
		{"a pod that fits is not adopted", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", orphaned)
			c.minutes(4)
		}, "L13 Pod/demo-a"},
		{"a pod that fits is adopted late but in time", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			owners := c.pods["a"].OwnerReferences
			c.pod("a", orphaned)
			c.minutes(3)
			c.pod("a", func(p *corev1.Pod) { p.OwnerReferences = owners })
			c.minutes(60)
		}, ""},
		{"a pod that is being deleted is not adopted", func(c *chronicle) {
			c.begins(nil)
			c.pod("a", orphaned, c.marked(3600))
			c.minutes(60)
		}, ""},
		{"a finished Job does not adopt", func(c *chronicle) {
			c.begins(nil)
			c.completes()
			c.pod("a", orphaned)
			c.minutes(60)
		}, ""},
		{"a pod that fits a selector chosen by hand is not adopted", func(c *chronicle) {
			c.begins(choosing(in))
			c.pod("a", orphaned, labelled(map[string]string{"app": "two"}))
			c.minutes(4)
		}, "L13 Pod/demo-a"},
		{"a pod of nobody's that fits no selector", func(c *chronicle) {
			c.begins(choosing(in))
			c.pod("a", orphaned, labelled(map[string]string{"app": "three"}))
			c.minutes(60)
		}, ""},
		{"a pod that does not fit is not released", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", labelled(nil))
			c.minutes(4)
		}, "L13 Pod/demo-a"},
		{"a pod that does not fit is released", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", labelled(nil))
			c.minutes(3)
			c.pod("a", orphaned)
			c.minutes(60)
		}, ""},
		{"a Job that is being deleted does not release", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.changes(deletedJob(c))
			c.pod("a", labelled(nil))
			c.minutes(60)
		}, ""},
		{"a webhook refuses the release", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", labelled(nil))
			c.minutes(3)
			c.refuses("patch", "pods", "demo-a", 500)
			c.minutes(4)
		}, "blocked L13 Pod/demo-a"},
	})
}
