package history

import batchv1 "k8s.io/api/batch/v1"

// Reading is a value that something had from a step on.
type Reading[T any] struct {
	Value T
	Step  Step
}

// Changes reads a value from every version of a Job and returns each one that differs from the one before it, the first
// included. Use it for anything in a Job that has a history:
//
//	history.Changes(job, history.Failed)
//	history.Changes(job, func(j *batchv1.Job) string { return j.Status.CompletedIndexes })
func Changes[T comparable](j *Job, read func(*batchv1.Job) T) []Reading[T] {
	var readings []Reading[T]
	for _, index := range j.indexes {
		value := read(j.history.versions[index].Job())
		if n := len(readings); n > 0 && readings[n-1].Value == value {
			continue
		}
		readings = append(readings, Reading[T]{Value: value, Step: j.history.step(index)})
	}
	return readings
}

// Values returns the values of readings, without their steps.
func Values[T any](readings []Reading[T]) []T {
	values := make([]T, len(readings))
	for i, reading := range readings {
		values[i] = reading.Value
	}
	return values
}

// Active reads status.active.
func Active(j *batchv1.Job) int32 { return j.Status.Active }

// Succeeded reads status.succeeded.
func Succeeded(j *batchv1.Job) int32 { return j.Status.Succeeded }

// Failed reads status.failed.
func Failed(j *batchv1.Job) int32 { return j.Status.Failed }

// Ready reads status.ready; a missing value reads as 0.
func Ready(j *batchv1.Job) int32 { return value(j.Status.Ready) }

// Terminating reads status.terminating; a missing value reads as 0.
func Terminating(j *batchv1.Job) int32 { return value(j.Status.Terminating) }

// StartTime reads status.startTime in seconds since 1970; a missing value reads as 0.
func StartTime(j *batchv1.Job) int64 {
	if j.Status.StartTime == nil {
		return 0
	}
	return j.Status.StartTime.Unix()
}

// CompletedIndexes reads status.completedIndexes.
func CompletedIndexes(j *batchv1.Job) string { return j.Status.CompletedIndexes }

// Suspended reads spec.suspend; a missing value reads as false.
func Suspended(j *batchv1.Job) bool { return value(j.Spec.Suspend) }

func value[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}
