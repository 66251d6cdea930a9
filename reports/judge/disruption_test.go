package judge

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// node tells of the node of the pods.
func (c *chronicle) node(typ string) {
	c.version(typ, "Node", &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "worker", UID: "node"}})
}

func TestDisruption(t *testing.T) {
	by := func(user, subresource string, change ...func(*corev1.Pod)) func(*chronicle) {
		return func(c *chronicle) {
			c.begins(nil)
			c.node(history.Added)
			c.pod("a")
			if len(change) > 0 {
				c.pod("a", change...)
			}
			verb := "delete"
			if subresource != "" {
				verb = "create"
			}
			c.asks(user, verb, "pods", "-a", subresource)
			c.pod("a", c.marked(30))
		}
	}
	judged(t, endings, []report{
		{"by a person", by(person, ""), ""},
		{"by the garbage collector", by(garbageCollector, ""), ""},
		{"by the Job controller", by(jobController, ""), ""},
		{"evicted", by(person, "eviction", disrupted("EvictionByEvictionAPI")), ""},
		{"evicted without the condition", by(person, "eviction"), "P28 Pod/demo-a"},
		{"for a taint", by(taintEviction, "", disrupted("DeletionByTaintManager")), ""},
		{"for a taint without the condition", by(taintEviction, ""), "P28 Pod/demo-a"},
		{"for a taint of a device without the condition", by(deviceTaintEviction, ""), "P28 Pod/demo-a"},
		{"preempted without the condition", by(scheduler, ""), "P28 Pod/demo-a"},
		{"one of too many that have finished", func(c *chronicle) {
			by(podCollector, "", c.ended(corev1.PodFailed))(c)
		}, ""},
		{"collected while it runs", by(podCollector, ""), "P28 Pod/demo-a"},
		{"evicted, with the condition in the same version", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.asks(person, "create", "pods", "-a", "eviction")
			c.pod("a", c.marked(30), disrupted("EvictionByEvictionAPI"))
		}, ""},
		{"collected when it has failed, and nodes are not known", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.ended(corev1.PodFailed))
			c.asks(podCollector, "delete", "pods", "-a", "")
			c.goes("a")
		}, ""},
		{"two at the same time", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.asks(taintEviction, "delete", "pods", "-a", "")
			c.asks(person, "delete", "pods", "-a", "")
			c.pod("a", c.marked(30))
		}, ""},
		{"evicted, which is only tried, and later deleted with its namespace", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.asks(person, "create", "pods", "-a", "eviction")
			c.at(10)
			c.pod("a", c.marked(30))
		}, ""},
		{"collected with its node", func(c *chronicle) {
			c.begins(nil)
			c.node(history.Added)
			c.pod("a")
			c.node(history.Deleted)
			c.pod("a", c.ended(corev1.PodFailed), disrupted("DeletionByPodGC"))
			c.asks(podCollector, "delete", "pods", "-a", "")
			c.goes("a")
		}, ""},
		{"collected with its node without the condition", func(c *chronicle) {
			c.begins(nil)
			c.node(history.Added)
			c.pod("a")
			c.node(history.Deleted)
			c.pod("a", c.ended(corev1.PodFailed))
			c.asks(podCollector, "delete", "pods", "-a", "")
			c.goes("a")
		}, "P28 Pod/demo-a"},
		{"collected from a node that is out of service", func(c *chronicle) {
			c.begins(nil)
			c.node(history.Added)
			c.pod("a")
			c.asks(person, "delete", "pods", "-a", "")
			c.pod("a", c.marked(30))
			c.pod("a", c.ended(corev1.PodFailed))
			c.asks(podCollector, "delete", "pods", "-a", "")
			c.goes("a")
		}, ""},
	})
}
