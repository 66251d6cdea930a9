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
			"status before, and what was created or deleted since.",
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
			if !j.Own() || j.Was == nil || j.Gone || j.showsTheSame() || j.Turned(batchv1.JobFailureTarget) || j.Turned(batchv1.JobSuccessCriteriaMet) {
				return Answer{} // P22 is about the moment of the decision
			}
			return j.ofController(agreesWithPods(j))
		},
	},
}

// oldest is how far a moment may lie back. The controller's cache is some milliseconds old, and seconds when the API server
// is slow; what is remembered must not grow with the history.
const oldest = 10 * time.Minute

// crowdAt is how many of a Job's pods were what at a moment, and how many had come and gone by then: come are those that
// were created or adopted, gone those that were marked for deletion, removed or released.
type crowdAt struct {
	at                         time.Time
	active, ready, terminating int
	come, gone                 int
}

// presence is what the pods of a Job were, from the moment on that its last status may show.
type presence struct {
	since []crowdAt
	now   crowdAt
	// doubled says that an index had two active pods, of which the controller deletes one.
	doubled bool
}

// shown says what a version of a pod counts as.
func (p *PodVersion) shown() (active, ready, terminating bool) {
	active = p.Active()
	return active, active && p.Ready, p.Terminating()
}

// notePresence keeps count of the pods of the pod's Job, and of the Job that it was released by.
func notePresence(p *Pod) {
	var before *Job
	if p.Was != nil {
		before = p.World.Job(p.Was.Owner)
	}
	active, ready, terminating := p.Now.shown()
	if before == p.Job && p.Was != nil {
		a, r, t := p.Was.shown()
		if a == active && r == ready && t == terminating && !p.JustMarked() && !p.Gone() {
			return
		}
	}
	if before != nil && before != p.Job {
		c := &remember[presence](&before.memory, "P29").now
		a, r, t := p.Was.shown()
		c.active, c.ready, c.terminating, c.gone = c.active-one(a), c.ready-one(r), c.terminating-one(t), c.gone+1
		before.presenceChanged()
	}
	if p.Job == nil || p.Job.Gone {
		return
	}
	seen := remember[presence](&p.Job.memory, "P29")
	seen.doubled = seen.doubled || active && p.Job.ActiveAt[p.Now.Index] > 1
	c := &seen.now
	var a, r, t bool
	if before == p.Job && p.Was != nil {
		a, r, t = p.Was.shown()
	} else {
		c.come++
	}
	c.active += one(active) - one(a)
	c.ready += one(ready) - one(r)
	c.terminating += one(terminating) - one(t)
	if p.JustMarked() || p.Gone() {
		c.gone++
	}
	p.Job.presenceChanged()
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// presenceChanged notes that the pods are others from this moment on.
func (j *Job) presenceChanged() {
	seen := remember[presence](&j.memory, "P29")
	if seen.since == nil {
		seen.since = []crowdAt{{at: j.World.Clock}} // before the first pod
	}
	seen.now.at = j.World.Clock
	seen.since = append(seen.since, seen.now)
	for len(seen.since) > 1 && j.World.Clock.Sub(seen.since[1].at) > oldest {
		seen.since = seen.since[1:]
	}
}

// agreesWithPods looks for the first moment that the status may show. Those before it cannot be shown any more.
func agreesWithPods(j *Job) Answer {
	seen := remember[presence](&j.memory, "P29")
	if seen.since == nil {
		seen.since = []crowdAt{{at: j.World.Clock}} // it has no pod yet
	}
	for i := range seen.since {
		if j.mayShow(seen.since[i], seen.now, seen.doubled) {
			seen.since = seen.since[i:]
			return Held
		}
	}
	status := &j.Now.Status
	said, was := fmt.Sprintf("%d active, %d ready and %d terminating", status.Active, j.Now.Ready(), j.Now.Terminating()), seen.now
	seen.since = seen.since[len(seen.since)-1:]
	return Broken("it says %s pods, which was so at no moment since its status before; now they are %d, %d and %d", said, was.active, was.ready, was.terminating)
}

// showsTheSame says whether the status says of the pods what it said before.
func (j *Job) showsTheSame() bool {
	return j.Now.Status.Active == j.Was.Status.Active && j.Now.Ready() == j.Was.Ready() && j.Now.Terminating() == j.Was.Terminating()
}

// mayShow says whether the status can be that of a sync which began at a moment and has just ended. doubled says that it may
// have deleted pods of the same index.
func (j *Job) mayShow(then, now crowdAt, doubled bool) bool {
	active, ready, terminating := max(int(j.Now.Status.Active), 0), max(j.Now.Ready(), 0), max(j.Now.Terminating(), 0)
	come, gone := now.come-then.come, now.gone-then.gone
	leastReady := then.ready - gone
	if doubled || j.Now.Suspended() || j.Now.Ending() || then.active > j.wanted() {
		leastReady = 0
	}
	return active >= then.active-gone && active <= max(then.active+come, j.wanted()) &&
		ready >= leastReady && ready <= then.ready+come &&
		terminating >= then.terminating && terminating <= then.terminating+gone
}

// wanted is how many active pods the Job wants at most.
func (j *Job) wanted() int {
	wanted := j.Now.Parallelism()
	if completions := j.Now.Completions(); completions >= 0 {
		wanted = min(wanted, completions-int(j.Now.Status.Succeeded))
	}
	return max(wanted, 0)
}
