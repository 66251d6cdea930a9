package nodes

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/reports/history"
)

// Delete deletes the Node object, of a machine that runs or of one that is dead. The recorder confirms it: that Node, by its
// uid, is gone. A kubelet registers its node when it starts, and not again while it runs
// (initialNode and registerWithAPIServer in pkg/kubelet/kubelet_node_status.go), so healing starts the machine if it is dead
// and restarts its kubelet; the new Node has the labels and taints of the old one, and may have another range for its pods.
func Delete(node string) chaos.Fault { return &removal{base: base{"delete-node", node, atOnce}} }

type removal struct {
	base
	was *corev1.Node
}

func (r *removal) Arm(ctx context.Context, site *chaos.Site) (undo chaos.Undo, err error) {
	if r.was, err = r.get(ctx, site); err != nil {
		return nil, err
	}
	if _, err := site.Node(r.node); err != nil {
		return nil, err
	}
	return chaos.Undo{{Start: r.node}, {Exec: systemctl(r.node, "restart", "kubelet")}}, nil
}

func (r *removal) Inject(ctx context.Context, site *chaos.Site) error {
	return site.Clients.CoreV1().Nodes().Delete(ctx, r.node, metav1.DeleteOptions{Preconditions: metav1.NewUIDPreconditions(string(r.was.UID))})
}

func (r *removal) Confirm(ctx context.Context, site *chaos.Site) (string, error) {
	_, err := seen(ctx, site, r.node, func(node *corev1.Node, _ *history.Live) bool { return node == nil || node.UID != r.was.UID })
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("the recorder saw the Node %s with the uid %s go", r.node, r.was.UID), nil
}

// Healed waits until the node is Ready again and is what it was.
func (r *removal) Healed(ctx context.Context, site *chaos.Site) error {
	if err := r.base.Healed(ctx, site); err != nil {
		return err
	}
	lacks := ""
	_, err := seen(ctx, site, r.node, func(node *corev1.Node, _ *history.Live) bool {
		lacks = missing(r.was, node)
		return lacks == ""
	})
	if err != nil {
		return fmt.Errorf("node %s %s: %w", r.node, lacks, err)
	}
	return nil
}

// missing says what a node that was registered again lacks of what it was; "" if nothing. Taints that Kubernetes itself puts
// on nodes come and go.
func missing(was, is *corev1.Node) string {
	if is == nil {
		return "is not registered"
	}
	for label, value := range was.Labels {
		if is.Labels[label] != value {
			return fmt.Sprintf("has not the label %s=%s", label, value)
		}
	}
	for _, taint := range was.Spec.Taints {
		if !ofKubernetes(taint) && !slices.ContainsFunc(is.Spec.Taints, func(t corev1.Taint) bool { return t.MatchTaint(&taint) }) {
			return "has not the taint " + taint.ToString()
		}
	}
	if is.Spec.PodCIDR == "" && was.Spec.PodCIDR != "" {
		return "has no range for pods"
	}
	return ""
}
