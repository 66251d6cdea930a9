package chaos

import (
	"context"
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/retry"
	"slices"

	"github.com/jobproof/jobproof/fixtures/cluster"
)

// Undo is what puts a fault right again, in that order. Each action does no harm if the fault is not, or no longer, in
// effect: an Undo may be run twice, and before the fault was injected.
type Undo []Action

// Action is one thing to do. Exactly one of its fields is set.
type Action struct {
	// Start and Unpause name a node whose machine is started, or whose processes go on.
	Start   string `json:"start,omitempty"`
	Unpause string `json:"unpause,omitempty"`
	// Exec is a command that is run in a node.
	Exec *Exec `json:"exec,omitempty"`
	// Delete is an object that is removed.
	Delete *Object `json:"delete,omitempty"`
	// Patch is a merge patch of an object.
	Patch *Patch `json:"patch,omitempty"`
	// Untaint is a taint that is taken off a node.
	Untaint *Taint `json:"untaint,omitempty"`
}

// Exec is a command in a node.
type Exec struct {
	Node    string   `json:"node"`
	Command []string `json:"command"`
}

// Object names an object of the API.
type Object struct {
	Group     string `json:"group,omitempty"`
	Version   string `json:"version"`
	Resource  string `json:"resource"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
}

// Patch is a JSON merge patch of an object.
type Patch struct {
	Object
	Merge string `json:"merge"`
}

// Taint is a taint of a node.
type Taint struct {
	Node   string             `json:"node"`
	Key    string             `json:"key"`
	Effect corev1.TaintEffect `json:"effect"`
}

// run does one action after the other. One that fails does not keep the others from being done.
func (u Undo) run(ctx context.Context, c *cluster.Cluster, config *rest.Config) error {
	var failed []error
	for _, action := range u {
		if err := action.do(ctx, c, config); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

func (a Action) do(ctx context.Context, c *cluster.Cluster, config *rest.Config) error {
	switch {
	case a.Start != "":
		return c.Node(a.Start).Start(ctx)
	case a.Unpause != "":
		return c.Node(a.Unpause).Resume(ctx)
	case a.Exec != nil:
		_, err := c.Node(a.Exec.Node).Exec(ctx, a.Exec.Command...)
		return err
	case a.Delete != nil:
		return a.Delete.remove(ctx, config)
	case a.Patch != nil:
		return a.Patch.apply(ctx, config)
	case a.Untaint != nil:
		return a.Untaint.remove(ctx, config)
	default:
		return errors.New("an action of the journal says nothing")
	}
}

func (o Object) in(config *rest.Config) (dynamic.ResourceInterface, error) {
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	of := client.Resource(schema.GroupVersionResource{Group: o.Group, Version: o.Version, Resource: o.Resource})
	if o.Namespace == "" {
		return of, nil
	}
	return of.Namespace(o.Namespace), nil
}

func (o Object) remove(ctx context.Context, config *rest.Config) error {
	client, err := o.in(config)
	if err != nil {
		return err
	}
	if err := client.Delete(ctx, o.Name, metav1.DeleteOptions{}); err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("delete %s %s: %w", o.Resource, o.Name, err)
	}
	return nil
}

func (p Patch) apply(ctx context.Context, config *rest.Config) error {
	client, err := p.in(config)
	if err != nil {
		return err
	}
	_, err = client.Patch(ctx, p.Name, types.MergePatchType, []byte(p.Merge), metav1.PatchOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("patch %s %s: %w", p.Resource, p.Name, err)
	}
	return nil
}

func (t Taint) remove(ctx context.Context, config *rest.Config) error {
	clients, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	return retry.RetryOnConflict(retry.DefaultRetry, func() error {
		node, err := clients.CoreV1().Nodes().Get(ctx, t.Node, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		kept := slices.DeleteFunc(slices.Clone(node.Spec.Taints), func(taint corev1.Taint) bool { return taint.Key == t.Key && taint.Effect == t.Effect })
		if len(kept) == len(node.Spec.Taints) {
			return nil
		}
		node.Spec.Taints = kept
		_, err = clients.CoreV1().Nodes().Update(ctx, node, metav1.UpdateOptions{})
		return err
	})
}
