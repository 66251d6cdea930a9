package storm

import (
	"slices"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// The phases of a Job, as far as it matters what goes wrong then.
const (
	starting   = "starting"    // no pod of it runs yet, and none has ended
	running    = "running"     // a pod runs
	backingOff = "backing off" // a pod has failed, and the next is not there yet
	suspended  = "suspended"
	finishing  = "finishing" // no pod is active any more, or its end is decided, and not all is counted or gone
	finished   = "finished"
	deleting   = "deleting" // marked for deletion, and still there
)

// phases are all phases, in the order of the coverage table.
var phases = []string{starting, running, backingOff, suspended, finishing, finished, deleting}

// phaseOf says in which phase a Job is; "" if there is none.
func phaseOf(state history.State) string {
	job := state.Job
	switch {
	case job == nil:
		return ""
	case job.DeletionTimestamp != nil:
		return deleting
	case is(job, batchv1.JobComplete), is(job, batchv1.JobFailed):
		return finished
	case is(job, batchv1.JobSuccessCriteriaMet), is(job, batchv1.JobFailureTarget):
		return finishing
	case is(job, batchv1.JobSuspended):
		return suspended
	}
	active, ended, failed := 0, 0, int(job.Status.Failed)
	for _, pod := range state.Pods {
		switch {
		case history.IsActive(pod) && pod.Status.Phase == corev1.PodRunning:
			return running
		case history.IsActive(pod):
			active++
		case slices.Contains(pod.Finalizers, batchv1.JobTrackingFinalizer):
			ended++
		}
	}
	switch {
	case active == 0 && ended > 0:
		return finishing
	case active == 0 && failed > 0:
		return backingOff
	default:
		return starting
	}
}

func is(job *batchv1.Job, condition batchv1.JobConditionType) bool {
	return slices.ContainsFunc(job.Status.Conditions, func(c batchv1.JobCondition) bool {
		return c.Type == condition && c.Status == corev1.ConditionTrue
	})
}
