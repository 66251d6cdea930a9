package judge

import (
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// times is about the moments that a Job's status names, which are in whole seconds on the controller manager's clock.
var times = []Invariant{
	{
		ID:   "S08",
		Says: "A Job has a completionTime exactly while it is Complete; it does not change and is not before startTime.",
		Source: "pkg/apis/batch/validation/validation.go:526-540 and 837-844, validateJobStatus and ValidateJobStatusUpdate; " +
			"pkg/controller/job/job_controller.go:1619-1623, enactJobFinished",
		Job: completionTimeIsFinal,
	},
	{
		ID: "S09",
		Says: "startTime is set when a Job runs, is cleared only when it is suspended, is set anew only in the version in which " +
			"Suspended turns False, and never goes back.",
		Source: "pkg/apis/batch/validation/validation.go:845-851, ValidateJobStatusUpdate; " +
			"pkg/registry/batch/job/strategy.go:363-367 and 386; pkg/controller/job/job_controller.go:1045-1050 and 1156-1187, syncJob",
		Exceptions: []string{
			"without the feature MutableSchedulingDirectivesForSuspendedJobs, and if it was suspended under Kubernetes 1.35 or " +
				"older, a suspended Job keeps its startTime until it is resumed",
			"another controller (spec.managedBy) may change the startTime of a Job as long as spec.suspend is true",
		},
		Memory:        true,
		OneController: true,
		Job:           startTimeMovesWithSuspension,
	},
	{
		ID: "S27",
		Says: "The moments that the controller writes follow each other: startTime, FailureTarget or SuccessCriteriaMet, " +
			"completionTime, Complete or Failed.",
		Source: "pkg/controller/job/job_controller.go:1045-1185, syncJob, and 1604-1625, enactJobFinished, which take each from " +
			"the clock when they come to it",
		Exceptions: []string{
			"a clock that was set back by up to a second",
			"two controller managers whose clocks differ",
			"a Job that is resumed after its outcome was decided starts later than that",
		},
		Memory:        true,
		OneController: true,
		Job:           momentsFollowEachOther,
	},
}

func completionTimeIsFinal(j *Job) Answer {
	now, complete := j.Now.Status.CompletionTime, j.Now.holds(batchv1.JobComplete) != nil
	var was *metav1.Time
	if j.Was != nil {
		was = j.Was.Status.CompletionTime
	}
	switch {
	case now == nil && !complete:
		if j.Turned(batchv1.JobFailed) {
			return Held
		}
		return Answer{}
	case now == nil:
		return Broken("it is Complete and has no completionTime")
	case !complete:
		return Broken("it has a completionTime and is not Complete")
	case was != nil && !was.Equal(now):
		return Broken("completionTime went from %s to %s", stamp(was), stamp(now))
	case j.Now.Status.StartTime != nil && now.Before(j.Now.Status.StartTime):
		return Broken("completionTime %s is before startTime %s", stamp(now), stamp(j.Now.Status.StartTime))
	case was == nil:
		return Held
	default:
		return Answer{}
	}
}

// started is the last startTime of a Job, which stays while there is none.
type started struct{ last *metav1.Time }

func startTimeMovesWithSuspension(j *Job) Answer {
	if j.Was == nil {
		return Answer{}
	}
	was, now := j.Was.Status.StartTime, j.Now.Status.StartTime
	if was.Equal(now) {
		first := j.Was.Status.UncountedTerminatedPods == nil && j.Now.Status.UncountedTerminatedPods != nil
		if now == nil && first && j.Own() && !j.Now.Suspended() {
			return j.ofController(Broken("the controller has begun and there is no startTime"))
		}
		return Answer{}
	}
	resumes := j.Was.Is(batchv1.JobSuspended) && isFalse(j.Now, batchv1.JobSuspended)
	if was != nil && !j.Now.Suspended() && !resumes {
		return Broken("startTime went from %s to %s while the Job is not suspended", stamp(was), stamp(now))
	}
	if !j.Own() {
		return Held
	}
	switch {
	case now == nil && !j.Turned(batchv1.JobSuspended):
		return j.ofController(Broken("startTime was cleared in a version in which Suspended does not turn True"))
	case now != nil && j.Now.Suspended():
		return j.ofController(Broken("startTime was set while spec.suspend is true"))
	}
	memory := remember[started](&j.memory, "S09")
	if was != nil {
		memory.last = was
	}
	if now != nil && memory.last != nil && now.Add(time.Second).Before(memory.last.Time) {
		return j.ofController(Broken("startTime is %s and was %s before", stamp(now), stamp(memory.last)))
	}
	return Held
}

func momentsFollowEachOther(j *Job) Answer {
	if len(j.Now.Status.Conditions) == 0 || j.Was == nil || !j.Own() {
		return Answer{}
	}
	status, is := &j.Now.Status, func(t batchv1.JobConditionType) *metav1.Time {
		if c := j.Now.Condition(t); c != nil {
			return &c.LastTransitionTime
		}
		return nil
	}
	var a Answer
	switch {
	case j.Turned(batchv1.JobFailed):
		a = inOrder(is(batchv1.JobFailureTarget), is(batchv1.JobFailed))
	case j.Turned(batchv1.JobComplete):
		a = inOrder(is(batchv1.JobSuccessCriteriaMet), status.CompletionTime, is(batchv1.JobComplete))
	case j.Turned(batchv1.JobFailureTarget):
		a = inOrder(status.StartTime, is(batchv1.JobFailureTarget))
	case j.Turned(batchv1.JobSuccessCriteriaMet):
		a = inOrder(status.StartTime, is(batchv1.JobSuccessCriteriaMet))
	}
	return j.ofController(a)
}

// inOrder says that none of the moments, as far as there are such, is before an earlier one.
func inOrder(moments ...*metav1.Time) Answer {
	var last *metav1.Time
	for _, m := range moments {
		if m == nil {
			continue
		}
		if last != nil && m.Add(time.Second).Before(last.Time) {
			return Broken("%s comes after %s", stamp(m), stamp(last))
		}
		last = m
	}
	return Held
}

func isFalse(v *JobVersion, t batchv1.JobConditionType) bool {
	c := v.Condition(t)
	return c != nil && c.Status == corev1.ConditionFalse
}

// stamp is a time for a message.
func stamp(t *metav1.Time) string {
	if t == nil {
		return "none"
	}
	return t.UTC().Format(time.TimeOnly)
}
