package expect

import (
	"fmt"
	"slices"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// Announced expects the Events about the Job to have been these, in this order and no other, each as its type and
// reason: "Normal SuccessfulCreate".
func Announced(events ...string) types.GomegaMatcher {
	return past(fmt.Sprintf("have announced %q", events), func(job *history.Job) error {
		var announced []string
		for _, notice := range job.Events() {
			for range notice.Count {
				announced = append(announced, notice.Type+" "+notice.Reason)
			}
		}
		if !slices.Equal(announced, events) {
			return fmt.Errorf("it announced %q", announced)
		}
		return nil
	})
}

// AnnouncedAfter expects an Event with that reason to have been written after a condition became True.
func AnnouncedAfter(condition batchv1.JobConditionType, reason string) types.GomegaMatcher {
	says := fmt.Sprintf("have announced %s after it became %s", reason, condition)
	return past(says, func(job *history.Job) error {
		became, err := reached(job, condition)
		if err != nil {
			return err
		}
		for _, notice := range job.Events() {
			if notice.Reason != reason {
				continue
			}
			if !became.Step.Before(notice.Step) {
				return fmt.Errorf("it announced it %s and became %s %s", at(job, notice.Step), condition, at(job, became.Step))
			}
			return nil
		}
		return fmt.Errorf("it never announced it")
	})
}

// AnnouncedEachPod expects one Event with that reason for each pod the Job ever had, whose message names the pod:
// AnnouncedEachPod("SuccessfulCreate", "Created pod: ").
func AnnouncedEachPod(reason, prefix string) types.GomegaMatcher {
	return past(fmt.Sprintf("have announced %s for each pod", reason), func(job *history.Job) error {
		var messages, want []string
		for _, notice := range job.Events() {
			if notice.Reason == reason {
				messages = append(messages, notice.Message)
			}
		}
		for _, pod := range job.Pods() {
			want = append(want, prefix+pod.Name)
		}
		slices.Sort(messages)
		slices.Sort(want)
		if !slices.Equal(messages, want) {
			return fmt.Errorf("the messages were %q", messages)
		}
		return nil
	})
}
