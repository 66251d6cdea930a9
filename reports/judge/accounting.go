package judge

import (
	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
)

// bookkeeping is about the order in which a pod that has ended is accounted for: first it is written down, then it loses its
// finalizer, then it is counted, and all that once. That the counters move by as many pods as leave the lists is S24.
var bookkeeping = []Invariant{
	{
		ID:   "P11",
		Says: "A pod leaves uncountedTerminatedPods only after it has lost the tracking finalizer or is gone.",
		Source: "pkg/controller/job/job_controller.go:1315-1326, trackJobStatusAndRemoveFinalizers, 1507-1525, " +
			"flushUncountedAndRemoveFinalizers, and 1538-1554, cleanUncountedPodsWithoutFinalizers",
		Exceptions: []string{
			"a pod whose labels no longer match does not belong to the Job, and keeps its finalizer if the Job is being deleted",
			"a pod that was given the finalizer again",
		},
		Across: true,
		Job:    leavesWithoutFinalizer, Pod: keepPodBooks,
	},
	{
		ID: "P12",
		Says: "A pod that has ended, or is deleted because its Job fails, loses the tracking finalizer only after its uid is in " +
			"uncountedTerminatedPods or its index in completedIndexes.",
		Source: "pkg/controller/job/job_controller.go:1483-1525, flushUncountedAndRemoveFinalizers",
		Exceptions: []string{
			"a pod that was running when the controller chose to delete it, because of suspension, fewer wanted pods or a second " +
				"pod for an index (deleteJobPods, lines 1255-1293), and ended before it lost the finalizer",
			"a pod of a Job that is gone, finished or being deleted, that was released, or whose owner reference the garbage " +
				"collector removed (handleSingleOrphanPod, lines 825-856; controller_ref_manager.go:62-80)",
			"a failure that an Ignore rule of podFailurePolicy may match (lines 1356-1364)",
			"a second success of a completed index, and a pod without an index of the Job's (lines 1342-1347 and 1354-1355)",
			"a pod that the controller sees running or terminating when the Job has met its success criteria (line 1352)",
			"a pod that was deleted by force while it ran: somebody is removing it by hand, finalizers too",
			"a pod whose finalizer somebody else took off, which only an audit log can tell",
		},
		Across: true, Memory: true,
		Job: keepJobBooks, Pod: isNotedBeforeParting,
	},
	{
		ID:   "P13",
		Says: "A pod is counted once: what has left uncountedTerminatedPods does not come back, nor move to its other list.",
		Source: "pkg/controller/job/job_controller.go:1329-1370, trackJobStatusAndRemoveFinalizers, which passes over pods " +
			"without the finalizer, with one that it has removed, and in a list",
		Exceptions: []string{
			"a pod that was released after it was counted and is then adopted again is counted again",
			"an Indexed Job counts a pod as failed and its index as completed if it was noted as failed while it was " +
				"terminating, and was seen Succeeded before it lost the finalizer (calculateSucceededIndexes in indexed_job_utils.go:59-75)",
		},
		Across: true, Memory: true,
		Job: isCountedOnce, Pod: keepPodBooks,
	},
}

func leavesWithoutFinalizer(j *Job) Answer {
	if !j.Own() {
		return Answer{}
	}
	b := j.books()
	for _, one := range b.left {
		p, a := j.World.Pod(string(one.uid)), b.accounts[one.uid]
		if p != nil && p.Job == j && p.Now.Tracked && !a.adopted && j.selects(p) {
			return j.ofController(Broken("%s leaves uncountedTerminatedPods.%s and still has the finalizer", p.Object(), one.column))
		}
	}
	return heldIf(len(b.left) > 0)
}

// selects says whether the labels of a pod match the Job's selector.
func (j *Job) selects(p *Pod) bool {
	selector, err := metav1.LabelSelectorAsSelector(j.Now.Spec.Selector)
	return err != nil || j.Now.Spec.Selector == nil || selector.Matches(labels.Set(p.Now.Labels))
}

func isNotedBeforeParting(p *Pod) Answer {
	b := p.books()
	if b == nil || b.parting == noParting || !p.Was.Finished() && !(p.Was.Terminating() && p.Job.Now.Is(batchv1.JobFailureTarget)) {
		return Answer{}
	}
	switch b.parting {
	case afterNote:
		return Held
	case withoutANote:
		return Broken("it was %s and lost the tracking finalizer before the Job had written it down", p.Was.Phase)
	default:
		return Answer{}
	}
}

func isCountedOnce(j *Job) Answer {
	if !j.Own() {
		return Answer{}
	}
	entered := j.books().entered
	for _, one := range entered {
		switch {
		case one.before != noColumn:
			return j.ofController(Broken("%s moves from uncountedTerminatedPods.%s to %s",
				j.called(one.uid), one.before, one.column))
		case one.counted:
			return j.ofController(Broken("%s was counted and is in uncountedTerminatedPods.%s again", j.called(one.uid), one.column))
		}
	}
	return heldIf(len(entered) > 0)
}

// called is how a message names the pod of that uid.
func (j *Job) called(uid types.UID) string {
	if p := j.World.Pod(string(uid)); p != nil {
		return p.Object()
	}
	return "the pod with uid " + string(uid)
}
