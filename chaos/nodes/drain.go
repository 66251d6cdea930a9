package nodes

import (
	"context"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/reports/history"
)

// Drain makes a node take no more pods and evicts those of the site's namespace that are not finished, as kubectl drain does.
// The recorder confirms it: the node is unschedulable, and each of these pods is marked for deletion or over.
func Drain(node string) chaos.Fault {
	return &drain{base: base{"drain-node", node, drained}}
}

// DrainAgainstBudget is Drain where a PodDisruptionBudget forbids at least one of the evictions: that pod stays. It is
// confirmed by the recorder, for which the node is unschedulable and that pod lives on, and by the API server, which would
// refuse its eviction again.
func DrainAgainstBudget(node string) chaos.Fault {
	return &drain{base: base{"drain-node-against-budget", node, drained}, forbidden: true}
}

var drained = chaos.Bounds{Confirm: time.Minute, Heal: time.Minute, Origin: "a request for each pod and one watch event; the rest is for a busy machine"}

type drain struct {
	base
	forbidden bool // a budget forbids an eviction
	pods      []pod
	refused   []pod
}

type pod struct {
	name string
	uid  types.UID
}

func (d *drain) Arm(ctx context.Context, site *chaos.Site) (chaos.Undo, error) {
	if err := site.MayHitPods(ctx); err != nil {
		return nil, err
	}
	node, err := d.get(ctx, site)
	if err != nil {
		return nil, err
	}
	if node.Spec.Unschedulable {
		return nil, fmt.Errorf("node %s is unschedulable already, and draining it would be undone by uncordoning it", d.node)
	}
	there, err := site.Clients.CoreV1().Pods(site.Namespace).List(ctx, metav1.ListOptions{
		FieldSelector: fields.OneTermEqualSelector("spec.nodeName", d.node).String(),
	})
	if err != nil {
		return nil, err
	}
	d.pods, d.refused = nil, nil
	for _, p := range there.Items {
		if history.IsActive(&p) {
			d.pods = append(d.pods, pod{p.Name, p.UID})
		}
	}
	if len(d.pods) == 0 {
		return nil, fmt.Errorf("no pod of namespace %s is on node %s: draining it would hit nothing", site.Namespace, d.node)
	}
	uncordon := chaos.Patch{Object: chaos.Object{Version: "v1", Resource: "nodes", Name: d.node}, Merge: `{"spec":{"unschedulable":null}}`}
	return chaos.Undo{{Patch: &uncordon}}, nil
}

func (d *drain) Inject(ctx context.Context, site *chaos.Site) error {
	_, err := site.Clients.CoreV1().Nodes().Patch(ctx, d.node, types.MergePatchType, []byte(`{"spec":{"unschedulable":true}}`), metav1.PatchOptions{})
	if err != nil {
		return err
	}
	for _, pod := range d.pods {
		switch err := evict(ctx, site, pod); {
		case apierrors.IsTooManyRequests(err):
			d.refused = append(d.refused, pod)
		case err != nil && !apierrors.IsNotFound(err):
			return fmt.Errorf("evict pod %s: %w", pod.name, err)
		}
	}
	switch {
	case d.forbidden && len(d.refused) == 0:
		return fmt.Errorf("no PodDisruptionBudget forbids an eviction from node %s", d.node)
	case !d.forbidden && len(d.refused) > 0:
		return fmt.Errorf("a PodDisruptionBudget forbids the eviction of pod %s", d.refused[0].name)
	}
	return nil
}

// evict asks for the eviction of a pod, or only whether that would be granted. A budget's refusal is 429.
func evict(ctx context.Context, site *chaos.Site, pod pod, dryRun ...string) error {
	return site.Clients.PolicyV1().Evictions(site.Namespace).Evict(ctx, &policyv1.Eviction{
		ObjectMeta:    metav1.ObjectMeta{Name: pod.name, Namespace: site.Namespace},
		DeleteOptions: &metav1.DeleteOptions{Preconditions: metav1.NewUIDPreconditions(string(pod.uid)), DryRun: dryRun},
	})
}

func (d *drain) Confirm(ctx context.Context, site *chaos.Site) (string, error) {
	stayed := 0
	_, err := seen(ctx, site, d.node, func(node *corev1.Node, live *history.Live) bool {
		stayed = 0
		for _, p := range live.Pods() {
			known := slices.Contains(d.pods, pod{p.Name, p.UID})
			allowed := slices.Contains(d.refused, pod{p.Name, p.UID})
			if known && history.IsActive(p) {
				if !allowed {
					return false
				}
				stayed++
			}
		}
		return node != nil && node.Spec.Unschedulable && stayed == len(d.refused)
	})
	if err != nil {
		return "", err
	}
	for _, pod := range d.refused {
		if err := evict(ctx, site, pod, metav1.DryRunAll); !apierrors.IsTooManyRequests(err) {
			return "", fmt.Errorf("the eviction of pod %s is not refused for a PodDisruptionBudget: %v", pod.name, err)
		}
	}
	observed := fmt.Sprintf("the recorder saw %s unschedulable and %d of %d pods marked for deletion", d.node, len(d.pods)-stayed, len(d.pods))
	if stayed > 0 {
		observed += ", and the API server would refuse to evict the rest again"
	}
	return observed, nil
}

// Healed waits until the node takes pods again.
func (d *drain) Healed(ctx context.Context, site *chaos.Site) error {
	_, err := seen(ctx, site, d.node, func(node *corev1.Node, _ *history.Live) bool {
		return node != nil && !node.Spec.Unschedulable && !tainted(node, corev1.TaintNodeUnschedulable)
	})
	return err
}
