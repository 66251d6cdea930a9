package storm

import (
	"fmt"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/chaos/plan"
	"github.com/jobproof/jobproof/reports/history"
)

// unmet says in what a Job differs from what it was promised to come to; "" if it is that.
func unmet(end plan.End, state history.State) string {
	job := state.Job
	switch {
	case end.Gone && job == nil && len(state.Pods) == 0:
		return ""
	case end.Gone:
		return "it was to be removed with its pods, and is there"
	case job == nil:
		return "it is not there"
	}
	var has *batchv1.JobCondition
	for i, c := range job.Status.Conditions {
		if string(c.Type) == end.Condition && c.Status == corev1.ConditionTrue {
			has = &job.Status.Conditions[i]
		}
	}
	switch {
	case has == nil:
		return fmt.Sprintf("it is not %s: %s", end.Condition, standing(state))
	case end.Reason != "" && has.Reason != end.Reason:
		return fmt.Sprintf("it is %s for the reason %s, not %s", end.Condition, has.Reason, end.Reason)
	case end.Succeeded != nil && int(job.Status.Succeeded) != *end.Succeeded:
		return fmt.Sprintf("it counts %d succeeded pods, not %d", job.Status.Succeeded, *end.Succeeded)
	case end.Indexes != nil && job.Status.CompletedIndexes != *end.Indexes:
		return fmt.Sprintf("its completed indexes are %q, not %q", job.Status.CompletedIndexes, *end.Indexes)
	}
	return ""
}

// standing says how a Job stands that is not what it should be.
func standing(state history.State) string {
	s := state.Job.Status
	text := fmt.Sprintf("it counts %d active, %d succeeded, %d failed", s.Active, s.Succeeded, s.Failed)
	for _, c := range s.Conditions {
		if c.Status == corev1.ConditionTrue {
			text += fmt.Sprintf(", and is %s (%s)", c.Type, c.Reason)
		}
	}
	return text
}

// over says that a Job will not change its mind: it is finished, or gone.
func over(end plan.End, state history.State) bool {
	if unmet(end, state) == "" {
		return true
	}
	return state.Job != nil && !end.Gone && (is(state.Job, batchv1.JobComplete) || is(state.Job, batchv1.JobFailed))
}
