package judge

import (
	"slices"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ends is about how Jobs come to their end: finished once it is decided, failed at their deadline, deleted with all they have.
var ends = []Invariant{
	{
		ID:   "L05",
		Says: "SuccessCriteriaMet is followed by Complete, and FailureTarget by Failed.",
		Source: "pkg/controller/job/job_controller.go:1118-1130, syncJob; 1401-1438, trackJobStatusAndRemoveFinalizers; " +
			"1604-1625, enactJobFinished",
		Exceptions: []string{
			"as long as a pod is terminating, the Job is not finished; on a node that is lost that may be for ever: blocked",
			"the deletion of pods that a webhook refuses: blocked",
			"while pods are not noted, not counted or not free of their finalizer: L02, L03 and L04",
		},
		OneController: true,
		Job:           noteJob, Pod: notePod, Event: noteRefusal,
		JobWaits: finishes,
		Within:   managingBound, Settles: true,
	},
	{
		ID:     "L10",
		Says:   "A Job that is active for longer than activeDeadlineSeconds is given FailureTarget, also if the deadline was changed meanwhile.",
		Source: "pkg/controller/job/job_controller.go:610-624, updateJob; 1086-1092, syncJob; 1688-1695, pastActiveDeadline",
		Exceptions: []string{
			"a Job that is suspended has no deadline, and a new one when it is resumed",
			"the deletion of pods that a webhook refuses: blocked",
		},
		OneController: true,
		Job:           noteJob, Pod: notePod, Event: noteRefusal,
		JobWaits: failsAtDeadline,
		Within:   managingBound,
	},
	{
		ID:            "L11",
		Says:          "A finished Job with ttlSecondsAfterFinished is deleted once that time is over.",
		Source:        "pkg/controller/ttlafterfinished/ttlafterfinished_controller.go:206-290",
		Exceptions:    []string{"a webhook that rejects the deletion: blocked, if the audit log has it"},
		OneController: true,
		Job:           noteJob,
		JobWaits:      expires,
		Within:        cleaningBound,
	},
	{
		ID: "L12",
		Says: "A Job that is deleted goes, and its pods go with it, unless they were orphaned; " +
			"the same when its namespace is deleted.",
		Source: "pkg/controller/garbagecollector/garbagecollector.go:503-662, attemptToDeleteItem; 664-719, orphanDependents; " +
			"pkg/controller/job/job_controller.go:629-656, deleteJob",
		Exceptions: []string{
			"finalizers that others set on the Job or on a pod: blocked",
			"a pod on a node that is lost: blocked",
			"a pod's grace period, however long",
			"a pod that still has the tracking finalizer: L04",
			"a webhook that rejects the deletion: blocked, if the audit log has it",
		},
		OneController: true,
		Job:           noteJob, Pod: notePod,
		JobWaits: goes, PodWaits: goesWithJob,
		Within: removingBound,
	},
}

func finishes(j *Job) Waiting {
	if !j.Own() || j.Gone || !j.Now.Ending() || j.Now.Finished() {
		return Waiting{}
	}
	u := j.upkeep()
	w := Waiting{For: "Complete, which is to follow SuccessCriteriaMet", NotBefore: u.worked}
	if j.Now.Is(batchv1.JobFailureTarget) {
		w.For = "Failed, which is to follow FailureTarget"
	}
	succeeded, failed := j.Now.Uncounted()
	switch {
	case j.Active > 0:
		w.Blocked = u.undeleted.told(j.World)
	case j.Terminating > 0:
		var until time.Time
		w.Blocked, until = j.hindered()
		w.NotBefore = later(w.NotBefore, until)
	case len(succeeded)+len(failed) > 0 || u.tracked > 0:
		w.NotBefore = j.World.notYet()
	default:
		w.Blocked = j.refusal()
	}
	return w
}

func failsAtDeadline(j *Job) Waiting {
	limit, start := j.Now.Spec.ActiveDeadlineSeconds, j.Now.Status.StartTime
	if limit == nil || start == nil || !j.managed() || j.Now.Suspended() {
		return Waiting{}
	}
	w := j.after(start.Time, *limit, "FailureTarget, for it is active after its deadline")
	w.Blocked = j.upkeep().undeleted.told(j.World)
	return w
}

func expires(j *Job) Waiting {
	ttl := j.Now.Spec.TTLSecondsAfterFinished
	if ttl == nil || j.Gone || j.Now.Meta.DeletionTimestamp != nil {
		return Waiting{}
	}
	finished, ok := j.Now.finishedAt()
	if !ok {
		return Waiting{}
	}
	w := j.after(finished, int64(*ttl), "its deletion, for it has been finished for its ttlSecondsAfterFinished")
	w.Blocked = j.refusal()
	return w
}

// after is a wait that begins some seconds after a time of the cluster's clock.
func (j *Job) after(from time.Time, seconds int64, what string) Waiting {
	at := j.local(from.Add(time.Duration(seconds) * time.Second))
	if j.World.Clock.Before(at) {
		return Waiting{NotBefore: at}
	}
	return Waiting{For: what, NotBefore: at}
}

// finishedAt is when it became Complete or Failed, on the cluster's clock.
func (j *JobVersion) finishedAt() (at time.Time, finished bool) {
	for _, c := range j.Status.Conditions {
		if (c.Type == batchv1.JobComplete || c.Type == batchv1.JobFailed) && j.Is(c.Type) && !c.LastTransitionTime.IsZero() {
			return c.LastTransitionTime.Time, true
		}
	}
	return time.Time{}, false
}

// goes is the wait for the removal of a Job that is marked for deletion.
func goes(j *Job) Waiting {
	if j.Gone || j.Now.Meta.DeletionTimestamp == nil {
		return Waiting{}
	}
	w := Waiting{For: "its removal, for it is deleted", NotBefore: j.upkeep().worked, Blocked: j.refusal()}
	for _, f := range j.Now.Meta.Finalizers {
		if f != metav1.FinalizerDeleteDependents && f != metav1.FinalizerOrphanDependents {
			w.Blocked = "it has the finalizer " + f
		}
	}
	if j.inForeground() && len(j.Pods) > 0 {
		w.NotBefore = j.World.notYet() // its pods go first
	}
	return w
}

// inForeground says whether a Job is being deleted only after its pods.
func (j *Job) inForeground() bool {
	return j.Now.Meta.DeletionTimestamp != nil && slices.Contains(j.Now.Meta.Finalizers, metav1.FinalizerDeleteDependents)
}

// goesWithJob is the wait for the removal of a pod whose Job is gone, or is to go after it.
func goesWithJob(p *Pod) Waiting {
	j := p.Job
	if j == nil || p.Gone() || !j.Gone && !j.inForeground() || !j.Gone && !p.Now.BlockOwnerDeletion {
		return Waiting{}
	}
	w := Waiting{For: "its removal, for its Job was deleted", Blocked: p.refusal()}
	if len(j.Pods) > manyRequests {
		w.NotBefore = j.upkeep().worked
	}
	if p.Now.Deleting.IsZero() {
		return w
	}
	for _, f := range p.Now.Finalizers {
		if f == batchv1.JobTrackingFinalizer {
			w.NotBefore = p.World.notYet()
			return w
		}
		w.Blocked = "it has the finalizer " + f
	}
	if blocked, _ := p.Hindered(); blocked != "" {
		w.Blocked = blocked
	}
	w.NotBefore = later(w.NotBefore, p.local(p.Now.Deleting))
	return w
}
