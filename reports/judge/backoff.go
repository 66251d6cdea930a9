package judge

import (
	"slices"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// backoff is about what failures cost: how many of them a Job takes, and how long it waits after each.
var backoff = []Invariant{
	{
		ID: "P19",
		Says: "A Job fails for its backoffLimit only once more pods than that have failed or, if containers are restarted " +
			"on failure, they were restarted that often; and once more have failed it gets no further pod.",
		Source: "pkg/controller/job/job_controller.go:1063 and 1082-1085, syncJob; :1661-1683, pastBackoffLimitOnFailure",
		Exceptions: []string{
			"with restarts as many suffice as the limit says, and one if it is 0",
			"a pod that is marked for deletion counts as failed unless podReplacementPolicy is Failed",
			"the restarts of a pod that has finished count until the controller has seen that it has",
			"a pod that failed and is gone without having been counted may have been seen",
			"a limit that is lowered below what has failed does not keep away a pod that is being created",
		},
		Across: true, Memory: true,
		Job: failsForItsLimit, Pod: withinItsLimit,
	},
	{
		ID: "P20",
		Says: "After n failures in a row no pod is created before 10 s, doubled with each of them but the first and at most " +
			"10 min, have passed since the last; with backoffLimitPerIndex this holds for each index by itself.",
		Source: "pkg/controller/job/job_controller.go:1815-1829, manageJob, and 1963-1977, " +
			"getPodCreationInfoForIndependentIndexes; pkg/controller/job/backoff_utils.go:93-150, newBackoffRecord, 172-184, " +
			"getFinishedTime, and 255-276, getRemainingTimeForFailuresCount",
		Exceptions: []string{
			"a success ends the row, even one that came before the failures and was seen after them",
			"a pod that is deleted when it has been unready for long counts as failed since then, so the wait may be over at once",
			"a failure that a podFailurePolicy ignores delays, but may not be remembered",
			"failures are forgotten if the API server stored the status that has them and its answer was lost",
			"a controller manager that takes over knows of no failures before",
		},
		Across: true, Memory: true, OneController: true, Forgotten: true,
		Job: noteListedFailures, Pod: pausesAfterFailures,
	},
	{
		ID: "P21",
		Says: "With backoffLimitPerIndex each pod is born with the number of failures of its index: one more than a pod of " +
			"that index which had failed, or 0, and at most the limit.",
		Source: "pkg/controller/job/indexed_job_utils.go:348-375, addIndexFailureCountAnnotation and getNewIndexFailureCounts, " +
			"and 96-110, isIndexFailed; pkg/controller/job/job_controller.go:1911-1913",
		Exceptions: []string{
			"an index starts at 0 again if its pod was deleted when the Job was suspended or scaled down",
			"with a podFailurePolicy a failure that it ignores is counted in an annotation of its own",
		},
		Memory: true,
		Pod:    carriesItsFailures,
	},
}

// strain is what P19 has to remember of a Job because it no longer shows in its status and pods.
type strain struct {
	// over says that the controller has counted more failures than the limit, as far as it knows the limit.
	over bool
	// failures are pods that lost their finalizer after they had failed or were to be deleted, and were not listed as failed.
	failures int
	// restarts are those of pods that are gone, and what the restarts of a pod have gone down by.
	restarts int
}

func failsForItsLimit(j *Job) Answer {
	s := remember[strain](&j.memory, "P19")
	s.noteLimit(j)
	if j.Was == nil || !j.Own() || !j.Turned(batchv1.JobFailureTarget) || j.Was.Spec.BackoffLimit == nil ||
		j.Now.Condition(batchv1.JobFailureTarget).Reason != batchv1.JobReasonBackoffLimitExceeded {
		return Answer{}
	}
	limit := int(*j.Was.Spec.BackoffLimit)
	failed := j.failuresAtMost() + s.failures
	if failed > limit {
		return Held
	}
	if j.Was.Spec.Template.Spec.RestartPolicy != corev1.RestartPolicyOnFailure {
		return j.ofController(Broken("it fails for its backoffLimit of %d and at most %d pods have failed", limit, failed))
	}
	restarts := j.restartsAtMost() + s.restarts
	if restarts >= max(limit, 1) {
		return Held
	}
	return j.ofController(Broken("it fails for its backoffLimit of %d after at most %d failures and %d restarts",
		limit, failed, restarts))
}

// noteLimit notes whether the limit is exceeded. A status is accepted only for the version that it was made from, so when
// it counts one more the controller knows the limit that stands beside it.
func (s *strain) noteLimit(j *Job) {
	limit := j.Now.Spec.BackoffLimit
	switch {
	case limit == nil || failures(j.Now) <= int(*limit):
		s.over = false
	case j.Was == nil || failures(j.Now) > failures(j.Was):
		s.over = true
	}
}

// failures counts those that the status has.
func failures(v *JobVersion) int {
	_, uncounted := v.Uncounted()
	return int(v.Status.Failed) + len(uncounted)
}

// failuresAtMost is how many failures the controller can have known of when it wrote this version. Its status is then that
// of the version before, and what its cache shows of pods was true once.
func (j *Job) failuresAtMost() int {
	_, listed := j.Was.Uncounted()
	n := int(j.Was.Status.Failed) + len(listed)
	for _, p := range j.Pods {
		if p.Now.Tracked && j.mayHaveFailed(p) && !slices.Contains(listed, types.UID(p.UID)) {
			n++
		}
	}
	return n
}

// mayHaveFailed says whether the controller could take a pod for failed when it wrote this version of the Job. It deletes
// the active ones just before, which does not make them failed yet.
func (j *Job) mayHaveFailed(p *Pod) bool {
	if p.Now.Phase == corev1.PodFailed {
		return true
	}
	if p.Now.Deleting.IsZero() || j.Was.ReplacesFailedOnly() {
		return false
	}
	marked := *remember[uint64](&p.memory, "marked")
	return marked <= j.Was.RV || !p.deletedOnlyBy(jobController)
}

// restartsAtMost is how many restarts the controller can have counted in the pods that it took for pending or running.
func (j *Job) restartsAtMost() (n int) {
	for _, p := range j.Pods {
		if !settled(p.Now) {
			n += p.Now.Restarts
		}
	}
	return n
}

// settled says of a pod that it has succeeded and lost its finalizer without being deleted, which it does once the
// controller has seen that it has succeeded.
func settled(v *PodVersion) bool {
	return v.Phase == corev1.PodSucceeded && !v.Tracked && v.Deleting.IsZero()
}

func withinItsLimit(p *Pod) Answer {
	if p.Was != nil {
		noteStrain(p)
		return Answer{}
	}
	j := p.Job
	if !p.Created() || j == nil || !j.Own() || j.Now.Ending() || !remember[strain](&j.memory, "P19").over {
		return Answer{}
	}
	return j.doubted(Broken("it is created although %d pods have failed, more than backoffLimit %d",
		failures(j.Now), *j.Now.Spec.BackoffLimit))
}

// noteStrain keeps what is lost of a pod with this version of it.
func noteStrain(p *Pod) {
	was, now := p.Was, p.Now
	if p.JustMarked() && p.World.Header.Audited {
		*remember[uint64](&p.memory, "marked") = now.RV
	}
	left := p.Gone() || was.Owner != now.Owner
	if !left && now.Restarts >= was.Restarts && now.Tracked == was.Tracked {
		return
	}
	j := p.World.Job(was.Owner)
	if j == nil {
		return
	}
	s := remember[strain](&j.memory, "P19")
	s.restarts += max(was.Restarts-now.Restarts, 0)
	if left && !settled(was) {
		s.restarts += now.Restarts
	}
	_, listed := j.Now.Uncounted()
	failed := now.Phase == corev1.PodFailed || !now.Deleting.IsZero()
	if failed && was.Tracked && (left || !now.Tracked) && !slices.Contains(listed, types.UID(p.UID)) {
		s.failures++
	}
}
