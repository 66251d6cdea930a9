package judge

import (
	"time"

	corev1 "k8s.io/api/core/v1"
)

// The users that those who disrupt pods are to the API server. The controller of NoExecute taints shares that of the node
// controller, which deletes no pod otherwise (newTaintEvictionController in cmd/kube-controller-manager/app/core.go).
const (
	taintEviction       = "system:serviceaccount:kube-system:node-controller"
	deviceTaintEviction = "system:serviceaccount:kube-system:device-taint-eviction-controller"
	podCollector        = "system:serviceaccount:kube-system:pod-garbage-collector"
	scheduler           = "system:kube-scheduler"
)

// atOnce is within how much time a pod is marked for deletion after that was asked for, if it is marked for that: an
// estimate, far above what a request takes. A request that is only tried (dryRun) stands in the audit log like others.
const atOnce = 5 * time.Second

func saysWhyItIsDisrupted(p *Pod) Answer {
	if p.JustFinished() && p.Now.Phase == corev1.PodFailed && p.nodeGone() {
		*remember[bool](&p.memory, "P28") = true
	}
	if !p.askedToGo() || len(p.Deletes) != 1 || p.Now.Seen.Sub(p.Deletes[0].At) > atOnce {
		return Answer{}
	}
	who := p.disruptor()
	if who == "" {
		return Answer{}
	}
	return Never(p.Now.Disrupted == "" && (p.Was == nil || p.Was.Disrupted == ""), func() string {
		return who + " deletes it, and it has no condition DisruptionTarget"
	})
}

// disruptor names who asked for the pod's deletion if it is one who gives it the condition first.
func (p *Pod) disruptor() string {
	w := p.Deletes[0]
	if w.Subresource == "eviction" {
		return "the eviction API"
	}
	switch w.User {
	case taintEviction:
		return "the taint eviction controller"
	case deviceTaintEviction:
		return "the device taint eviction controller"
	case scheduler:
		return "the scheduler"
	case podCollector:
		// Of pods that nobody has deleted yet it deletes, besides those without a node, only finished ones: those it
		// leaves as they are. One that finished when its node was gone it has ended itself.
		if !p.finishedBefore() || *remember[bool](&p.memory, "P28") {
			return "the pod garbage collector"
		}
	}
	return ""
}

// finishedBefore says whether it had finished before this version.
func (p *Pod) finishedBefore() bool { return p.Was != nil && p.Was.Finished() }

// nodeGone says whether its node does not exist.
func (p *Pod) nodeGone() bool {
	return p.Now.Node != "" && p.World.nodesKnown && p.World.Node(p.Now.Node) == nil
}
