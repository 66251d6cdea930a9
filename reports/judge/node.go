package judge

import (
	"time"

	"github.com/tidwall/gjson"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// Node is a node at a moment.
type Node struct {
	Name string
	// Ready says that its condition Ready is True, Since when on the recorder's clock.
	Ready bool
	Since time.Time
	// Tainted holds its taints as "key:effect".
	Tainted map[string]bool
}

func readNode(v *history.Version, was *Node) *Node {
	n := &Node{Name: clone(v.Name), Since: v.Seen, Tainted: map[string]bool{}}
	gjson.GetBytes(v.Object, "status.conditions").ForEach(func(_, c gjson.Result) bool {
		if c.Get("type").Str == string(corev1.NodeReady) {
			n.Ready = c.Get("status").Str == string(corev1.ConditionTrue)
		}
		return true
	})
	gjson.GetBytes(v.Object, "spec.taints").ForEach(func(_, t gjson.Result) bool {
		n.Tainted[t.Get("key").Str+":"+t.Get("effect").Str] = true
		return true
	})
	if was != nil && was.Ready == n.Ready {
		n.Since = was.Since
	}
	return n
}
