package expect

import (
	"fmt"
	"slices"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/jobproof/jobproof/reports/history"
)

// reached returns when a condition first became True, or an error if it never did.
func reached(job *history.Job, condition batchv1.JobConditionType) (history.Transition, error) {
	became, ok := job.Condition(condition)
	if !ok {
		return became, fmt.Errorf("it never had %s", condition)
	}
	return became, nil
}

// Became expects a condition to have become True with that reason and message.
func Became(condition batchv1.JobConditionType, reason, message string) types.GomegaMatcher {
	says := fmt.Sprintf("have become %s because of %s, %q", condition, reason, message)
	return past(says, func(job *history.Job) error {
		became, err := reached(job, condition)
		if err != nil {
			return err
		}
		if became.Reason != reason || became.Message != message {
			return fmt.Errorf("it became so %s because of %s, %q", at(job, became.Step), became.Reason, became.Message)
		}
		return nil
	})
}

// BecameInTwoSteps expects two conditions in two versions of the Job: the decision, and strictly later the end, with the
// same reason and message.
func BecameInTwoSteps(decision, end batchv1.JobConditionType) types.GomegaMatcher {
	says := fmt.Sprintf("have become %s and then, for the same reason, %s", decision, end)
	return past(says, func(job *history.Job) error {
		first, err := reached(job, decision)
		if err != nil {
			return err
		}
		second, err := reached(job, end)
		if err != nil {
			return err
		}
		switch {
		case !first.Step.Before(second.Step):
			return fmt.Errorf("%s came %s and %s %s", decision, at(job, first.Step), end, at(job, second.Step))
		case first.Reason != second.Reason || first.Message != second.Message:
			return fmt.Errorf("%s was for %s, %q and %s for %s, %q", decision, first.Reason, first.Message,
				end, second.Reason, second.Message)
		}
		return nil
	})
}

// NeverBecame expects a condition never to have been True.
func NeverBecame(condition batchv1.JobConditionType) types.GomegaMatcher {
	return past(fmt.Sprintf("never have become %s", condition), func(job *history.Job) error {
		if became, ok := job.Condition(condition); ok {
			return fmt.Errorf("it did %s: %s, %q", at(job, became.Step), became.Reason, became.Message)
		}
		return nil
	})
}

// ConditionWent expects a condition to have had these statuses, each with its reason, in this order and no other:
// ConditionWent(batchv1.JobSuspended, "True JobSuspended", "False JobResumed").
func ConditionWent(condition batchv1.JobConditionType, statuses ...string) types.GomegaMatcher {
	says := fmt.Sprintf("have had %s with %q in turn", condition, statuses)
	return past(says, func(job *history.Job) error {
		var went []string
		for _, change := range job.Conditions() {
			if change.Type == condition {
				went = append(went, fmt.Sprintf("%s %s", change.Status, change.Reason))
			}
		}
		if !slices.Equal(went, statuses) {
			return fmt.Errorf("it had %q", went)
		}
		return nil
	})
}

// CreatedNoPodAfter expects no pod to have been created after a condition became True, which it must have.
func CreatedNoPodAfter(condition batchv1.JobConditionType) types.GomegaMatcher {
	return past(fmt.Sprintf("have created no pod after it became %s", condition), func(job *history.Job) error {
		became, err := reached(job, condition)
		if err != nil {
			return err
		}
		for _, pod := range job.Pods() {
			if became.Step.Before(pod.Created) {
				return fmt.Errorf("%s was created %s, after it became so %s", pod.Name, at(job, pod.Created), at(job, became.Step))
			}
		}
		return nil
	})
}

// EndedItsPodsBefore expects every pod to have finished, or to have been gone, before a condition became True.
func EndedItsPodsBefore(condition batchv1.JobConditionType) types.GomegaMatcher {
	return past(fmt.Sprintf("have ended every pod before it became %s", condition), func(job *history.Job) error {
		became, err := reached(job, condition)
		if err != nil {
			return err
		}
		for _, pod := range job.Pods() {
			if !end(pod).Before(became.Step) {
				return fmt.Errorf("it became %s %s and %s ended %s", condition, at(job, became.Step),
					pod.Name, at(job, end(pod)))
			}
		}
		return nil
	})
}

// DeletedItsPodsBefore expects every pod to have been marked for deletion before a condition became True.
func DeletedItsPodsBefore(condition batchv1.JobConditionType) types.GomegaMatcher {
	return past(fmt.Sprintf("have deleted every pod before it became %s", condition), func(job *history.Job) error {
		became, err := reached(job, condition)
		if err != nil {
			return err
		}
		for _, pod := range job.Pods() {
			if !pod.DeletionMarked.Before(became.Step) {
				return fmt.Errorf("it became %s %s and %s was marked for deletion %s", condition, at(job, became.Step),
					pod.Name, at(job, pod.DeletionMarked))
			}
		}
		return nil
	})
}

// SucceededBefore expects at least n pods to have succeeded before a condition became True.
func SucceededBefore(condition batchv1.JobConditionType, n int) types.GomegaMatcher {
	says := fmt.Sprintf("have had %s succeed before it became %s", count(n, "pod"), condition)
	return past(says, func(job *history.Job) error {
		became, err := reached(job, condition)
		if err != nil {
			return err
		}
		succeeded := 0
		for _, pod := range job.Pods() {
			if pod.Phase == corev1.PodSucceeded && pod.Finished.Before(became.Step) {
				succeeded++
			}
		}
		if succeeded < n {
			return fmt.Errorf("%d had when it became so %s", succeeded, at(job, became.Step))
		}
		return nil
	})
}

// EndedWith expects the Job, as it was last seen, to have had exactly these conditions True, in this order.
func EndedWith(conditions ...batchv1.JobConditionType) types.GomegaMatcher {
	return past(fmt.Sprintf("have ended with the conditions %v", conditions), func(job *history.Job) error {
		var has []batchv1.JobConditionType
		for _, c := range job.Last().Status.Conditions {
			if c.Status == corev1.ConditionTrue {
				has = append(has, c.Type)
			}
		}
		if !slices.Equal(has, conditions) {
			return fmt.Errorf("it had %v", has)
		}
		return nil
	})
}

// ChangedNothingAfter expects the Job's status to have stayed as it was in the version in which a condition became True.
func ChangedNothingAfter(condition batchv1.JobConditionType) types.GomegaMatcher {
	return past(fmt.Sprintf("have changed nothing in its status after it became %s", condition), func(job *history.Job) error {
		became, err := reached(job, condition)
		if err != nil {
			return err
		}
		var then *batchv1.JobStatus
		for _, version := range job.Versions() {
			switch now := version.Job(); {
			case version.RV == became.Step.RV:
				then = &now.Status
			case then != nil && !equality.Semantic.DeepEqual(*then, now.Status):
				return fmt.Errorf("it wrote another (rv %d)", version.RV)
			}
		}
		return nil
	})
}
