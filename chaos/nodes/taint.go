package nodes

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/retry"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/reports/history"
)

// OutOfService puts the taint node.kubernetes.io/out-of-service on a node that is not Ready: somebody has made sure that its
// machine is off, so its pods may be forgotten, and the pod garbage collector removes those that are terminating. The recorder
// confirms it: the Node has the taint. A node that is Ready is refused.
func OutOfService(node string) chaos.Fault {
	return &outOfService{base{"out-of-service", node, chaos.Bounds{
		Confirm: time.Minute, Heal: time.Minute, Origin: "one request and one watch event; the rest is for a busy machine",
	}}}
}

type outOfService struct{ base }

func (o *outOfService) Arm(ctx context.Context, site *chaos.Site) (chaos.Undo, error) {
	node, err := o.get(ctx, site)
	switch {
	case err != nil:
		return nil, err
	case condition(node, corev1.NodeReady) == corev1.ConditionTrue:
		return nil, fmt.Errorf("node %s is Ready: only a node that is known to be off is taken out of service", o.node)
	case tainted(node, corev1.TaintNodeOutOfService):
		return nil, fmt.Errorf("node %s is out of service already", o.node)
	}
	return chaos.Undo{{Untaint: &chaos.Taint{Node: o.node, Key: corev1.TaintNodeOutOfService, Effect: corev1.TaintEffectNoExecute}}}, nil
}

func (o *outOfService) Inject(ctx context.Context, site *chaos.Site) error {
	nodes := site.Clients.CoreV1().Nodes()
	return retry.RetryOnConflict(retry.DefaultRetry, func() error {
		node, err := nodes.Get(ctx, o.node, metav1.GetOptions{})
		if err != nil {
			return err
		}
		node.Spec.Taints = append(node.Spec.Taints, corev1.Taint{
			Key: corev1.TaintNodeOutOfService, Value: "nodeshutdown", Effect: corev1.TaintEffectNoExecute,
		})
		_, err = nodes.Update(ctx, node, metav1.UpdateOptions{})
		return err
	})
}

func (o *outOfService) Confirm(ctx context.Context, site *chaos.Site) (string, error) {
	node, err := seen(ctx, site, o.node, func(node *corev1.Node, _ *history.Live) bool {
		return node != nil && tainted(node, corev1.TaintNodeOutOfService)
	})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("the recorder saw %s out of service at resource version %s", o.node, node.ResourceVersion), nil
}

// Healed waits until the taint is gone.
func (o *outOfService) Healed(ctx context.Context, site *chaos.Site) error {
	_, err := seen(ctx, site, o.node, func(node *corev1.Node, _ *history.Live) bool {
		return node == nil || !tainted(node, corev1.TaintNodeOutOfService)
	})
	if err != nil {
		return errors.Join(fmt.Errorf("node %s is still out of service", o.node), err)
	}
	return nil
}

// ofKubernetes reports whether Kubernetes puts a taint on nodes and takes it off.
func ofKubernetes(taint corev1.Taint) bool {
	return strings.HasPrefix(taint.Key, "node.kubernetes.io/")
}
