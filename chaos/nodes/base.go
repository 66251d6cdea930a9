package nodes

import (
	"context"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/reports/history"
)

// comeback is how long a node may take to be Ready after what broke it was undone.
const comeback = 5 * time.Minute

// atOnce bounds what is seen as soon as it is so.
var atOnce = chaos.Bounds{Confirm: time.Minute, Heal: comeback, Origin: "the API server gives up on a kubelet within 3 s and sooner, " +
	"and a node that was killed is Ready some 10 s after its start, which was seen on two cores; the rest is for a busy machine"}

// base is what all faults of nodes have in common.
type base struct {
	name, node string
	bounds     chaos.Bounds
}

func (b *base) Name() string         { return b.name }
func (b *base) Target() string       { return "node/" + b.node }
func (b *base) Bounds() chaos.Bounds { return b.bounds }

// Healed waits until the kubelet has given a sign of life and the node is Ready again.
func (b *base) Healed(ctx context.Context, site *chaos.Site) error {
	return cluster.Alive(ctx, site.Clients, b.node, time.Now())
}

// get asks whether the node may be hit, and returns it as it is now.
func (b *base) get(ctx context.Context, site *chaos.Site) (*corev1.Node, error) {
	if err := site.MayHitNode(ctx, b.node); err != nil {
		return nil, err
	}
	return site.Clients.CoreV1().Nodes().Get(ctx, b.node, metav1.GetOptions{})
}

// armed returns the machine of a node that may be hit, is Ready, and whose kubelet answers.
func (b *base) armed(ctx context.Context, site *chaos.Site) (*cluster.Node, *corev1.Node, error) {
	node, err := b.get(ctx, site)
	if err != nil {
		return nil, nil, err
	}
	machine, err := site.Node(b.node)
	if err != nil {
		return nil, nil, err
	}
	if status := condition(node, corev1.NodeReady); status != corev1.ConditionTrue {
		return nil, nil, fmt.Errorf("node %s is broken already: its condition Ready is %s", b.node, status)
	}
	bounded, cancel := context.WithTimeout(ctx, atOnce.Confirm)
	defer cancel()
	err = until(bounded, func() (bool, error) {
		err := answers(bounded, site, b.node)
		return err == nil, err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("node %s is broken already: its kubelet does not answer the API server: %w", b.node, err)
	}
	return machine, node, nil
}

// condition returns the status of a node's condition, Unknown if it has none.
func condition(node *corev1.Node, of corev1.NodeConditionType) corev1.ConditionStatus {
	for _, c := range node.Status.Conditions {
		if c.Type == of {
			return c.Status
		}
	}
	return corev1.ConditionUnknown
}

// tainted reports whether a node has a taint with that key.
func tainted(node *corev1.Node, key string) bool {
	return slices.ContainsFunc(node.Spec.Taints, func(taint corev1.Taint) bool { return taint.Key == key })
}

// seen waits until the recorder has seen the node as wanted, and returns it so. The node is nil while there is none.
func seen(ctx context.Context, site *chaos.Site, name string, is func(*corev1.Node, *history.Live) bool) (node *corev1.Node, err error) {
	err = site.Recorder.Await(ctx, func(live *history.Live) bool {
		node = nil
		for _, n := range live.Nodes() {
			if n.Name == name {
				node = n
			}
		}
		return is(node, live)
	})
	return node, err
}
