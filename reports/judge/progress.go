package judge

import (
	"time"

	batchv1 "k8s.io/api/batch/v1"
)

// progress is about a Job being given the pods that it is to have, and no more.
var progress = []Invariant{
	{
		ID:     "L01",
		Says:   "A Job that is neither suspended nor decided is given pods until as many run as its parallelism and its completions ask for.",
		Source: "pkg/controller/job/job_controller.go:1767-1787 and 1811-1954, manageJob",
		Exceptions: []string{
			"pods that a quota, an admission plugin or a webhook refuses: blocked",
			"a Job without completions is given none after its first success",
			"completion indexes that have failed for good are given none",
			"pods that have failed are replaced only after the back-off, and as long as it lasts no other pod is created",
			"with podReplacementPolicy Failed, pods that are terminating count as if they ran",
		},
		OneController: true,
		Job:           noteJob, Pod: notePod, Event: noteRefusal,
		JobWaits: func(j *Job) Waiting { return j.lacksPods(sinceStart, "the pods that it lacks") },
		Within:   managingBound,
	},
	{
		ID:     "L06",
		Says:   "A pod that fails, or is deleted before it has ended, is replaced after the back-off; with podReplacementPolicy Failed, once it has ended.",
		Source: "pkg/controller/job/job_controller.go:1811-1833, manageJob; pkg/controller/job/backoff_utils.go:236-276",
		Exceptions: []string{
			"with podReplacementPolicy Failed, a pod that is terminating on a node that is lost: blocked",
			"pods that a quota, an admission plugin or a webhook refuses: blocked",
			"the back-off doubles with each failure up to 10 min, and is the whole Job's unless there is a backoffLimitPerIndex",
		},
		OneController: true,
		Job:           noteJob, Pod: notePod, Event: noteRefusal,
		JobWaits: func(j *Job) Waiting {
			return j.lacksPods(sinceFailure, "the replacement of pods that failed or were deleted")
		},
		PodWaits: replacedOnceEnded,
		Within:   managingBound,
	},
	{
		ID: "L15",
		Says: "When parallelism or completions change, pods are created or deleted until as many run as they ask for; " +
			"parallelism 0 lets none run.",
		Source: "pkg/controller/job/job_controller.go:1767-1809, manageJob",
		Exceptions: []string{
			"a Job without completions keeps what runs once a pod has succeeded",
			"the deletion of pods that a webhook refuses: blocked",
		},
		OneController: true,
		Job:           noteJob, Pod: notePod, Event: noteRefusal,
		JobWaits: func(j *Job) Waiting {
			if w := j.hasTooManyPods(); w.For != "" {
				return w
			}
			return j.lacksPods(sinceScaled, "the pods that it lacks since its parallelism or completions changed")
		},
		Within: managingBound,
	},
	{
		ID: "L09",
		Says: "A Job that is suspended loses its active pods and gets the condition Suspended; " +
			"one that is resumed loses the condition and gets pods again.",
		Source: "pkg/controller/job/job_controller.go:1156-1186, syncJob; 1756-1765, manageJob",
		Exceptions: []string{
			"a Job whose outcome is decided keeps the condition as it is",
			"a Job that has all its completions is completed, not suspended",
			"the deletion of pods that a webhook refuses: blocked",
		},
		OneController: true,
		Job:           noteJob, Pod: notePod, Event: noteRefusal,
		JobWaits: suspends,
		Within:   managingBound, Settles: true,
	},
}

// managed says whether the Job controller creates and deletes pods for the Job.
func (j *Job) managed() bool {
	return j.Own() && !j.Gone && j.Now.Meta.DeletionTimestamp == nil && !j.Now.Ending()
}

