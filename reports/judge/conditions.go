package judge

import (
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// conditions is about the conditions of a Job: which exclude each other, which come before which, and that they last.
var conditions = []Invariant{
	{
		ID:     "S01",
		Says:   "A Job is never both Complete and Failed.",
		Source: "pkg/apis/batch/validation/validation.go:516-520, validateJobStatus (RejectCompleteJobWithFailedCondition)",
		Job: func(j *Job) Answer {
			if !j.Turned(batchv1.JobComplete) && !j.Turned(batchv1.JobFailed) {
				return Answer{}
			}
			return exclude(j, batchv1.JobComplete, batchv1.JobFailed)
		},
	},
	{
		ID:     "S02",
		Says:   "Complete, Failed, FailureTarget and SuccessCriteriaMet never go back once they are True.",
		Source: "pkg/apis/batch/validation/validation.go:820-826 and 852-854, ValidateJobStatusUpdate",
		Job:    outcomeLasts,
	},
	{
		ID: "S03",
		Says: "A Job is Failed only after FailureTarget was True in an earlier version, with the same reason and message; " +
			"the reason is one that the controller has.",
		Source: "pkg/controller/job/job_controller.go:1401-1411, trackJobStatusAndRemoveFinalizers, which writes FailureTarget " +
			"before it removes finalizers, and Failed afterwards; pkg/apis/batch/validation/validation.go:541-545",
		Exceptions: []string{
			"another controller (spec.managedBy) may write both at once",
			"a Job that had failed before the recording began may have failed under Kubernetes 1.30 or older",
		},
		Memory: true,
		Job:    failedFollowsTarget,
	},
	{
		ID: "S04",
		Says: "A Job is Complete only after SuccessCriteriaMet was True in an earlier version, with the same reason and " +
			"message; the reason is CompletionsReached or SuccessPolicy.",
		Source: "pkg/controller/job/job_controller.go:1412-1423, trackJobStatusAndRemoveFinalizers, which writes " +
			"SuccessCriteriaMet before it removes finalizers, and Complete afterwards; " +
			"pkg/apis/batch/validation/validation.go:546-550 and 617-619",
		Exceptions: []string{
			"another controller (spec.managedBy) may write both at once",
			"a Job that was complete before the recording began may have been so under Kubernetes 1.31 or older",
		},
		Memory: true,
		Job:    completeFollowsCriteria,
	},
	{
		ID:   "S05",
		Says: "A Job that met its success criteria neither fails nor is about to, and one that is about to fail is never Complete.",
		Source: "pkg/apis/batch/validation/validation.go:521-525 and 611-616, validateJobStatus " +
			"(RejectCompleteJobWithFailureTargetCondition)",
		Job: func(j *Job) Answer {
			if !j.Turned(batchv1.JobSuccessCriteriaMet) && !j.Turned(batchv1.JobFailureTarget) &&
				!j.Turned(batchv1.JobComplete) && !j.Turned(batchv1.JobFailed) {
				return Answer{}
			}
			for _, pair := range [][2]batchv1.JobConditionType{
				{batchv1.JobSuccessCriteriaMet, batchv1.JobFailed},
				{batchv1.JobSuccessCriteriaMet, batchv1.JobFailureTarget},
				{batchv1.JobComplete, batchv1.JobFailureTarget},
			} {
				if a := exclude(j, pair[0], pair[1]); a.broken != "" {
					return a
				}
			}
			return Held
		},
	},
	{
		ID: "S15",
		Says: "A Job has one condition of each type; Suspended turns True only while spec.suspend is true, False only after " +
			"it was True and while spec.suspend is not, and stays.",
		Source: "pkg/controller/job/job_controller.go:1156-1187, syncJob, and 2111-2126, ensureJobConditionStatus; a write of " +
			"the status meets the spec that the controller saw, for it is refused if the Job changed meanwhile",
		Exceptions: []string{"whoever else writes the status may write what it likes"},
		Memory:     true,
		Job:        conditionsAreKept,
	},
}

func exclude(j *Job, a, b batchv1.JobConditionType) Answer {
	return Never(j.Now.holds(a) != nil && j.Now.holds(b) != nil, func() string {
		return string(a) + " and " + string(b) + " are both True"
	})
}

// holds returns the condition of a type that is True, or nil. Unlike Condition it finds one behind another of its type, which
// only somebody else than the controller can have put there; so does the API server's validation (IsConditionTrue).
func (j *JobVersion) holds(t batchv1.JobConditionType) *batchv1.JobCondition {
	for i := range j.Status.Conditions {
		if c := &j.Status.Conditions[i]; c.Type == t && c.Status == corev1.ConditionTrue {
			return c
		}
	}
	return nil
}

func outcomeLasts(j *Job) Answer {
	if j.Was == nil || !j.Was.Ending() {
		return Answer{}
	}
	for i := range j.Was.Status.Conditions {
		c := &j.Was.Status.Conditions[i]
		switch c.Type {
		case batchv1.JobComplete, batchv1.JobFailed, batchv1.JobFailureTarget, batchv1.JobSuccessCriteriaMet:
			if c.Status == corev1.ConditionTrue && j.Now.holds(c.Type) == nil {
				return Broken("%s was True and is no longer", c.Type)
			}
		}
	}
	return Held
}

func failedFollowsTarget(j *Job) Answer {
	if j.Was == nil {
		return Answer{}
	}
	if j.Own() && j.Turned(batchv1.JobFailureTarget) && !j.Turned(batchv1.JobFailed) {
		switch reason := j.Now.Condition(batchv1.JobFailureTarget).Reason; reason {
		case batchv1.JobReasonPodFailurePolicy, batchv1.JobReasonBackoffLimitExceeded, batchv1.JobReasonDeadlineExceeded,
			batchv1.JobReasonMaxFailedIndexesExceeded, batchv1.JobReasonFailedIndexes:
			return Held
		default:
			return j.ofController(Broken("FailureTarget has the reason %q, which the controller does not have", reason))
		}
	}
	return follows(j, batchv1.JobFailed, batchv1.JobFailureTarget)
}

func completeFollowsCriteria(j *Job) Answer {
	if j.Was == nil {
		return Answer{}
	}
	if j.Own() && j.Turned(batchv1.JobSuccessCriteriaMet) && !j.Turned(batchv1.JobComplete) {
		switch reason := j.Now.Condition(batchv1.JobSuccessCriteriaMet).Reason; reason {
		case batchv1.JobReasonCompletionsReached, batchv1.JobReasonSuccessPolicy:
			return Held
		default:
			return j.ofController(Broken("SuccessCriteriaMet has the reason %q, which the controller does not have", reason))
		}
	}
	return follows(j, batchv1.JobComplete, batchv1.JobSuccessCriteriaMet)
}

// follows says that the last condition turns True only after the first one was True, and repeats its reason and message.
// For a Job of another controller it is enough that both are True.
func follows(j *Job, last, first batchv1.JobConditionType) Answer {
	if !j.Turned(last) {
		return Answer{}
	}
	end, announced := j.Now.holds(last), j.Now.holds(first)
	switch {
	case announced == nil:
		return Broken("%s is True and %s is not", last, first)
	case !j.Own():
		return Held
	case j.Was.holds(first) == nil:
		return j.ofController(Broken("%s turned True in the same version as %s", last, first))
	case end.Reason != announced.Reason:
		return j.ofController(Broken("%s has the reason %q and %s had %q", last, end.Reason, first, announced.Reason))
	case end.Message != announced.Message:
		return j.ofController(Broken("%s has the message %q and %s had %q", last, end.Message, first, announced.Message))
	default:
		return Held
	}
}

func conditionsAreKept(j *Job) Answer {
	now := j.Now.Status.Conditions
	if j.Was == nil || !j.Own() || sameConditions(j.Was.Status.Conditions, now) {
		return Answer{}
	}
	for i := range now {
		for k := range i {
			if now[i].Type == now[k].Type {
				return j.ofController(Broken("there are two conditions of type %s", now[i].Type))
			}
		}
	}
	return j.ofController(suspendedFollowsSpec(j))
}

func suspendedFollowsSpec(j *Job) Answer {
	was, now := j.Was.Condition(batchv1.JobSuspended), j.Now.Condition(batchv1.JobSuspended)
	switch {
	case now == nil && was != nil:
		return Broken("the condition Suspended was there and is gone")
	case now == nil || was != nil && was.Status == now.Status:
		return Held
	case now.Status == corev1.ConditionTrue && !j.Now.Suspended():
		return Broken("Suspended turned True while spec.suspend is not true")
	case now.Status == corev1.ConditionFalse && was == nil:
		return Broken("Suspended is False and was never True")
	case now.Status == corev1.ConditionFalse && j.Now.Suspended():
		return Broken("Suspended turned False while spec.suspend is true")
	default:
		return Held
	}
}

func sameConditions(a, b []batchv1.JobCondition) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Type != b[i].Type || a[i].Status != b[i].Status || a[i].Reason != b[i].Reason || a[i].Message != b[i].Message {
			return false
		}
	}
	return true
}
