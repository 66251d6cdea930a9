package catalogue

import "github.com/jobproof/jobproof/chaos/nodes"

// onNodes are the faults of package nodes.
var onNodes = []Kind{
	{Name: "kill-node", Says: "The machine goes off, as by a power failure.", On: OnNode, New: ofNode(nodes.Kill)},
	{Name: "pause-node", Says: "All processes of the machine are frozen.", On: OnNode, New: ofNode(nodes.Pause)},
	{Name: "restart-node", Says: "The machine shuts down and starts again.", On: OnNode, New: ofNode(nodes.Restart)},
	{Name: "stop-kubelet", Says: "The kubelet is stopped; containers run on.", On: OnNode, New: ofNode(nodes.StopKubelet)},
	{Name: "stop-runtime", Says: "The container runtime is stopped; containers run on.", On: OnNode, New: ofNode(nodes.StopRuntime)},
	{Name: "cut-off-from-control-plane", Says: "Nothing passes between the node and the control plane.", On: OnNode, New: ofNode(nodes.CutOff)},
	{Name: "cut-off-from-peers", Says: "Nothing passes between the node and other workers.", On: OnNode, New: ofNode(nodes.CutOffPeers)},
	{Name: "drain-node", Says: "The node takes no more pods, and those of the namespace are evicted.", On: OnNode, Anywhere: true, New: ofNode(nodes.Drain)},
	{
		Name: "drain-node-against-budget", Says: "The node is drained, and a disruption budget forbids an eviction.", On: OnNode, Anywhere: true,
		New: ofNode(nodes.DrainAgainstBudget),
	},
	{Name: "delete-node", Says: "The Node object is deleted.", On: OnNode, New: ofNode(nodes.Delete)},
	{Name: "out-of-service", Says: "A node that is not Ready is declared out of service.", On: OnNode, Anywhere: true, New: ofNode(nodes.OutOfService)},
	{Name: "fill-disk", Says: "The kubelet takes its disk for full and evicts pods.", On: OnNode, New: ofNode(nodes.FillDisk)},
}
