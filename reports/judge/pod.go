package judge

import (
	"time"

	"github.com/jobproof/jobproof/reports/history"
)

// Pod is all that the judge knows of one pod at a moment.
type Pod struct {
	World                *World
	Namespace, Name, UID string

	// Job is its controller, nil if that is none or a Job that was never seen. It stays when the Job is gone.
	Job *Job
	// Now is its latest version and Was the one before it, nil if there was none.
	Now, Was *PodVersion
	// FromBirth says that it was seen from its creation on, without a gap.
	FromBirth bool
	// Born is the resource version and Birth the moment, on the recorder's clock, at which it was first seen.
	Born  uint64
	Birth time.Time
	// Deletes are the requests to delete or evict it that the audit log has and the API server did not refuse, oldest first.
	Deletes []history.Write
	// Changed is the last request of the audit log that changed the pod itself, not its status, and was not refused.
	Changed history.Write

	memory
}

// Created says whether this version is the one with which it came into being.
func (p *Pod) Created() bool { return p.Now.Type == history.Added }

// Gone says whether this version is its removal.
func (p *Pod) Gone() bool { return p.Now.Type == history.Deleted }

// Untracked says whether the tracking finalizer was there in the version before and is not in this one, or the pod was
// removed with it.
func (p *Pod) Untracked() bool {
	return p.Was != nil && p.Was.Tracked && (!p.Now.Tracked || p.Gone())
}

// JustFinished says whether it is Succeeded or Failed in this version and was not in the one before.
func (p *Pod) JustFinished() bool { return p.Now.Finished() && (p.Was == nil || !p.Was.Finished()) }

// JustMarked says whether it is marked for deletion in this version and was not in the one before.
func (p *Pod) JustMarked() bool {
	return !p.Now.Deleting.IsZero() && (p.Was == nil || p.Was.Deleting.IsZero())
}

// Object is how a finding names it.
func (p *Pod) Object() string { return history.Pods.Name + "/" + p.Name }

func (p *Pod) identity() (namespace, uid string) { return p.Namespace, p.UID }

// NodeLost says which node it is bound to if that node is not ready, or gone; otherwise nothing.
func (p *Pod) NodeLost() (node string, lost bool) {
	if p.Now.Node == "" {
		return "", false
	}
	n := p.World.nodes[p.Now.Node]
	if n == nil {
		return p.Now.Node, p.World.nodesKnown
	}
	return p.Now.Node, !n.Ready
}

// Hindered says what keeps the pod from ending or from being reported that is nobody's fault but its node's, and before
// which moment nothing can be expected of it: the end of its grace period, or its node's return.
func (p *Pod) Hindered() (blocked string, notBefore time.Time) {
	if node, lost := p.NodeLost(); lost {
		return "node " + node + " is not ready", time.Time{}
	}
	if n := p.World.nodes[p.Now.Node]; n != nil {
		notBefore = n.Since
	}
	if !p.Now.Finished() {
		notBefore = later(notBefore, p.Now.Deleting)
	}
	return "", notBefore
}
