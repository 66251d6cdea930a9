package judge

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// perIndexLimit makes an Indexed Job that takes so many failures of each index.
func perIndexLimit(failures int32) func(*batchv1.Job) {
	return func(j *batchv1.Job) {
		two(j)
		j.Spec.CompletionMode = new(batchv1.IndexedCompletion)
		j.Spec.BackoffLimitPerIndex = &failures
	}
}

func TestFailuresOfAnIndex(t *testing.T) {
	failed := func(c *chronicle) { // once at 5
		c.begins(perIndexLimit(1))
		c.pod("a", tallied(0, 0, 0))
		c.at(5)
		c.pod("a", c.ended(corev1.PodFailed))
		c.at(60)
	}
	judged(t, backoff, []report{
		{"counted", func(c *chronicle) {
			failed(c)
			c.pod("b", tallied(0, 1, 0))
		}, ""},
		{"counted for a pod that is deleted", func(c *chronicle) {
			c.begins(perIndexLimit(1))
			c.pod("a", tallied(0, 0, 0))
			c.at(5)
			c.pod("a", c.marked(30))
			c.at(60)
			c.pod("b", tallied(0, 1, 0))
		}, ""},
		{"not counted", func(c *chronicle) {
			c.begins(perIndexLimit(1))
			c.pod("a", func(p *corev1.Pod) { p.Annotations = map[string]string{batchv1.JobCompletionIndexAnnotation: "0"} })
		}, "P21 Pod/demo-a"},
		{"a number left out", func(c *chronicle) {
			c.begins(perIndexLimit(2))
			c.pod("a", tallied(0, 0, 0))
			c.at(5)
			c.pod("a", c.ended(corev1.PodFailed))
			c.at(60)
			c.pod("b", tallied(0, 2, 0))
		}, "P21 Pod/demo-b"},
		{"of another index", func(c *chronicle) {
			failed(c)
			c.pod("b", tallied(1, 1, 0))
		}, "P21 Pod/demo-b"},
		{"of a pod that has not failed", func(c *chronicle) {
			c.begins(perIndexLimit(1))
			c.pod("a", tallied(0, 0, 0))
			c.at(60)
			c.pod("b", tallied(0, 1, 0))
		}, "P21 Pod/demo-b"},
		{"more than the limit", func(c *chronicle) {
			failed(c)
			c.pod("b", tallied(0, 1, 0))
			c.pod("b", c.ended(corev1.PodFailed))
			c.at(120)
			c.pod("c", tallied(0, 2, 0))
		}, "P21 Pod/demo-c"},
		{"begun again when the Job is resumed", func(c *chronicle) {
			failed(c)
			c.pod("b", tallied(0, 1, 0))
			c.pod("b", untracked)
			c.pod("b", c.marked(30))
			c.pod("c", tallied(0, 0, 0))
		}, ""},
		{"ignored ones apart", func(c *chronicle) {
			c.begins(perIndexLimit(0))
			c.pod("a", tallied(0, 0, 0))
			c.at(5)
			c.pod("a", c.ended(corev1.PodFailed))
			c.at(60)
			c.pod("b", tallied(0, 0, 1))
		}, ""},
		{"without a limit for each index", func(c *chronicle) {
			c.begins(func(j *batchv1.Job) { j.Spec.CompletionMode = new(batchv1.IndexedCompletion) })
			c.pod("a", func(p *corev1.Pod) { p.Annotations = map[string]string{batchv1.JobCompletionIndexAnnotation: "0"} })
		}, ""},
	})
}
