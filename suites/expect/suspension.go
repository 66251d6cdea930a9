package expect

import (
	"errors"
	"fmt"
	"time"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// CreatedNoPodWhileSuspended expects that no pod was created while the Job was suspended: for each suspension, from the
// version in which the controller acknowledged it (or the Job's creation, if it was born suspended) to the version that
// resumed it. A pod whose creation was under way when spec.suspend was set is no fault. At least one such time must be
// in the history.
func CreatedNoPodWhileSuspended() types.GomegaMatcher {
	return past("have created no pod while it was suspended", func(job *history.Job) error {
		times := suspensions(job)
		if len(times) == 0 {
			return errors.New("it never was suspended")
		}
		for _, pod := range job.Pods() {
			for _, suspended := range times {
				if suspended.from.Before(pod.Created) && pod.Created.Before(suspended.to) {
					return fmt.Errorf("%s was created %s, and it was suspended from %s to %s", pod.Name,
						at(job, pod.Created), at(job, suspended.from), at(job, suspended.to))
				}
			}
		}
		return nil
	})
}

// suspension is a time in which the controller must not create pods; to is zero if the Job was never resumed.
type suspension struct{ from, to history.Step }

func suspensions(job *history.Job) []suspension {
	var times []suspension
	asked := history.Changes(job, history.Suspended)
	for i, reading := range asked {
		if !reading.Value {
			continue
		}
		var suspended suspension
		if i+1 < len(asked) {
			suspended.to = asked[i+1].Step
		}
		if i == 0 {
			suspended.from = reading.Step
		}
		for _, change := range job.Conditions() {
			acknowledged := change.Type == batchv1.JobSuspended && change.Status == corev1.ConditionTrue
			if acknowledged && !suspended.from.Happened() && reading.Step.Before(change.Step) && change.Step.Before(suspended.to) {
				suspended.from = change.Step
			}
		}
		if suspended.from.Happened() {
			times = append(times, suspended)
		}
	}
	return times
}

// StartedAnewOnEachResume expects startTime to have been unset from the Suspended condition on until the Job was resumed,
// and each time that it was set to have been set to a later second.
func StartedAnewOnEachResume() types.GomegaMatcher {
	return past("have had no startTime while it was suspended and a later one each time that it ran", func(job *history.Job) error {
		var last int64
		for _, reading := range history.Changes(job, history.StartTime) {
			if reading.Value == 0 {
				continue
			}
			if reading.Value <= last {
				return fmt.Errorf("startTime went from %s to %s %s", clock(last), clock(reading.Value), at(job, reading.Step))
			}
			last = reading.Value
		}
		for _, version := range job.Versions() {
			now := version.Job()
			for _, c := range now.Status.Conditions {
				suspended := c.Type == batchv1.JobSuspended && c.Status == corev1.ConditionTrue && history.Suspended(now)
				if suspended && now.Status.StartTime != nil {
					return fmt.Errorf("it was Suspended with startTime %s (rv %d)", clock(now.Status.StartTime.Unix()), version.RV)
				}
			}
		}
		if last == 0 {
			return errors.New("it never had one")
		}
		return nil
	})
}

func clock(unix int64) string { return time.Unix(unix, 0).UTC().Format(time.TimeOnly) }

// HadNoActivePodWhen expects that no pod was active in any version of the history in which a condition became True: it
// must have, and what was active had been deleted by then.
func HadNoActivePodWhen(condition batchv1.JobConditionType) types.GomegaMatcher {
	return past(fmt.Sprintf("have had no active pod whenever it became %s", condition), func(job *history.Job) error {
		if _, err := reached(job, condition); err != nil {
			return err
		}
		counts := job.Counts()
		for _, change := range job.Conditions() {
			if change.Type != condition || change.Status != corev1.ConditionTrue {
				continue
			}
			active := 0
			for _, count := range counts {
				if change.Step.Before(count.Step) {
					break
				}
				active = count.Active
			}
			if active > 0 {
				return fmt.Errorf("%d were active when it became so %s", active, at(job, change.Step))
			}
		}
		return nil
	})
}
