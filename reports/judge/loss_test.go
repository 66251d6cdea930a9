package judge

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
)

// unreachable are the taints of a node that has not been heard of.
var unreachable = []corev1.Taint{
	{Key: corev1.TaintNodeUnreachable, Effect: corev1.TaintEffectNoSchedule},
	{Key: corev1.TaintNodeUnreachable, Effect: corev1.TaintEffectNoExecute},
}

var outOfService = append(unreachable, corev1.Taint{Key: corev1.TaintNodeOutOfService, Effect: corev1.TaintEffectNoExecute})

// tolerating gives a pod the tolerations of its node being lost: for ever if seconds is negative.
func tolerating(seconds int64) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		for _, key := range evictors {
			t := corev1.Toleration{Key: key, Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute}
			if seconds >= 0 {
				t.TolerationSeconds = &seconds
			}
			p.Spec.Tolerations = append(p.Spec.Tolerations, t)
		}
	}
}

func TestNodeLoss(t *testing.T) {
	judged(t, nodeLoss, []report{
		{"a pod stays on a lost node", func(c *chronicle) {
			c.begins(nil)
			c.onNode("worker", "True")
			c.pod("a", tolerating(300))
			c.onNode("worker", "Unknown", unreachable...)
			c.minutes(8)
		}, "L07 Pod/demo-a"},
		{"a pod is evicted late but in time", func(c *chronicle) {
			c.begins(nil)
			c.onNode("worker", "True")
			c.pod("a", tolerating(300))
			c.onNode("worker", "Unknown", unreachable...)
			c.minutes(6)
			c.pod("a", c.marked(30))
			c.minutes(60)
		}, ""},
		{"a pod tolerates a lost node for a second", func(c *chronicle) {
			c.begins(nil)
			c.onNode("worker", "True")
			c.pod("a", tolerating(1))
			c.onNode("worker", "Unknown", unreachable...)
			c.minutes(3)
		}, "L07 Pod/demo-a"},
		{"a pod tolerates a lost node for ever", func(c *chronicle) {
			c.begins(nil)
			c.onNode("worker", "True")
			c.pod("a", tolerating(-1))
			c.onNode("worker", "Unknown", unreachable...)
			c.minutes(60)
		}, "blocked L07 Pod/demo-a"},
		{"a lost node evicts nobody", func(c *chronicle) {
			c.begins(nil)
			c.onNode("worker", "True")
			c.pod("a", tolerating(1))
			c.onNode("worker", "Unknown")
			c.minutes(3)
		}, "blocked L07 Pod/demo-a"},
		{"a lost node is tainted late", func(c *chronicle) {
			c.begins(nil)
			c.onNode("worker", "True")
			c.pod("a", tolerating(300))
			c.onNode("worker", "Unknown")
			c.minutes(1.5)
			c.onNode("worker", "Unknown", unreachable...)
			c.minutes(8)
		}, ""},
		{"a node comes back in time", func(c *chronicle) {
			c.begins(nil)
			c.onNode("worker", "True")
			c.pod("a", tolerating(300))
			c.onNode("worker", "Unknown", unreachable...)
			c.minutes(4)
			c.onNode("worker", "True")
			c.minutes(5)
			c.onNode("worker", "Unknown", unreachable...)
			c.minutes(10)
		}, ""},

		{"a pod stays though its node is gone", func(c *chronicle) {
			c.begins(nil)
			c.onNode("other", "True")
			c.onNode("worker", "True")
			c.pod("a")
			c.onNode("worker", "")
			c.minutes(3)
		}, "L08 Pod/demo-a"},
		{"a pod is removed with its node", func(c *chronicle) {
			c.begins(nil)
			c.onNode("other", "True")
			c.onNode("worker", "True")
			c.pod("a")
			c.onNode("worker", "")
			c.minutes(2)
			c.pod("a", c.ended(corev1.PodFailed), c.marked(0))
			c.minutes(60)
		}, ""},
		{"a terminating pod stays on a node that is out of service", func(c *chronicle) {
			c.begins(nil)
			c.onNode("worker", "True")
			c.pod("a")
			c.pod("a", c.marked(30))
			c.onNode("worker", "Unknown", outOfService...)
			c.minutes(3)
		}, "L08 Pod/demo-a"},
		{"a terminating pod is removed from a node that is out of service", func(c *chronicle) {
			c.begins(nil)
			c.onNode("worker", "True")
			c.pod("a")
			c.pod("a", c.marked(30))
			c.onNode("worker", "Unknown", outOfService...)
			c.pod("a", c.marked(0))
			c.minutes(60)
		}, ""},
		{"a pod that has ended is not missed on a node that is gone", func(c *chronicle) {
			c.begins(nil)
			c.onNode("other", "True")
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.minutes(60)
		}, ""},
		{"nodes are not recorded", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.minutes(60)
		}, ""},
	})
}
