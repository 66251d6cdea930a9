package judge

import (
	"slices"
	"time"

	batchv1 "k8s.io/api/batch/v1"
)

// outcomes is about the moment at which the controller decides how a Job ends, which is when it writes FailureTarget or
// SuccessCriteriaMet. It decides by the version before, whose spec is that of this one, for its write is refused if the Job
// changed meanwhile; and it writes what it has newly counted together with the decision.
//
// Two things that it decides by cannot be told from the status: pods that a podFailurePolicy fails the Job for, and whether
// the deadline had passed in the moment before. So nothing is said of a decision that one of these should have preceded.
var outcomes = []Invariant{
	{
		ID: "S17",
		Says: "A Job exceeds its deadline only if it is not suspended and activeDeadlineSeconds have passed since its " +
			"startTime.",
		Source: "pkg/controller/job/job_controller.go:1688-1695, pastActiveDeadline",
		Exceptions: []string{
			"a clock that was set back by up to a second between the decision and the note of its time",
		},
		Job: func(j *Job) Answer {
			if c := decided(j); c == nil || c.Reason != batchv1.JobReasonDeadlineExceeded {
				return Answer{}
			}
			return j.ofController(deadlinePassed(j))
		},
	},
	{
		ID: "S18",
		Says: "Of several reasons to end a Job the first counts: backoffLimit before deadline, before maxFailedIndexes, before " +
			"failed indexes, before successPolicy, before completions.",
		Source: "pkg/controller/job/job_controller.go:1056-1155, syncJob",
		Exceptions: []string{
			"a Job whose pods have all succeeded may still fail: a limit or the deadline that is seen at the same time comes first",
			"after SuccessCriteriaMet more pods than backoffLimit may fail",
		},
		Memory: true,
		Job: func(j *Job) Answer {
			c := decided(j)
			if c == nil || j.Was == nil {
				return Answer{}
			}
			return j.ofController(nothingComesFirst(j, c))
		},
	},
	{
		ID: "S19",
		Says: "A Job meets its success criteria only with as many successes as completions, or one if it has none, or if a " +
			"rule of its successPolicy matches.",
		Source: "pkg/controller/job/job_controller.go:1110-1155, syncJob; pkg/controller/job/success_policy.go:27-84",
		Exceptions: []string{
			"completions of 0 need no success",
			"completions of an Indexed Job may be raised once SuccessCriteriaMet is True",
			"a pod that was counted failed while it was terminating and then exits 0 counts for the decision, though in no " +
				"counter (syncJob counts every Succeeded pod with the finalizer that is not in uncountedTerminatedPods.succeeded)",
			"if 500 pods are in uncountedTerminatedPods, more may have succeeded than it can hold",
		},
		Memory: true,
		Job: func(j *Job) Answer {
			c := j.Now.Condition(batchv1.JobSuccessCriteriaMet)
			if j.Was == nil || !j.Own() || !j.Turned(batchv1.JobSuccessCriteriaMet) {
				return Answer{}
			}
			switch c.Reason {
			case batchv1.JobReasonCompletionsReached:
				return j.ofController(completionsReached(j))
			case batchv1.JobReasonSuccessPolicy:
				return j.ofController(Never(!matchesSuccessPolicy(j.Now), func() string {
					return "no rule of the successPolicy matches completedIndexes " + quoted(j.Now.Status.CompletedIndexes)
				}))
			}
			return Answer{}
		},
	},
	{
		ID: "S20",
		Says: "A Job fails for FailedIndexes only if some index failed and every other one failed or completed, for " +
			"MaxFailedIndexesExceeded only if more than maxFailedIndexes failed, and for PodFailurePolicy only if a rule of its " +
			"policy can fail it.",
		Source: "pkg/controller/job/job_controller.go:1099-1107, syncJob; pkg/controller/job/pod_failure_policy.go:30-88, " +
			"matchPodFailurePolicy",
		Exceptions: []string{
			"without maxFailedIndexes failed indexes end the Job only when no index is left, as the comment on the field in " +
				"batch/v1 does not say",
		},
		Job: reasonHolds,
	},
	{
		ID:   "S25",
		Says: "When FailureTarget or SuccessCriteriaMet turns True, no pod is counted as active or ready.",
		Source: "pkg/controller/job/job_controller.go:1117-1129 and 1138-1152, syncJob, which waits until every active pod is " +
			"deleted, or none is left",
		Exceptions: []string{"later versions may count one again if its deletion is tried again and fails"},
		Job: func(j *Job) Answer {
			if decided(j) == nil {
				return Answer{}
			}
			if n := j.Now.Status.Active; n > 0 {
				return j.ofController(Broken("the outcome is decided with %d active", n))
			}
			return j.ofController(Never(j.Now.Ready() > 0, func() string { return "the outcome is decided with ready pods" }))
		},
	},
}

// maxUncounted is how many pods the controller keeps in uncountedTerminatedPods (pkg/controller/job/job_controller.go:80-83,
// MaxUncountedPods).
const maxUncounted = 500

// decided returns the condition by which the built-in controller decides in this version how the Job ends, otherwise nil.
func decided(j *Job) *batchv1.JobCondition {
	if len(j.Now.Status.Conditions) == 0 || j.Was == nil && !j.Created() || !j.Own() {
		return nil
	}
	for _, t := range []batchv1.JobConditionType{batchv1.JobFailureTarget, batchv1.JobSuccessCriteriaMet} {
		if j.Turned(t) {
			return j.Now.Condition(t)
		}
	}
	return nil
}

