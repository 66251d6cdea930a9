package judge

import (
	"slices"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// counted is about the account of pods that have ended: each is noted in the status, loses its tracking finalizer, and is
// then counted. Which of the three invariants a pod is the matter of depends on how far it has come, so that one that is
// stuck breaks one of them.
var counting = []Invariant{
	{
		ID: "L02",
		Says: "A pod that has ended, or was deleted, is noted in the status of its Job while that goes on: among the uncounted pods, " +
			"or in completedIndexes.",
		Source: "pkg/controller/job/job_controller.go:1304-1384, trackJobStatusAndRemoveFinalizers; 1454-1471, canRemoveFinalizer",
		Exceptions: []string{
			"with podReplacementPolicy Failed, a pod that was deleted and has not ended",
			"with backoffLimitPerIndex, a failed pod whose completion index has not been given another: it lends that its failure count",
			"a pod whose labels the Job's selector does not fit is not the Job's any more: L13",
			"a failure that a podFailurePolicy ignores is not noted, and the pod just loses the finalizer",
			"a webhook that rejects the status: blocked, if the audit log has it",
		},
		OneController: true,
		Job:           noteJob, Pod: notePod,
		PodWaits: isNoted,
		Within:   accountingBound, Settles: true,
	},
	{
		ID:     "L03",
		Says:   "A pod that is noted as uncounted and has lost its finalizer, or is gone, moves on to the counters.",
		Source: "pkg/controller/job/job_controller.go:1483-1554, flushUncountedAndRemoveFinalizers and cleanUncountedPodsWithoutFinalizers",
		Exceptions: []string{
			"a pod that still has the finalizer: L04",
			"a webhook that rejects the status: blocked, if the audit log has it",
		},
		OneController: true,
		Job:           noteJob, Pod: notePod,
		JobWaits: movesOn,
		Within:   accountingBound, Settles: true,
	},
	{
		ID: "L04",
		Says: "The tracking finalizer is taken from every pod that is noted, and from every pod whose Job is finished, is being deleted or is gone, " +
			"or that belongs to none.",
		Source: "pkg/controller/job/job_controller.go:1560-1601, removeTrackingFinalizerFromPods; 776-852, syncOrphanPod",
		Exceptions: []string{
			"a pod that some other kind of controller owns, and one of a Job that another controller manages",
			"a pod that was given the finalizer when its Job had finished: nothing takes it away until the pod is deleted",
			"a webhook that rejects the change of the pod: blocked, if the audit log has it",
		},
		OneController: true,
		Job:           noteJob, Pod: notePod,
		PodWaits: losesFinalizer,
		Within:   accountingBound, Settles: true,
	},
}

// due is how far a pod with the tracking finalizer has come.
type due int

const (
	nothingDue due = iota // the finalizer may stay
	toBeNoted             // its end is to be written into the status
	toBeFreed             // the finalizer is to be taken away
)

// due says what is due to a pod.
func (p *Pod) due() due {
	now, j := p.Now, p.Job
	switch {
	case !now.Tracked || p.Gone():
		return nothingDue
	case j == nil:
		return p.dueWithoutJob()
	case j.Gone:
		return toBeFreed
	case !j.Own(), now.Active() && j.Now.Meta.DeletionTimestamp == nil && !j.Now.Finished():
		return nothingDue
	case j.Now.Finished():
		if p.trackedSince() > max(j.First[batchv1.JobComplete], j.First[batchv1.JobFailed]) {
			return nothingDue
		}
		return toBeFreed
	case !j.fits(now.Labels):
		return nothingDue
	case j.Now.Meta.DeletionTimestamp != nil:
		return toBeFreed
	case !now.Finished() && (now.Deleting.IsZero() || j.Now.ReplacesFailedOnly()):
		return nothingDue
	case j.hasNoted(p):
		return toBeFreed
	case j.keepsFailureCount(p):
		return nothingDue
	default:
		return toBeNoted
	}
}

// dueWithoutJob is that of a pod that belongs to no Job that is known. One that a Job is about to adopt keeps the
// finalizer, or gets it back.
func (p *Pod) dueWithoutJob() due {
	switch {
	case p.Now.Owner == "" && p.adopter() == nil, p.Now.OwnerKind == "Job":
		return toBeFreed
	default:
		return nothingDue
	}
}

// hasNoted says whether a Job's status has the end of a pod: among the uncounted ones, or its completion index as completed.
func (j *Job) hasNoted(p *Pod) bool {
	if j.Now.Indexed() && p.Now.Phase == corev1.PodSucceeded && j.Now.Completed.Has(p.Now.Index) {
		return true
	}
	succeeded, failed := j.Now.Uncounted()
	uid := types.UID(p.UID)
	return slices.Contains(succeeded, uid) || slices.Contains(failed, uid)
}

// keepsFailureCount says whether a failed pod keeps its finalizer until the pod that replaces it has been given its failure
// count (getPodsWithDelayedDeletionPerIndex in pkg/controller/job/indexed_job_utils.go).
func (j *Job) keepsFailureCount(p *Pod) bool {
	index := p.Now.Index
	return j.Now.Spec.BackoffLimitPerIndex != nil && p.Now.Phase != corev1.PodSucceeded && !j.Now.Ending() && index >= 0 &&
		j.ActiveAt[index] == 0 && !j.Now.Completed.Has(index) && !j.Now.FailedIndexes.Has(index)
}

// trackedSince is the resource version since which a pod has the tracking finalizer, 0 if it was never seen without.
func (p *Pod) trackedSince() uint64 { return *remember[uint64](&p.memory, "tracked") }

// noteTracked is the hook that trackedSince needs.
func noteTracked(p *Pod) {
	if p.Was != nil && p.Now.Tracked && !p.Was.Tracked {
		*remember[uint64](&p.memory, "tracked") = p.Now.RV
	}
}

func isNoted(p *Pod) Waiting {
	noteTracked(p)
	if p.due() != toBeNoted {
		return Waiting{}
	}
	w := Waiting{For: "being noted in the status of its Job", Blocked: p.Job.refusal()}
	if u := p.Job.upkeep(); u.backlog() {
		w.NotBefore = u.worked
	}
	return w
}

func losesFinalizer(p *Pod) Waiting {
	w := Waiting{For: "the removal of its tracking finalizer"}
	switch p.due() {
	case nothingDue:
		return Waiting{}
	case toBeNoted:
		w.NotBefore = p.World.notYet()
		return w
	}
	w.Blocked = p.refusal()
	if p.Job != nil {
		if u := p.Job.upkeep(); u.backlog() {
			w.NotBefore = u.worked
		}
	}
	return w
}

func movesOn(j *Job) Waiting {
	if !j.Own() || j.Gone {
		return Waiting{}
	}
	succeeded, failed := j.Now.Uncounted()
	if len(succeeded)+len(failed) == 0 {
		return Waiting{}
	}
	u := j.upkeep()
	since, due := u.succeededFirst.due(j, succeeded)
	if at, also := u.failedFirst.due(j, failed); also && (!due || at.Before(since)) {
		since, due = at, true
	}
	if !due {
		return Waiting{}
	}
	if u.backlog() {
		since = u.worked
	}
	return Waiting{For: "its uncounted pods to be counted", NotBefore: since, Blocked: j.refusal()}
}

// first is the pod that stands first in a list of uncounted ones, and since when. New ones are added at the end.
type first struct {
	uid   types.UID
	since time.Time
}

// due says whether the first pod of a list is to be counted, and since when it has been the first.
func (f *first) due(j *Job, list []types.UID) (since time.Time, due bool) {
	if len(list) == 0 {
		f.uid = ""
		return time.Time{}, false
	}
	if f.uid != list[0] {
		f.uid, f.since = list[0], j.World.Clock
	}
	p := j.Pods[string(f.uid)]
	return f.since, p == nil || !p.Now.Tracked
}
