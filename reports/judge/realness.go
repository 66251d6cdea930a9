package judge

import (
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// realness is about what is counted having happened, and what happened being counted.
var realness = []Invariant{
	{
		ID: "P14",
		Says: "Every success that is counted is real: a pod in uncountedTerminatedPods.succeeded, or one with the index that is " +
			"newly in completedIndexes, was Succeeded while it had the tracking finalizer.",
		Source: "pkg/controller/job/job_controller.go:1339-1351, trackJobStatusAndRemoveFinalizers; " +
			"pkg/controller/job/indexed_job_utils.go:59-75, calculateSucceededIndexes",
		Exceptions: []string{"a pod may be gone when it is listed: the controller's cache still had it"},
		Across:     true, Memory: true,
		Job: successesAreReal, Pod: keepPodBooks,
	},
	{
		ID: "P15",
		Says: "Every failure that is counted is explained: a pod in uncountedTerminatedPods.failed had failed, or was marked for " +
			"deletion before it succeeded if such pods are replaced at once, or the Job is failing.",
		Source: "pkg/controller/job/job_controller.go:1352-1370, trackJobStatusAndRemoveFinalizers, and 2126-2136, isPodFailed",
		Exceptions: []string{
			"a pod that is counted as failed because it was marked for deletion may end Succeeded, and stays counted as failed",
			"under FailureTarget pods count as failed that the controller saw running, though they may have succeeded since",
		},
		Across: true, Memory: true,
		Job: failuresAreExplained, Pod: keepPodBooks,
	},
	{
		ID: "P16",
		Says: "No success is lost: when a Job finishes, every pod of it that was Succeeded with the tracking finalizer has been " +
			"counted, or its index is completed.",
		Source: "pkg/controller/job/job_controller.go:1329-1384, trackJobStatusAndRemoveFinalizers, and 1604-1626, " +
			"enactJobFinished",
		Exceptions: []string{
			"a pod that was running when the controller chose to delete it, and succeeded before it lost the finalizer",
			"whatever else need not be written down before it loses the finalizer (P12)",
			"a pod whose success was seen too late is counted as failed (P15)",
		},
		Across: true, Memory: true,
		Job: noSuccessIsLost, Pod: successIsNoted, End: noSuccessWasLost,
	},
}

func successesAreReal(j *Job) Answer {
	if !j.Own() {
		return Answer{}
	}
	b, asked := j.books(), false
	for _, one := range b.entered {
		if one.column != succeededColumn {
			continue
		}
		asked = true
		if !one.known {
			return j.ofController(Broken("it counts the success of %s, and has no such pod", j.called(one.uid)))
		}
		if !b.accounts[one.uid].succeeded {
			return j.ofController(Broken("it counts the success of %s, which was not Succeeded with the finalizer", j.called(one.uid)))
		}
	}
	if j.Was == nil || j.Now.Completed == j.Was.Completed || !j.Now.Indexed() {
		return heldIf(asked)
	}
	for index := range j.Now.Completed.without(j.Was.Completed) {
		asked = true
		if !b.earned[index] && !j.succeededAt(index) {
			return j.ofController(Broken("index %d is in completedIndexes, and no pod with it was Succeeded with the finalizer", index))
		}
		delete(b.earned, index)
	}
	return heldIf(asked)
}

// without returns the indexes of s that are not in other, ascending.
func (s *Indexes) without(other *Indexes) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for own := range s.each() {
			for i := own.first; i <= own.last; i++ {
				if within, has := other.around(i); has {
					i = within.last
				} else if !yield(i) {
					return
				}
			}
		}
	}
}

// succeededAt says whether there is a pod with an index that is Succeeded and has the finalizer.
func (j *Job) succeededAt(index int) bool {
	for _, p := range j.Pods {
		if p.Now.Index == index && p.Now.Phase == corev1.PodSucceeded && p.Now.Tracked {
			return true
		}
	}
	return false
}

func failuresAreExplained(j *Job) Answer {
	if !j.Own() {
		return Answer{}
	}
	b, asked := j.books(), false
	for _, one := range b.entered {
		if one.column != failedColumn {
			continue
		}
		asked = true
		a := b.accounts[one.uid]
		switch {
		case !one.known:
			return j.ofController(Broken("it counts the failure of %s, and has no such pod", j.called(one.uid)))
		case a.failed, a.marked && !j.Now.ReplacesFailedOnly(), j.Now.Is(batchv1.JobFailureTarget):
		case a.takenDown: // P17
		case a.marked:
			return j.ofController(Broken("it counts %s as failed, which was only marked for deletion", j.called(one.uid)))
		default:
			return j.ofController(Broken("it counts %s as failed, which neither failed nor was deleted", j.called(one.uid)))
		}
	}
	return heldIf(asked)
}

func noSuccessIsLost(j *Job) Answer {
	if !j.Own() {
		return Answer{}
	}
	b := j.books()
	if !j.Turned(batchv1.JobComplete) && !j.Turned(batchv1.JobFailed) || j.Now.Meta.DeletionTimestamp != nil {
		return Answer{}
	}
	for _, p := range j.EachPod() {
		if p.Now.Phase != corev1.PodSucceeded || !p.Now.Tracked || b.noted(j, p, p.Now) {
			continue
		}
		if a := b.accounts[types.UID(p.UID)]; (a == nil || !a.adopted) && (!j.Now.Indexed() || j.counts(p.Now.Index)) {
			return Broken("it is finished and has not counted %s, which is Succeeded", p.Object())
		}
	}
	return j.missesNone()
}

// missesNone says whether a success is lost for good.
func (j *Job) missesNone() Answer {
	for _, one := range j.books().lost {
		if !j.Now.Indexed() || !j.Now.Completed.Has(one.index) {
			return Broken("it has never counted Pod/%s, which was Succeeded and lost the finalizer", one.name)
		}
	}
	return Held
}

func successIsNoted(p *Pod) Answer {
	b := p.books()
	return heldIf(b != nil && b.parting == afterNote && p.Was.Phase == corev1.PodSucceeded)
}

func noSuccessWasLost(j *Job) Answer {
	if !j.Own() || j.Now.Finished() || len(j.books().lost) == 0 {
		return Answer{}
	}
	return j.missesNone()
}
