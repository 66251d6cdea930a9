package judge

import (
	"fmt"
	"time"

	batchv1 "k8s.io/api/batch/v1"
)

// agreements is about what a Job's status says of its pods. The controller counts them in its cache, which may be old, but
// shows them as they all were at one moment, and never goes back to an earlier one.
var agreements = []Invariant{
	{
		ID: "P29",
		Says: "status.active, ready and terminating are what the Job's pods were at one moment, which is not before that of the " +
			"status before, and what the controller has created or deleted since.",
		Source: "pkg/controller/job/job_controller.go:1028-1040 and 1190-1194, syncJob; 1746-1960, manageJob",
		Exceptions: []string{
			"the moment may lie up to ten minutes back, for the cache may be old",
			"a pod that could not be deleted is not counted as ready any more (deleteActivePods, deleteJobPods)",
			"in a namespace that is being deleted a pod that was refused is counted as active, as long as that many are wanted",
		},
		Across: true, Memory: true, OneController: true,
		Pod: func(p *Pod) Answer {
			notePresence(p)
			return Answer{}
		},
		Job: func(j *Job) Answer {
			if !j.Own() || j.Was == nil || j.Gone {
				return Answer{}
			}
			noteEnded(j)
			if j.showsTheSame() || j.Now.Finished() || j.Now.Ready() > int(j.Now.Status.Active) {
				return Answer{} // S06 and S07 are about the last two
			}
			return j.ofController(agreesWithPods(j))
		},
	},
	{
		ID:     "L18",
		Says:   "status.active, ready and terminating come to be what the Job's pods are, once there are as many as are wanted.",
		Source: "pkg/controller/job/job_controller.go:445-515, updatePod, and 1190-1195, syncJob",
		Memory: true,
		JobWaits: func(j *Job) Waiting {
			if seen := remember[presence](&j.memory, "P29"); len(seen.ended) > 0 || seen.now.same(musterOf(j)) {
				return Waiting{}
			}
			if !j.managed() || j.lacks(j.upkeep()) != 0 {
				return Waiting{} // there is more to be done first
			}
			return Waiting{For: "status.active, ready and terminating to be what its pods are"}
		},
		Within: accountingBound,
	},
}

// oldest is how far a moment may lie back. The controller's cache is some milliseconds old, and seconds when the API server
// is slow; what is remembered must not grow with the history.
const oldest = 10 * time.Minute

// muster is how many of a Job's pods were what at a moment, and how many had come and gone by then: created, adopted, and
// marked for deletion, removed or released.
type muster struct {
	at                         time.Time
	active, ready, terminating int
	created, adopted, gone     int
}

// presence is what the pods of a Job were, from the moment on that its last status may show.
type presence struct {
	since   []muster
	dropped int // how many came before since
	now     muster
	shown   muster         // what was so when the last status was written
	ended   map[string]end // by uid, the pods that have ended and that the status has not noted
	noted   int            // the first muster at which all pods had ended that the status has noted
	doubled bool           // an index had two active pods, of which the controller deletes one
}

// end says since which muster a pod is not active any more, and its completion index.
type end struct{ muster, index int }

// shown says what a version of a pod counts as.
func (p *PodVersion) shown() (active, ready, terminating bool) {
	active = p.Active()
	return active, active && p.Ready, p.Terminating()
}