// lacks returns how many pods the controller is certain to owe the Job now, its back-off apart. Where it cannot be known
// whether it does, it does not.
func (j *Job) lacks(l *upkeep) int {
	now := j.Now
	if !j.managed() || now.Suspended() {
		return 0
	}
	uncounted, _ := now.Uncounted()
	wanted, done := now.Parallelism(), int(now.Status.Succeeded)+len(uncounted)+l.succeeded
	completions := now.Completions()
	switch {
	case completions >= 0:
		wanted = min(wanted, completions-done)
	case done > 0:
		return 0
	}
	open := len(j.ActiveAt)
	if now.ReplacesFailedOnly() {
		wanted -= j.Terminating
		open = len(j.OpenAt)
	}
	if now.Indexed() {
		return min(wanted-j.Active, completions-done-open-now.FailedIndexes.Len()-l.exhausted)
	}
	return wanted - j.Active
}

// lacksPods is the wait for pods that the Job lacks because of something that happened to it. All waits for pods go by the same
// account, each Job is in one of them at a time.
func (j *Job) lacksPods(since, what string) Waiting {
	l := j.upkeep()
	missing := j.lacks(l)
	if wanted := missing + j.Active; j.Active != l.active || wanted != l.wanted {
		l.active, l.wanted, l.moved = j.Active, wanted, j.World.Clock
	}
	if missing <= 0 {
		l.lacking, l.lately = "", sinceStart
		return Waiting{}
	}
	if l.lacking == "" {
		l.lacking = l.lately
	}
	if l.lacking != since {
		return Waiting{}
	}
	return Waiting{For: what, NotBefore: later(l.moved, j.backedOff(l)), Blocked: l.refused.told(j.World)}
}

// backedOff is the latest moment at which the back-off after the last failure can end.
func (j *Job) backedOff(l *upkeep) time.Time {
	_, uncounted := j.Now.Uncounted()
	failures := max(l.failures, int(j.Now.Status.Failed)+len(uncounted))
	if failures == 0 {
		return time.Time{}
	}
	return l.lastFailure.Add(podBackOff(failures))
}

// hasTooManyPods is the wait for the deletion of pods that are too many.
func (j *Job) hasTooManyPods() Waiting {
	now := j.Now
	if !j.managed() || now.Suspended() || j.Active == 0 {
		return Waiting{}
	}
	l := j.upkeep()
	uncounted, _ := now.Uncounted()
	done := int(now.Status.Succeeded) + len(uncounted)
	wanted := now.Parallelism()
	switch completions := now.Completions(); {
	case completions >= 0:
		wanted = min(wanted, completions-done)
	case done+l.succeeded > 0:
		return Waiting{}
	}
	if j.Active <= max(wanted, 0) {
		return Waiting{}
	}
	return Waiting{For: "the deletion of pods that it has too many of", NotBefore: later(l.moved, l.worked), Blocked: l.undeleted.told(j.World)}
}

// replacedOnceEnded is the wait for the end of a pod that is replaced only then. The Job controller has no part in it.
func replacedOnceEnded(p *Pod) Waiting {
	if p.Job == nil || !p.Now.Terminating() || !p.Job.managed() || p.Job.Now.Suspended() || !p.Job.Now.ReplacesFailedOnly() {
		return Waiting{}
	}
	blocked, notBefore := p.terminating()
	return Waiting{For: "its end, after which it is replaced", NotBefore: notBefore, Blocked: blocked}
}

func suspends(j *Job) Waiting {
	if !j.managed() {
		return Waiting{}
	}
	l := j.upkeep()
	suspended := j.Now.Is(batchv1.JobSuspended)
	switch {
	case j.Now.Suspended() && j.Active > 0:
		return Waiting{For: "its pods to be deleted, for it is suspended", NotBefore: l.worked, Blocked: l.undeleted.told(j.World)}
	case j.Now.Suspended() && !suspended:
		return Waiting{For: "the condition Suspended to become True", NotBefore: l.worked}
	case !j.Now.Suspended() && suspended:
		return Waiting{For: "the condition Suspended to become False", NotBefore: l.worked}
	}
	return j.lacksPods(sinceResumed, "pods, for it was resumed")
}
