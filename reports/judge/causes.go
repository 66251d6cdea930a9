package judge

import (
	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/types"
)

// causes is about why a pod was deleted, which decides whether it counts as failed. Who deleted it stands in the audit log, if
// there is one. Otherwise something is said only where it follows from the Job: a pod that is marked for deletion and has its
// finalizer was deleted by somebody else, for the controller takes the finalizer first; unless attribute finds that it did not.
var causes = []Invariant{
	{
		ID: "P17",
		Says: "A pod that the controller deletes because the Job is suspended, or has one too many, is not counted as failed: " +
			"it loses the tracking finalizer before it is deleted.",
		Source: "pkg/controller/job/job_controller.go:1255-1293, deleteJobPods, and 1757-1765 and 1792-1810, manageJob",
		Exceptions: []string{
			"a pod that somebody else deleted, or that had failed, before the controller chose it",
			"a pod that the controller deleted because the Job was to end, if not all of its pods could be deleted " +
				"(lines 1117-1129, syncJob)",
			"a pod that has lost the finalizer and could not be deleted runs on, and is not counted whatever becomes of it",
		},
		Across: true, Memory: true,
		Job: removedIsNotFailed, Pod: removedUncounted,
	},
	{
		ID: "P18",
		Says: "A pod that somebody else deletes while it runs raises failed by one, if such pods are replaced at once: it does " +
			"not lose the tracking finalizer uncounted.",
		Source: "pkg/controller/job/job_controller.go:1352-1370, trackJobStatusAndRemoveFinalizers, and 2126-2136, isPodFailed",
		Exceptions: []string{
			"if only failed pods are replaced (podReplacementPolicy, podFailurePolicy) it counts once it has failed",
			"a pod that has succeeded before the controller looks counts as succeeded",
			"a pod that the controller chose to delete as well, before it saw the mark",
			"a pod of a Job that met its success criteria, is finished, gone or being deleted, and one that was released",
			"under FailureTarget it does not matter who deletes a pod: P12 speaks of those",
			"a pod without an index of the Job's",
			"a pod that was deleted by force: somebody is removing it by hand, finalizers too",
		},
		Across: true, Memory: true,
		Job: keepJobBooks, Pod: deletionCounts,
	},
}

func removedIsNotFailed(j *Job) Answer {
	if !j.Own() {
		return Answer{}
	}
	b := j.books()
	for _, one := range b.entered {
		a := b.accounts[one.uid]
		switch {
		case one.column != failedColumn || j.Now.Is(batchv1.JobFailureTarget):
		case a.takenDown:
			return j.ofController(Broken("it counts %s as failed, from which the controller had taken the finalizer to delete it",
				j.called(one.uid)))
		case (a.byController || j.deleted(one.uid)) && !j.Now.Ending() && !j.mayHaveTriedToEnd():
			return j.ofController(Broken("it counts %s as failed, which the controller itself deleted", j.called(one.uid)))
		}
	}
	return Answer{}
}

// deleted says whether the audit log has it that the controller was the first to delete a pod.
func (j *Job) deleted(uid types.UID) bool {
	p := j.World.Pod(string(uid))
	return p != nil && len(p.Deletes) > 0 && p.Deletes[0].User == jobController
}

// mayHaveTriedToEnd says whether the controller may have found a reason to end the Job and deleted active pods for it, but
// not all of them: then it does not write the reason down, and the pods that it deleted count as failed.
func (j *Job) mayHaveTriedToEnd() bool {
	spec := j.Now.Spec
	if spec.ActiveDeadlineSeconds != nil || spec.PodFailurePolicy != nil || spec.BackoffLimitPerIndex != nil ||
		spec.SuccessPolicy != nil {
		return true
	}
	_, uncounted := j.Now.Uncounted()
	if spec.BackoffLimit == nil || int(j.Now.Status.Failed)+len(uncounted) > int(*spec.BackoffLimit) {
		return true
	}
	for _, p := range j.Pods {
		if p.Now.Restarts > 0 {
			return true
		}
	}
	return false
}

func removedUncounted(p *Pod) Answer {
	b := p.books()
	return heldIf(b != nil && b.parting == forRemoval)
}

func deletionCounts(p *Pod) Answer {
	b := p.books()
	if b == nil || b.parting == noParting || !p.Was.Terminating() || p.Job.Now.Is(batchv1.JobFailureTarget) {
		return Answer{}
	}
	switch b.parting {
	case afterNote:
		return Held
	case withoutANote:
		by := "somebody"
		if len(p.Deletes) > 0 {
			by = p.Deletes[0].User
		}
		if by == jobController {
			return Answer{}
		}
		return Broken("%s deleted it while it was running, and it lost the tracking finalizer before the Job counted it as failed", by)
	default:
		return Answer{}
	}
}
