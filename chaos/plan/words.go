package plan

import batchv1 "k8s.io/api/batch/v1"

// ActName is something that a user does.
type ActName string

// The acts of users.
const (
	Suspend   ActName = "suspend"    // sets spec.suspend
	Resume    ActName = "resume"     // clears it
	DeleteJob ActName = "delete-job" // with propagation: Background, Foreground or Orphan
	Scale     ActName = "scale"      // with parallelism, completions, or both
	Release   ActName = "release"    // with code: opens the gates of pods, so that their tasks end with it
)

// Parameters of the acts.
const (
	Propagation = "propagation"
	Parallelism = "parallelism"
	Completions = "completions"
	Code        = "code"
)

// acts are the parameters of each act: needed ones, and others.
var acts = map[ActName]struct{ needs, takes []string }{
	Suspend:   {},
	Resume:    {},
	DeleteJob: {takes: []string{Propagation}},
	Scale:     {takes: []string{Parallelism, Completions}},
	Release:   {needs: []string{Code}, takes: []string{Code}},
}

// The states that Is may name.
const (
	IsRunning   = "running"   // neither of the following
	IsSuspended = "suspended" // has the condition Suspended
	IsFinished  = "finished"  // has the condition Complete or Failed
	IsGone      = "gone"      // is not there any more
	IsReady     = "Ready"
	IsNotReady  = "NotReady"
)

var (
	jobStates  = []string{IsRunning, IsSuspended, IsFinished, IsGone}
	nodeStates = []string{IsReady, IsNotReady}

	conditions = []string{
		string(batchv1.JobComplete), string(batchv1.JobFailed), string(batchv1.JobFailureTarget),
		string(batchv1.JobSuccessCriteriaMet), string(batchv1.JobSuspended),
	}
	reasons = []string{
		batchv1.JobReasonBackoffLimitExceeded, batchv1.JobReasonDeadlineExceeded, batchv1.JobReasonMaxFailedIndexesExceeded,
		batchv1.JobReasonFailedIndexes, batchv1.JobReasonPodFailurePolicy, batchv1.JobReasonSuccessPolicy,
		batchv1.JobReasonCompletionsReached,
	}
)

// uncounted is the field of a Job's status that names pods which have ended and are not in its counters yet.
const uncounted = "uncountedTerminatedPods"

// fields are the fields of a Job's status that a trigger may look at.
var fields = map[string]func(*batchv1.JobStatus) int{
	"active":    func(s *batchv1.JobStatus) int { return int(s.Active) },
	"succeeded": func(s *batchv1.JobStatus) int { return int(s.Succeeded) },
	"failed":    func(s *batchv1.JobStatus) int { return int(s.Failed) },
	"ready":     func(s *batchv1.JobStatus) int { return number(s.Ready) },
	"terminating": func(s *batchv1.JobStatus) int {
		return number(s.Terminating)
	},
	uncounted: func(s *batchv1.JobStatus) int {
		if s.UncountedTerminatedPods == nil {
			return 0
		}
		return len(s.UncountedTerminatedPods.Succeeded) + len(s.UncountedTerminatedPods.Failed)
	},
}

func number(field *int32) int {
	if field == nil {
		return 0
	}
	return int(*field)
}
