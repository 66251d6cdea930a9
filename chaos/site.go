package chaos

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/reports/history"
)

// OptIn is the label that allows faults on a namespace or a node of a cluster that was not made here; its value is "allowed".
const OptIn = "jobproof.dev/chaos"

// largestShare is how many of a hundred nodes that take pods may be broken at once. In a cluster made here three of five are
// set apart for faults, and the other two are for the Jobs of all other specs.
const largestShare = 60

// ErrNotHere says that a fault is not for this cluster: jobproof did not make it, and nobody allowed it.
var ErrNotHere = errors.New("jobproof did not make this cluster")

// Site is where faults are injected: a namespace of a cluster, and the one who watches it.
type Site struct {
	Cluster   *cluster.Cluster
	Config    *rest.Config
	Clients   kubernetes.Interface
	Namespace string
	// Recorder sees the namespace's Jobs, pods and Events and all nodes. It is the observer that confirms most faults.
	Recorder *history.Recorder
	Journal  *Journal
	// Null makes every Inject a no-op: nothing may then be confirmed.
	Null bool
}

// Node returns the machine of a node. It is an error if jobproof did not make the cluster.
func (s *Site) Node(name string) (*cluster.Node, error) {
	if !s.Cluster.Made {
		return nil, fmt.Errorf("%w: the machine of node %s is somebody else's", ErrNotHere, name)
	}
	return s.Cluster.Node(name), nil
}

// MayHitPods says whether pods of the site's namespace may be hit: never in kube-system, and elsewhere only where
// jobproof made the cluster or the namespace carries the label OptIn.
func (s *Site) MayHitPods(ctx context.Context) error {
	if s.Namespace == "" || strings.HasPrefix(s.Namespace, "kube-") || s.Namespace == metav1.NamespaceDefault {
		return fmt.Errorf("pods of the namespace %q are never hit", s.Namespace)
	}
	namespace, err := s.Clients.CoreV1().Namespaces().Get(ctx, s.Namespace, metav1.GetOptions{})
	if err != nil {
		return err
	}
	if !s.Cluster.Made && namespace.Labels[OptIn] != "allowed" {
		return fmt.Errorf("%w, and the namespace %s has no label %s=allowed", ErrNotHere, s.Namespace, OptIn)
	}
	return nil
}

// MayHitNode says whether a node may be hit: never one of the control plane, only a victim of a cluster made here or one
// with the label OptIn, and never more at once than largestShare allows, by the journal.
func (s *Site) MayHitNode(ctx context.Context, name string) error {
	nodes, err := s.Clients.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	i := slices.IndexFunc(nodes.Items, func(node corev1.Node) bool { return node.Name == name })
	if i < 0 {
		return fmt.Errorf("there is no node %s", name)
	}
	node := nodes.Items[i]
	switch {
	case isControlPlane(node):
		return fmt.Errorf("node %s is of the control plane, which is never hit", name)
	case s.Cluster.Made && node.Labels[cluster.RoleLabel] != cluster.RoleVictim:
		return fmt.Errorf("node %s is not set apart for faults: it has no label %s=%s", name, cluster.RoleLabel, cluster.RoleVictim)
	case !s.Cluster.Made && node.Labels[OptIn] != "allowed":
		return fmt.Errorf("%w, and the node %s has no label %s=allowed", ErrNotHere, name, OptIn)
	}
	takes, broken := map[string]bool{}, map[string]bool{name: true}
	for _, node := range nodes.Items {
		if !isControlPlane(node) {
			takes[node.Name] = true
		}
	}
	open, err := s.Journal.Open()
	if err != nil {
		return err
	}
	for _, entry := range open {
		if other, is := strings.CutPrefix(entry.Target, "node/"); is {
			// Its Node may be what the fault has deleted.
			broken[other], takes[other] = true, true
		}
	}
	if len(broken) > 1 && len(broken)*100 > len(takes)*largestShare {
		return fmt.Errorf("with node %s, %d of %d nodes would be broken at once: at most %d in a hundred may be", name, len(broken), len(takes), largestShare)
	}
	return nil
}

// MayHitControlPlane says whether the control plane may be hit: only that of a cluster made here.
func (s *Site) MayHitControlPlane() error {
	if !s.Cluster.Made {
		return fmt.Errorf("%w: its control plane is left alone", ErrNotHere)
	}
	return nil
}

func isControlPlane(node corev1.Node) bool {
	_, is := node.Labels["node-role.kubernetes.io/control-plane"]
	return is
}
