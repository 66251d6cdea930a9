package nodes

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestRulesDropBothDirectionsAndWhatPodsSend(t *testing.T) {
	got := rules("inet t", []string{"10.0.0.2", "fd00::2", "10.244.1.0/24"})
	for _, want := range []string{
		"add table inet t;",
		"add chain inet t input { type filter hook input priority 0; }",
		"add rule inet t input ip saddr 10.0.0.2 drop",
		"add rule inet t output ip6 daddr fd00::2 drop",
		"add rule inet t forward ip saddr 10.244.1.0/24 drop",
		"add rule inet t forward ip daddr 10.244.1.0/24 drop",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	if strings.Contains(got, "input ip daddr") || strings.Contains(got, "output ip saddr") {
		t.Errorf("%q drops what the node sends itself", got)
	}
}

func TestThresholdIsAboveWhatIsFree(t *testing.T) {
	threshold, err := above([]byte(`{"node":{"fs":{"availableBytes":28,"capacityBytes":270}}}`))
	if err != nil || threshold != 149 {
		t.Errorf("got %d, %v, want 149", threshold, err)
	}
	for _, text := range []string{``, `{}`, `{"node":{"fs":{"availableBytes":270,"capacityBytes":270}}}`} {
		if threshold, err := above([]byte(text)); err == nil {
			t.Errorf("%q: got %d", text, threshold)
		}
	}
}

// node is a node with a label and a taint of ours, and one taint that Kubernetes put on it.
func node() *corev1.Node {
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: "worker3", Labels: map[string]string{"jobproof.dev/role": "victim"}},
		Spec: corev1.NodeSpec{PodCIDR: "10.244.3.0/24", Taints: []corev1.Taint{
			{Key: "jobproof.dev/victim", Value: "true", Effect: corev1.TaintEffectNoSchedule},
			{Key: corev1.TaintNodeUnreachable, Effect: corev1.TaintEffectNoExecute},
		}},
	}
}

func TestWhatANodeLacksThatWasRegisteredAgain(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*corev1.Node)
		lacks  string
	}{
		"nothing":                {func(n *corev1.Node) {}, ""},
		"a taint of Kubernetes":  {func(n *corev1.Node) { n.Spec.Taints = n.Spec.Taints[:1] }, ""},
		"another range for pods": {func(n *corev1.Node) { n.Spec.PodCIDR = "10.244.9.0/24" }, ""},
		"a label":                {func(n *corev1.Node) { n.Labels = nil }, "has not the label jobproof.dev/role=victim"},
		"a taint":                {func(n *corev1.Node) { n.Spec.Taints = nil }, "has not the taint jobproof.dev/victim=true:NoSchedule"},
		"a range for pods":       {func(n *corev1.Node) { n.Spec.PodCIDR = "" }, "has no range for pods"},
	} {
		is := node()
		test.change(is)
		if got := missing(node(), is); got != test.lacks {
			t.Errorf("%s: got %q, want %q", name, got, test.lacks)
		}
	}
	if got := missing(node(), nil); got != "is not registered" {
		t.Errorf("no node: got %q", got)
	}
}

func TestConditionThatANodeDoesNotHaveIsUnknown(t *testing.T) {
	n := node()
	if got := condition(n, corev1.NodeReady); got != corev1.ConditionUnknown {
		t.Errorf("got %s", got)
	}
	n.Status.Conditions = []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionTrue, Message: "fine"}}
	if got := condition(n, corev1.NodeReady); got != corev1.ConditionTrue || because(n, corev1.NodeReady) != "fine" {
		t.Errorf("got %s because %q", got, because(n, corev1.NodeReady))
	}
}
