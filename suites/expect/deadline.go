package expect

import (
	"errors"
	"fmt"
	"time"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// started returns the Job's only startTime, or an error.
func started(job *history.Job) (time.Time, error) {
	var times []int64
	for _, reading := range history.Changes(job, history.StartTime) {
		if reading.Value != 0 {
			times = append(times, reading.Value)
		}
	}
	if len(times) != 1 {
		return time.Time{}, fmt.Errorf("it was started %s", count(len(times), "time"))
	}
	return time.Unix(times[0], 0), nil
}

// BecameAfterRunning expects a condition to have become True no sooner than that after startTime, and no more than late
// later.
func BecameAfterRunning(condition batchv1.JobConditionType, after, late time.Duration) types.GomegaMatcher {
	says := fmt.Sprintf("have become %s between %v and %v after its startTime", condition, after, after+late)
	return past(says, func(job *history.Job) error {
		start, err := started(job)
		if err != nil {
			return err
		}
		became, err := reached(job, condition)
		if err != nil {
			return err
		}
		if ran := became.LastTransition.Sub(start); ran < after || ran > after+late {
			return fmt.Errorf("it became so %s, after %v", at(job, became.Step), ran)
		}
		return nil
	})
}

// DeletedAfterRunning expects the deletion of its unfinished pods to have been asked for no sooner than that after
// startTime, and no more than late later. At least one pod must have been deleted so.
func DeletedAfterRunning(after, late time.Duration) types.GomegaMatcher {
	says := fmt.Sprintf("have deleted its unfinished pods between %v and %v after its startTime", after, after+late)
	return past(says, func(job *history.Job) error {
		start, err := started(job)
		if err != nil {
			return err
		}
		deleted := 0
		for _, pod := range job.Pods() {
			if !pod.DeletionMarked.Happened() || pod.Finished.Before(pod.DeletionMarked) {
				continue
			}
			if ran := pod.DeletionMarked.At.Sub(start); ran < after || ran > after+late {
				return fmt.Errorf("%s was deleted %s, after %v", pod.Name, at(job, pod.DeletionMarked), ran)
			}
			deleted++
		}
		if deleted == 0 {
			return errors.New("it deleted none")
		}
		return nil
	})
}

// RanPodsForLessThan expects no pod to have run that long by itself, from the start of its containers to their end.
func RanPodsForLessThan(limit time.Duration) types.GomegaMatcher {
	return past(fmt.Sprintf("have run no pod for %v", limit), func(job *history.Job) error {
		pods := job.Pods()
		if len(pods) == 0 {
			return errors.New("it created none")
		}
		for _, pod := range pods {
			if pod.Running.At.IsZero() || pod.Finished.At.IsZero() {
				return fmt.Errorf("nobody saw how long %s ran", pod.Name)
			}
			if ran := pod.Finished.At.Sub(pod.Running.At); ran >= limit {
				return fmt.Errorf("%s ended %s, after %v", pod.Name, at(job, pod.Finished), ran)
			}
		}
		return nil
	})
}

// HadNoDeadline expects activeDeadlineSeconds to have been unset in every version of the Job.
func HadNoDeadline() types.GomegaMatcher {
	return past("have had no activeDeadlineSeconds", func(job *history.Job) error {
		for _, version := range job.Versions() {
			if deadline := version.Job().Spec.ActiveDeadlineSeconds; deadline != nil {
				return fmt.Errorf("it was %d (rv %d)", *deadline, version.RV)
			}
		}
		return nil
	})
}
