package pods

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/client-go/util/retry"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/reports/history"
)

// evictTaint is the key of the taint, which is ours alone.
const evictTaint = "jobproof.dev/evict"

// Taint puts a NoExecute taint on a node, which drives off all pods that do not tolerate it; at least one of the site's must
// run there. The undo takes it off. The recorder confirms it: each of the site's pods that does not tolerate it has the
// condition DisruptionTarget for DeletionByTaintManager and is marked for deletion.
func Taint(node string) chaos.Fault { return &taint{node: node} }

type taint struct {
	node string
	pods []corev1.Pod // those of the site that heed it
}

func (t *taint) Name() string         { return "taint-node" }
func (t *taint) Target() string       { return "node/" + t.node }
func (t *taint) Bounds() chaos.Bounds { return bounds }

func (t *taint) Arm(ctx context.Context, site *chaos.Site) (chaos.Undo, error) {
	if err := site.MayHitPods(ctx); err != nil {
		return nil, err
	}
	if err := site.MayHitNode(ctx, t.node); err != nil {
		return nil, err
	}
	there, err := site.Clients.CoreV1().Pods("").List(ctx, metav1.ListOptions{
		FieldSelector: fields.OneTermEqualSelector("spec.nodeName", t.node).String(),
	})
	if err != nil {
		return nil, err
	}
	if t.pods, err = driven(there.Items, site.Namespace); err != nil {
		return nil, fmt.Errorf("node %s: %w", t.node, err)
	}
	return chaos.Undo{{Untaint: &chaos.Taint{Node: t.node, Key: evictTaint, Effect: corev1.TaintEffectNoExecute}}}, nil
}

// driven returns the pods of a namespace that the taint drives off their node. It is an error if there is none, or if one of
// the cluster's own would go too.
func driven(pods []corev1.Pod, namespace string) ([]corev1.Pod, error) {
	var ours []corev1.Pod
	for _, pod := range pods {
		switch {
		case !history.IsActive(&pod) || tolerates(pod):
		case pod.Namespace == namespace:
			ours = append(ours, pod)
		case strings.HasPrefix(pod.Namespace, "kube-"):
			return nil, fmt.Errorf("the taint would drive off %s of %s", pod.Name, pod.Namespace)
		}
	}
	if len(ours) == 0 {
		return nil, fmt.Errorf("the taint would drive off no pod of %s", namespace)
	}
	return ours, nil
}

// tolerates says whether a pod may stay, be it for a while only.
func tolerates(pod corev1.Pod) bool {
	return slices.ContainsFunc(pod.Spec.Tolerations, func(t corev1.Toleration) bool {
		return (t.Effect == "" || t.Effect == corev1.TaintEffectNoExecute) && (t.Key == "" || t.Key == evictTaint) &&
			(t.Operator == corev1.TolerationOpExists || t.Key != "" && t.Value == "")
	})
}

func (t *taint) Inject(ctx context.Context, site *chaos.Site) error {
	nodes := site.Clients.CoreV1().Nodes()
	return retry.RetryOnConflict(retry.DefaultRetry, func() error {
		node, err := nodes.Get(ctx, t.node, metav1.GetOptions{})
		if err != nil || tainted(node) {
			return err
		}
		node.Spec.Taints = append(node.Spec.Taints, corev1.Taint{Key: evictTaint, Effect: corev1.TaintEffectNoExecute})
		_, err = nodes.Update(ctx, node, metav1.UpdateOptions{})
		return err
	})
}

func (t *taint) Confirm(ctx context.Context, site *chaos.Site) (observed string, err error) {
	return disrupted(ctx, site, t.pods, byTaint)
}

func (t *taint) Healed(ctx context.Context, site *chaos.Site) error {
	return site.Recorder.Await(ctx, func(live *history.Live) bool {
		return !slices.ContainsFunc(live.Nodes(), func(node *corev1.Node) bool { return node.Name == t.node && tainted(node) })
	})
}

func tainted(node *corev1.Node) bool {
	return slices.ContainsFunc(node.Spec.Taints, func(taint corev1.Taint) bool { return taint.Key == evictTaint })
}