// notePresence keeps count of the pods of the pod's Job, and of the Job that it was released by.
func notePresence(p *Pod) {
	var before *Job
	var wasActive, wasReady, wasTerminating bool
	if p.Was != nil {
		before = p.World.Job(p.Was.Owner)
		wasActive, wasReady, wasTerminating = p.Was.shown()
	}
	active, ready, terminating := p.Now.shown()
	if before != nil && before == p.Job && active == wasActive && ready == wasReady && terminating == wasTerminating &&
		!p.JustMarked() && !p.Gone() && !p.Untracked() {
		return
	}
	if before != nil && before != p.Job {
		before.count(p, -one(wasActive), -one(wasReady), -one(wasTerminating), true)
	}
	switch j := p.Job; {
	case j == nil || j.Gone:
	case before == j:
		j.count(p, one(active)-one(wasActive), one(ready)-one(wasReady), one(terminating)-one(wasTerminating), p.JustMarked() || p.Gone())
	default:
		j.count(p, one(active), one(ready), one(terminating), false)
	}
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// count notes that the pods are others from this moment on. gone says that the pod was marked, removed or released.
func (j *Job) count(p *Pod, active, ready, terminating int, gone bool) {
	seen := remember[presence](&j.memory, "P29")
	if seen.since == nil {
		seen.since, seen.ended = []muster{{at: j.World.Clock}}, map[string]end{} // before the first pod
	}
	seen.doubled = seen.doubled || p.Now.Active() && j.ActiveAt[p.Now.Index] > 1
	now := &seen.now
	now.at = j.World.Clock
	now.active, now.ready, now.terminating = now.active+active, now.ready+ready, now.terminating+terminating
	now.gone += one(gone)
	if p.Was == nil || p.Was.Owner != p.Now.Owner && p.Job == j {
		now.created += one(p.Created())
		now.adopted += one(!p.Created())
	}
	seen.since = append(seen.since, *now)
	if active < 0 && p.Now.Tracked && !p.Gone() {
		seen.ended[p.UID] = end{seen.dropped + len(seen.since) - 1, p.Now.Index}
	} else if p.Gone() || !p.Now.Tracked {
		delete(seen.ended, p.UID) // it is noted, or never will be
	}
	for len(seen.since) > 1 && j.World.Clock.Sub(seen.since[1].at) > oldest {
		seen.forget(1)
	}
}

func (s *presence) forget(n int) {
	s.since = s.since[n:]
	s.dropped += n
}

// agreesWithPods looks for the first moment that the status may show. Those before it cannot be shown any more.
func agreesWithPods(j *Job) Answer {
	seen := remember[presence](&j.memory, "P29")
	if seen.since == nil {
		seen.since, seen.ended = []muster{{at: j.World.Clock}}, map[string]end{} // it has no pod yet
	}
	defer func() { seen.shown = seen.now }()
	for i := max(seen.noted-seen.dropped, 0); i < len(seen.since); i++ {
		if j.mayShow(seen.since[i], seen) {
			seen.forget(i)
			return Held
		}
	}
	now := seen.now
	seen.forget(len(seen.since) - 1)
	return Broken("%s pods was so at no moment since its status before; they are %s", musterOf(j), now)
}

func musterOf(j *Job) muster {
	return muster{active: int(j.Now.Status.Active), ready: j.Now.Ready(), terminating: j.Now.Terminating()}
}

// same says whether as many pods are what.
func (m muster) same(other muster) bool {
	return m.active == other.active && m.ready == other.ready && m.terminating == other.terminating
}

// String says how many pods are what.
func (m muster) String() string {
	return fmt.Sprintf("%d active, %d ready and %d terminating", m.active, m.ready, m.terminating)
}

// noteEnded finds out since when all pods had ended that the status notes for the first time.
func noteEnded(j *Job) {
	seen := remember[presence](&j.memory, "P29")
	if len(seen.ended) == 0 {
		return
	}
	see := func(uid string) {
		if e, is := seen.ended[uid]; is {
			seen.noted = max(seen.noted, e.muster)
			delete(seen.ended, uid)
		}
	}
	succeeded, failed := j.Now.Uncounted()
	for _, uid := range succeeded {
		see(string(uid))
	}
	for _, uid := range failed {
		if j.Now.Is(batchv1.JobFailureTarget) {
			delete(seen.ended, string(uid)) // it may still have run: all pods of a Job that fails are counted
			continue
		}
		see(string(uid))
	}
	if j.Now.Completed != j.Was.Completed {
		for uid, e := range seen.ended {
			if j.Now.Completed.Has(e.index) && !j.Was.Completed.Has(e.index) {
				see(uid)
			}
		}
	}
}

// showsTheSame says whether the status says of the pods what it said before.
func (j *Job) showsTheSame() bool {
	return j.Now.Status.Active == j.Was.Status.Active && j.Now.Ready() == j.Was.Ready() && j.Now.Terminating() == j.Was.Terminating()
}

// mayShow says whether the status can be that of a sync which began at a moment and has just ended. A sync deletes pods, which
// are terminating from then on, or creates some, or does neither; what was created before the last status was written is no
// longer its doing.
func (j *Job) mayShow(then muster, seen *presence) bool {
	status := musterOf(j)
	adopted, deleted := seen.now.adopted-then.adopted, max(status.terminating, 0)-then.terminating
	if deleted < 0 || deleted > seen.now.gone-then.gone {
		return false
	}
	leastReady := then.ready - deleted
	if seen.doubled || j.Now.Suspended() || j.Now.Ending() || then.active > j.wanted() {
		leastReady = 0 // it may have tried to delete more
	}
	if ready := max(status.ready, 0); ready < leastReady || ready > then.ready+adopted {
		return false
	}
	active, left := max(status.active, 0), then.active-deleted
	if active >= left && active <= left+adopted {
		return true
	}
	created := then.active + seen.now.created - max(then.created, seen.shown.created)
	return deleted == 0 && active >= created && active <= max(created+adopted, j.wanted())
}

// wanted is how many active pods the Job wants at most.
func (j *Job) wanted() int {
	if !j.managed() || j.Now.Suspended() {
		return 0
	}
	wanted := j.Now.Parallelism()
	if completions := j.Now.Completions(); completions >= 0 {
		wanted = min(wanted, completions-int(j.Now.Status.Succeeded))
	}
	return max(wanted, 0)
}
