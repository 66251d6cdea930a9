package disruption

import (
	"context"
	"errors"
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// comeback is how long a victim may take to be Ready after it was started. 25 s were seen on two idle cores;
// the rest is for a machine that is busy with other specs.
var comeback = scenario.Bound{Limit: 5 * time.Minute, Origin: "25 s from the start of a killed node to Ready were seen on two cores, " +
	"and up to 1 min until the Job controller looks again (MaxJobApiBackOff, pkg/controller/job/job_controller.go); " +
	"doubled for a busy machine"}

// A victim is the worker that a spec may break, and what it takes to give it back whole.
type victim struct {
	name    string
	cluster *cluster.Cluster
	clients kubernetes.Interface
	node    *cluster.Node

	killed bool
	// silent is the last sign of life of its kubelet from before it was killed.
	silent time.Time
}

// borrow borrows the victim of the cluster for the rest of the spec, through a Lease in the cluster, so that the specs
// of parallel processes do not break it under each other. When the spec is over, however it ends, the victim is made
// whole before it is given back. The spec is skipped if the cluster has no victim.
func borrow(ctx SpecContext, s *scenario.Scenario) *victim {
	GinkgoHelper()
	name := s.Victim()
	config, err := s.Cluster().RESTConfig()
	Expect(err).NotTo(HaveOccurred())
	if s.Cluster().Made {
		cluster.Impersonate(config)
	}
	clients, err := kubernetes.NewForConfig(config)
	Expect(err).NotTo(HaveOccurred())

	v := &victim{name: name, cluster: s.Cluster(), clients: clients, node: s.Node(name)}
	lease, err := acquire(ctx, clients, cluster.VictimLease(name), s.Namespace())
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx SpecContext) error {
		return errors.Join(v.heal(ctx), release(ctx, clients, lease))
	})
	s.Breaks(name)
	return v
}

// kill ends the victim as a power failure does.
func (v *victim) kill(ctx context.Context) {
	GinkgoHelper()
	v.killed = true
	Expect(v.node.Kill(ctx)).To(Succeed())
	life, err := v.clients.CoordinationV1().Leases(corev1.NamespaceNodeLease).Get(ctx, v.name, metav1.GetOptions{})
	Expect(err).NotTo(HaveOccurred())
	v.silent = life.Spec.RenewTime.Time
}

// start starts the victim after it was killed.
func (v *victim) start(ctx context.Context) {
	GinkgoHelper()
	Expect(v.node.Start(ctx)).To(Succeed())
}

// heal makes the victim Ready again, if it was killed, and makes sure that the cluster is as it was: pods on the victim
// reach all others, and are reached, by name.
func (v *victim) heal(ctx context.Context) error {
	if !v.killed {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, comeback.Limit)
	defer cancel()
	if err := v.node.Start(ctx); err != nil { // of one that runs it does nothing
		return fmt.Errorf("heal the victim %s: %w", v.name, err)
	}
	// A node that was killed counts as Ready for a while, so its kubelet must give a sign of life first. It renews its
	// Lease every 10 s, while its Node may stay as it is for minutes.
	err := await(ctx, leaseWatch(v.clients, corev1.NamespaceNodeLease, v.name), func(life *coordinationv1.Lease) bool {
		return life != nil && life.Spec.RenewTime.After(v.silent)
	})
	if err != nil {
		return fmt.Errorf("the victim %s gave no sign of life within %v: %w", v.name, comeback.Limit, err)
	}
	if err := await(ctx, nodeWatch(v.clients, v.name), whole); err != nil {
		return fmt.Errorf("the victim %s was not Ready again within %v: %w", v.name, comeback.Limit, err)
	}
	if err := v.cluster.AssertReady(ctx); err != nil {
		return fmt.Errorf("after the victim %s was killed and started: %w", v.name, err)
	}
	return nil
}

// whole reports whether a node is there, Ready, and takes pods.
func whole(node *corev1.Node) bool {
	if node == nil {
		return false
	}
	ready, err := expect.ReadyNode(node.Name).Match(history.State{Nodes: []*corev1.Node{node}})
	return ready && err == nil
}
