package nodes

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/fixtures/cluster"
)

const (
	// apiPort is where kubeadm has the API server listen, and kubeletPort where every kubelet does.
	apiPort, kubeletPort = 6443, 10250
	// table is the netfilter table that drops what a node that is cut off sends and gets.
	table = "inet jobproof_"
)

// CutOff drops all that a node and the control plane send each other; the node's pods run on and reach all others. It is
// confirmed from both sides: a probe in the node cannot connect to an API server, and no API server gets an answer from the
// kubelet.
func CutOff(node string) chaos.Fault {
	return &cut{base: base{"cut-off-from-control-plane", node, atOnce}, from: "control_plane", port: apiPort, ofControlPlane: true}
}

// CutOffPeers drops all that a node and its pods, and the other workers and theirs, send each other; the control plane is
// reached. It is confirmed from both sides: a probe in the node cannot connect to the kubelets of others, nor they to its.
func CutOffPeers(node string) chaos.Fault {
	return &cut{base: base{"cut-off-from-peers", node, atOnce}, from: "peers", port: kubeletPort}
}

// cut is a node that gets nothing from some others, nor they from it.
type cut struct {
	base
	from           string
	port           int // which of the others' ports is tried
	ofControlPlane bool

	machine *cluster.Node
	address string                   // the node's own
	pods    []string                 // the ranges of the others' pods
	others  map[string]*cluster.Node // by address
	reached []string                 // the addresses of those that were when the fault was armed: another fault may have hit the rest
}

func (c *cut) Arm(ctx context.Context, site *chaos.Site) (undo chaos.Undo, err error) {
	var self *corev1.Node
	if c.machine, self, err = c.armed(ctx, site); err != nil {
		return nil, err
	}
	nodes, err := site.Clients.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}
	c.address, c.pods, c.others = address(self), nil, map[string]*cluster.Node{}
	for _, node := range nodes.Items {
		_, control := node.Labels["node-role.kubernetes.io/control-plane"]
		if node.Name == c.node || control != c.ofControlPlane {
			continue
		}
		if c.others[address(&node)], err = site.Node(node.Name); err != nil {
			return nil, err
		}
		if !c.ofControlPlane {
			c.pods = append(c.pods, node.Spec.PodCIDRs...)
		}
	}
	c.reached, err = connects(ctx, c.machine, c.port, slices.Collect(maps.Keys(c.others))...)
	if err == nil && len(c.reached) == 0 {
		err = errors.New("it reaches none of those that it was to be cut off from")
	}
	if err != nil {
		return nil, fmt.Errorf("node %s: %w", c.node, err)
	}
	drop := "add table " + table + c.from + "; delete table " + table + c.from
	return chaos.Undo{{Exec: &chaos.Exec{Node: c.node, Command: []string{"nft", drop}}}}, nil
}

func (c *cut) Inject(ctx context.Context, _ *chaos.Site) error {
	addresses := slices.Concat(slices.Sorted(maps.Keys(c.others)), c.pods)
	_, err := c.machine.Exec(ctx, "nft", rules(table+c.from, addresses))
	return err
}

// rules returns the netfilter commands that drop what comes from these addresses or goes there, whether it is the node's own or
// its pods'.
func rules(table string, addresses []string) string {
	text := []string{"add table " + table}
	for _, chain := range []struct {
		name  string
		drops []string
	}{{"input", []string{"saddr"}}, {"output", []string{"daddr"}}, {"forward", []string{"saddr", "daddr"}}} {
		text = append(text, fmt.Sprintf("add chain %s %s { type filter hook %s priority 0; }", table, chain.name, chain.name))
		for _, side := range chain.drops {
			for _, address := range addresses {
				family := "ip"
				if strings.Contains(address, ":") {
					family = "ip6"
				}
				text = append(text, fmt.Sprintf("add rule %s %s %s %s %s drop", table, chain.name, family, side, address))
			}
		}
	}
	return strings.Join(text, "; ")
}

func (c *cut) Confirm(ctx context.Context, site *chaos.Site) (string, error) {
	err := until(ctx, func() (bool, error) {
		passes, err := c.passes(ctx)
		if err != nil || passes {
			return false, err
		}
		return !c.ofControlPlane || unanswered(ctx, site, c.node), nil
	})
	switch {
	case err != nil:
		return "", err
	case c.ofControlPlane:
		return fmt.Sprintf("a probe in %s cannot connect to the API server, which gets no answer from its kubelet", c.node), nil
	default:
		return fmt.Sprintf("probes in %s and %d other workers cannot connect to each other", c.node, len(c.reached)), nil
	}
}

// Healed waits until a connection that was there when the fault was armed can be made again, and the node is Ready.
func (c *cut) Healed(ctx context.Context, site *chaos.Site) error {
	if err := until(ctx, func() (bool, error) { return c.passes(ctx) }); err != nil {
		return fmt.Errorf("node %s is still cut off: %w", c.node, err)
	}
	return c.base.Healed(ctx, site)
}

// passes reports whether one of the connections can be made that could when the fault was armed: from the node to others and,
// between workers, from others to the node.
func (c *cut) passes(ctx context.Context) (bool, error) {
	out, err := connects(ctx, c.machine, c.port, c.reached...)
	if err != nil || len(out) > 0 || c.ofControlPlane {
		return len(out) > 0, err
	}
	var in atomic.Bool
	var tries sync.WaitGroup
	for _, other := range c.reached {
		tries.Go(func() {
			// One that another fault has killed meanwhile cannot try.
			if open, err := connects(ctx, c.others[other], kubeletPort, c.address); err == nil && len(open) > 0 {
				in.Store(true)
			}
		})
	}
	tries.Wait()
	return in.Load(), nil
}

// address is where the other nodes reach a node.
func address(node *corev1.Node) string {
	for _, a := range node.Status.Addresses {
		if a.Type == corev1.NodeInternalIP {
			return a.Address
		}
	}
	return ""
}
