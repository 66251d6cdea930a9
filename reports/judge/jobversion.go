package judge

import (
	"encoding/json"
	"time"

	"github.com/tidwall/gjson"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/reports/history"
)

// JobVersion is a version of a Job.
type JobVersion struct {
	RV   uint64
	Seen time.Time
	// Type is history.Listed, Added, Modified or Deleted.
	Type string

	// Meta holds all but managedFields; see Managers.
	Meta metav1.ObjectMeta
	// Spec is shared by all versions with the same spec.
	Spec   *batchv1.JobSpec
	Status batchv1.JobStatus
	// Completed and FailedIndexes are status.completedIndexes and failedIndexes; nil if the text is no list of indexes.
	Completed, FailedIndexes *Indexes
	// Generation is metadata.generation: it counts the changes of the spec.
	Generation int64

	specRaw, managersRaw string
}

// Condition returns the first condition of a type, or nil.
func (j *JobVersion) Condition(t batchv1.JobConditionType) *batchv1.JobCondition {
	for i := range j.Status.Conditions {
		if j.Status.Conditions[i].Type == t {
			return &j.Status.Conditions[i]
		}
	}
	return nil
}

// Is says whether a condition is True.
func (j *JobVersion) Is(t batchv1.JobConditionType) bool {
	c := j.Condition(t)
	return c != nil && c.Status == corev1.ConditionTrue
}

// Finished says whether it is Complete or Failed.
func (j *JobVersion) Finished() bool { return j.Is(batchv1.JobComplete) || j.Is(batchv1.JobFailed) }

// Ending says whether its outcome is decided: SuccessCriteriaMet, FailureTarget, Complete or Failed.
func (j *JobVersion) Ending() bool {
	return j.Finished() || j.Is(batchv1.JobSuccessCriteriaMet) || j.Is(batchv1.JobFailureTarget)
}

// Suspended says whether spec.suspend is true.
func (j *JobVersion) Suspended() bool { return j.Spec.Suspend != nil && *j.Spec.Suspend }

// Indexed says whether its completionMode is Indexed.
func (j *JobVersion) Indexed() bool {
	return j.Spec.CompletionMode != nil && *j.Spec.CompletionMode == batchv1.IndexedCompletion
}

// Parallelism is spec.parallelism, 1 if it is not there, as the API server fills it in.
func (j *JobVersion) Parallelism() int {
	if j.Spec.Parallelism == nil {
		return 1
	}
	return int(*j.Spec.Parallelism)
}

// Completions is spec.completions, or -1 if it is not there.
func (j *JobVersion) Completions() int {
	if j.Spec.Completions == nil {
		return -1
	}
	return int(*j.Spec.Completions)
}

// ReplacesFailedOnly says whether a pod is replaced only once it has failed, not while it is terminating: by
// podReplacementPolicy, or because there is a podFailurePolicy (onlyReplaceFailedPods in
// pkg/controller/job/job_controller.go).
func (j *JobVersion) ReplacesFailedOnly() bool {
	return j.Spec.PodReplacementPolicy != nil && *j.Spec.PodReplacementPolicy == batchv1.Failed || j.Spec.PodFailurePolicy != nil
}

// Ready and Terminating are the counters of the status, 0 if they are not there.
func (j *JobVersion) Ready() int { return number(j.Status.Ready) }

// Terminating is status.terminating, 0 if it is not there.
func (j *JobVersion) Terminating() int { return number(j.Status.Terminating) }

func number(n *int32) int {
	if n == nil {
		return 0
	}
	return int(*n)
}

// Uncounted returns the pods in status.uncountedTerminatedPods.
func (j *JobVersion) Uncounted() (succeeded, failed []types.UID) {
	if u := j.Status.UncountedTerminatedPods; u != nil {
		return u.Succeeded, u.Failed
	}
	return nil, nil
}

// Managers decodes metadata.managedFields, nil if there are none.
func (j *JobVersion) Managers() []metav1.ManagedFieldsEntry {
	var managers []metav1.ManagedFieldsEntry
	_ = json.Unmarshal([]byte(j.managersRaw), &managers) // what does not decode names no manager
	return managers
}

// RawSpec is the text of the spec.
func (j *JobVersion) RawSpec() string { return j.specRaw }

// readJob reads a version of a Job. It returns an error if a part of it does not decode.
func readJob(v *history.Version, was *JobVersion) (*JobVersion, error) {
	j := &JobVersion{RV: v.RV, Seen: v.Seen, Type: v.Type}
	s := split(v.Object)
	fields := gjson.GetBytes(s.metadata, "managedFields")
	j.managersRaw = clone(fields.Raw)
	metadata := s.metadata
	if fields.Index > 0 {
		metadata = append(append(append([]byte(nil), metadata[:fields.Index]...), "null"...), metadata[fields.Index+len(fields.Raw):]...)
	}
	if err := json.Unmarshal(metadata, &j.Meta); err != nil {
		return nil, err
	}
	j.Generation = j.Meta.Generation
	if was != nil && was.specRaw == string(s.spec) {
		j.specRaw, j.Spec = was.specRaw, was.Spec
	} else {
		j.specRaw, j.Spec = string(s.spec), new(batchv1.JobSpec)
		if err := json.Unmarshal(s.spec, j.Spec); err != nil {
			return nil, err
		}
	}
	if len(s.status) > 0 {
		if err := json.Unmarshal(s.status, &j.Status); err != nil {
			return nil, err
		}
	}
	j.Completed = readIndexes(j.Status.CompletedIndexes, was, func(was *JobVersion) (string, *Indexes) {
		return was.Status.CompletedIndexes, was.Completed
	})
	if j.Status.FailedIndexes != nil {
		j.FailedIndexes = readIndexes(*j.Status.FailedIndexes, was, func(was *JobVersion) (string, *Indexes) {
			if was.Status.FailedIndexes == nil {
				return "", nil
			}
			return *was.Status.FailedIndexes, was.FailedIndexes
		})
	}
	return j, nil
}

// readIndexes parses a list of indexes unless the version before has the same.
func readIndexes(text string, was *JobVersion, before func(*JobVersion) (string, *Indexes)) *Indexes {
	if was != nil {
		if old, parsed := before(was); old == text && parsed != nil {
			return parsed
		}
	}
	parsed, err := ParseIndexes(text)
	if err != nil {
		return nil
	}
	return parsed
}
