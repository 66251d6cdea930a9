package judge

import (
	"maps"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// nodeLoss is about the pods of Jobs on nodes that are lost.
var nodeLoss = []Invariant{
	{
		ID: "L07",
		Says: "A pod on a node that is not ready is evicted once it has tolerated the node's taint for as long as it does: " +
			"300 s unless it asks for something else.",
		Source: "pkg/controller/tainteviction/taint_eviction.go:451-490, processPodOnNode; " +
			"plugin/pkg/admission/defaulttolerationseconds/admission.go:44-45",
		Exceptions: []string{
			"a node that gets no such taint, as when all nodes are lost or too many of a zone: blocked",
			"a pod that tolerates the taint for ever: blocked",
			"a node that is ready again in time",
		},
		OneController: true,
		PodWaits:      leavesLostNode,
		Within:        evictingBound,
	},
	{
		ID:     "L08",
		Says:   "A pod whose node is gone, or a pod that is terminating on a node that is out of service, is removed without regard to its grace period.",
		Source: "pkg/controller/podgc/gc_controller.go:148-191, gcTerminating; 229-291, gcOrphaned; 342-380, markFailedAndDeletePod",
		Exceptions: []string{
			"finalizers keep the pod, not its node: it is Failed, or marked for deletion at once",
			"a node that comes back in time",
		},
		OneController: true,
		PodWaits:      removedFromGoneNode,
		Within:        collectingBound,
	},
}

// node takes in a version of a node and asks about its pods again, for to them it is no version of their own.
func (j *Judge) node(v *history.Version) {
	was := j.world.nodes[v.Name]
	j.world.node(v)
	now := j.world.nodes[v.Name]
	if was != nil && now != nil && was.Ready == now.Ready && maps.Equal(was.Tainted, now.Tainted) {
		return
	}
	for _, p := range j.world.pods {
		if p.Now.Node != v.Name {
			continue
		}
		for _, inv := range j.podWaits {
			j.waits.pod(inv, p)
		}
	}
}

// evictors are the taints of a node that is not ready.
var evictors = [...]string{corev1.TaintNodeUnreachable, corev1.TaintNodeNotReady}

// eviction is what is known of a pod on a node that is lost.
type eviction struct {
	tainted time.Time     // since when the node has a taint that evicts it
	after   time.Duration // for how long it tolerates that
	forEver bool
}

func leavesLostNode(p *Pod) Waiting {
	n := p.World.nodes[p.Now.Node]
	if p.Job == nil || n == nil || n.Ready || !p.Now.Active() {
		delete(p.memory.of, "eviction")
		return Waiting{}
	}
	w := Waiting{For: "its eviction from the node " + n.Name + ", which is not ready"}
	e := remember[eviction](&p.memory, "eviction")
	if !n.evicts() {
		*e = eviction{}
		w.Blocked = "node " + n.Name + " is not ready, and has no taint that evicts"
		return w
	}
	if e.tainted.IsZero() {
		e.tainted = p.World.Clock
		e.after, e.forEver = p.Now.tolerates(n)
	}
	switch at := e.tainted.Add(e.after); {
	case e.forEver:
		w.Blocked = "it tolerates for ever that its node is not ready"
		return w
	case p.World.Clock.Before(at):
		return Waiting{NotBefore: at}
	default:
		w.NotBefore = at
		return w
	}
}

// evicts says whether the node has a taint that evicts pods because it is not ready.
func (n *Node) evicts() bool {
	for _, key := range evictors {
		if n.tainted(key, corev1.TaintEffectNoExecute) {
			return true
		}
	}
	return false
}

// outOfService says whether somebody has told that the node will not come back by itself.
func (n *Node) outOfService() bool {
	return !n.Ready && (n.tainted(corev1.TaintNodeOutOfService, corev1.TaintEffectNoExecute) ||
		n.tainted(corev1.TaintNodeOutOfService, corev1.TaintEffectNoSchedule))
}

func (n *Node) tainted(key string, effect corev1.TaintEffect) bool {
	return n.Tainted[key+":"+string(effect)]
}

// tolerates says for how long a pod tolerates that a node is not ready. Of several tolerations the longest is taken.
func (p *PodVersion) tolerates(n *Node) (after time.Duration, forEver bool) {
	spec := p.Spec()
	if spec == nil {
		return 0, true
	}
	for _, t := range spec.Tolerations {
		if t.Effect != "" && t.Effect != corev1.TaintEffectNoExecute {
			continue
		}
		for _, key := range evictors {
			switch {
			case t.Key != "" && t.Key != key || !n.tainted(key, corev1.TaintEffectNoExecute):
			case t.TolerationSeconds == nil:
				return 0, true
			default:
				after = max(after, time.Duration(*t.TolerationSeconds)*time.Second)
			}
		}
	}
	return after, false
}

func removedFromGoneNode(p *Pod) Waiting {
	atOnce := !p.Now.Deleting.IsZero() && p.Now.Grace == 0
	if p.Job == nil || p.Gone() || p.Now.Node == "" || p.Now.Finished() || atOnce || !p.World.nodesKnown {
		return Waiting{}
	}
	n := p.World.nodes[p.Now.Node]
	switch {
	case n == nil:
		return Waiting{For: "its removal, for its node " + p.Now.Node + " is gone"}
	case p.Now.Terminating() && n.outOfService():
		return Waiting{For: "its removal, for its node " + n.Name + " is out of service"}
	default:
		return Waiting{}
	}
}
