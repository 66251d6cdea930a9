package history

import (
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// Transition is a Job condition that appeared or changed its status.
type Transition struct {
	Type    batchv1.JobConditionType
	Status  corev1.ConditionStatus
	Reason  string
	Message string
	// LastTransition is the condition's lastTransitionTime, in whole seconds of the cluster's clock.
	LastTransition time.Time
	// Step is the Job version that first showed it; its At is LastTransition.
	Step Step
}

// Conditions returns each change of a condition's status in the order in which they were written. Conditions that
// appeared in one version stand in the order of the Job's list.
func (j *Job) Conditions() []Transition {
	var transitions []Transition
	status := map[batchv1.JobConditionType]corev1.ConditionStatus{}
	for _, index := range j.indexes {
		for _, c := range j.history.versions[index].Job().Status.Conditions {
			if status[c.Type] == c.Status {
				continue
			}
			status[c.Type] = c.Status
			step := j.history.step(index)
			step.At = c.LastTransitionTime.Time
			transitions = append(transitions, Transition{
				Type: c.Type, Status: c.Status, Reason: c.Reason, Message: c.Message,
				LastTransition: c.LastTransitionTime.Time, Step: step,
			})
		}
	}
	return transitions
}

// Condition returns the first time a condition became True, and whether it ever did.
func (j *Job) Condition(of batchv1.JobConditionType) (Transition, bool) {
	for _, t := range j.Conditions() {
		if t.Type == of && t.Status == corev1.ConditionTrue {
			return t, true
		}
	}
	return Transition{}, false
}