func deadlinePassed(j *Job) Answer {
	limit, start := j.Now.Spec.ActiveDeadlineSeconds, j.Now.Status.StartTime
	at := decided(j).LastTransitionTime
	switch {
	case limit == nil:
		return Broken("the deadline is exceeded and there is no activeDeadlineSeconds")
	case j.Now.Suspended():
		return Broken("the deadline is exceeded while spec.suspend is true")
	case start == nil:
		return Broken("the deadline is exceeded and there is no startTime")
	}
	ran := at.Sub(start.Time)
	return Never(ran+time.Second < time.Duration(*limit)*time.Second, func() string {
		return "the deadline is exceeded " + ran.String() + " after startTime"
	})
}

// nothingComesFirst says that no reason with precedence over the one that was taken is certain to have held.
func nothingComesFirst(j *Job, c *batchv1.JobCondition) Answer {
	met := c.Type == batchv1.JobSuccessCriteriaMet
	rank := precedence(c)
	switch {
	case rank > 0 && overLimit(j, met):
		return Broken("it ends with %s although more pods failed than backoffLimit %d", c.Reason, *j.Now.Spec.BackoffLimit)
	case rank > 2 && tooManyFailedIndexes(j.Now):
		return Broken("it ends with %s although more than %d indexes failed", c.Reason, *j.Now.Spec.MaxFailedIndexes)
	case rank > 3 && outOfIndexes(j.Now):
		return Broken("it ends with %s although indexes %s failed and none is left", c.Reason, failedText(j.Now))
	case rank > 4 && matchesSuccessPolicy(j.Now):
		return Broken("it ends with %s although its successPolicy is met", c.Reason)
	}
	return Held
}

// precedence is how many of the reasons that show in the status come before this one.
func precedence(c *batchv1.JobCondition) int {
	switch c.Reason {
	case batchv1.JobReasonDeadlineExceeded:
		return 1
	case batchv1.JobReasonMaxFailedIndexesExceeded:
		return 2
	case batchv1.JobReasonFailedIndexes:
		return 3
	case batchv1.JobReasonSuccessPolicy:
		return 4
	case batchv1.JobReasonCompletionsReached:
		return 5
	}
	return 0
}

// overLimit says whether more pods had failed than backoffLimit when the controller decided. With success it has written down
// every failure that it knew of; with failure it also writes down pods that did not fail but have to go, so only those count
// that were there before.
func overLimit(j *Job, met bool) bool {
	if j.Now.Spec.BackoffLimit == nil {
		return false
	}
	v := j.Was
	if met {
		v = j.Now
	}
	_, uncounted := v.Uncounted()
	return int64(v.Status.Failed)+int64(len(uncounted)) > int64(*j.Now.Spec.BackoffLimit)
}

func tooManyFailedIndexes(v *JobVersion) bool {
	return v.Spec.MaxFailedIndexes != nil && v.FailedIndexes.Len() > int(*v.Spec.MaxFailedIndexes)
}

// outOfIndexes says whether an index failed and each of the others failed or completed.
func outOfIndexes(v *JobVersion) bool {
	failed := v.FailedIndexes.Len()
	return failed > 0 && failed+v.Completed.Len() >= v.Completions()
}

// reasonHolds says of the reasons to fail whose premise shows in the status or the spec that it holds.
func reasonHolds(j *Job) Answer {
	c := decided(j)
	if c == nil {
		return Answer{}
	}
	switch c.Reason {
	case batchv1.JobReasonFailedIndexes:
		return j.ofController(Never(!outOfIndexes(j.Now), func() string {
			return "failedIndexes are " + failedText(j.Now) + " and completedIndexes " + quoted(j.Now.Status.CompletedIndexes)
		}))
	case batchv1.JobReasonMaxFailedIndexesExceeded:
		return j.ofController(Never(!tooManyFailedIndexes(j.Now), func() string {
			return "failedIndexes are " + failedText(j.Now)
		}))
	case batchv1.JobReasonPodFailurePolicy:
		return j.ofController(Never(!canFailByPolicy(j.Now), func() string {
			return "its podFailurePolicy has no rule that fails the Job"
		}))
	}
	return Answer{}
}

func canFailByPolicy(v *JobVersion) bool {
	if v.Spec.PodFailurePolicy == nil {
		return false
	}
	return slices.ContainsFunc(v.Spec.PodFailurePolicy.Rules, func(r batchv1.PodFailurePolicyRule) bool {
		return r.Action == batchv1.PodFailurePolicyActionFailJob
	})
}

func completionsReached(j *Job) Answer {
	want := j.Now.Completions()
	if j.Now.Indexed() {
		return Never(j.Now.Completed.Len() < want, func() string {
			return "completedIndexes are " + quoted(j.Now.Status.CompletedIndexes)
		})
	}
	if want < 0 {
		want = 1
	}
	succeeded, failed := j.Now.Uncounted()
	if len(succeeded)+len(failed) >= maxUncounted {
		return Answer{}
	}
	_, failing := j.Was.Uncounted()
	if have := int(j.Now.Status.Succeeded) + len(succeeded); have+len(failing) < want {
		return Broken("%d pods succeeded, %d are needed", have, want)
	}
	return Held
}
