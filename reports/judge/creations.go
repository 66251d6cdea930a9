package judge

import (
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// creations is about when no pod is created any more. Of those that forbid a creation only one is named: P24, P07, P09, P08,
// P10, in this order, and then no other says that there is a pod too many.
var creations = []Invariant{
	{
		ID:         "P07",
		Says:       "No pod is created once the outcome is decided: SuccessCriteriaMet, FailureTarget, Complete or Failed.",
		Source:     "pkg/controller/job/job_controller.go:1064-1133, 924-936, syncJob",
		Exceptions: []string{"a creation that the API server carried out after it had failed to answer"},
		Across:     true, Memory: true, OneController: true,
		Job: outcomeReached, Event: noteUnanswered, Pod: barred("P07", func(j *Job) string {
			for _, c := range j.Now.Status.Conditions {
				switch c.Type {
				case batchv1.JobSuccessCriteriaMet, batchv1.JobFailureTarget, batchv1.JobComplete, batchv1.JobFailed:
					return "although the Job is " + string(c.Type)
				}
			}
			return "although the outcome is decided"
		}),
	},
	{
		ID:     "P08",
		Says:   "No pod is created for a Job that its controller knows to be suspended.",
		Source: "pkg/controller/job/job_controller.go:1756-1765, manageJob; :1159-1190, syncJob",
		Exceptions: []string{
			"creations under way when the Job is suspended, until the controller writes a status for the suspended Job",
			"a creation that the API server carried out after it had failed to answer",
		},
		Across: true, Memory: true, OneController: true,
		Job: resumed, Event: noteUnanswered, Pod: barred("P08", func(*Job) string { return "although the Job is suspended" }),
	},
	{
		ID:     "P09",
		Says:   "No pod is created for a Job that its controller knows to be marked for deletion.",
		Source: "pkg/controller/job/job_controller.go:1132, syncJob",
		Exceptions: []string{
			"creations under way when the Job is deleted, until the controller writes a status for the Job that is marked",
			"a creation that the API server carried out after it had failed to answer",
		},
		Across: true, Memory: true, OneController: true,
		Job: deletedAtLast, Event: noteUnanswered, Pod: barred("P09", func(*Job) string {
			return "although the Job is being deleted"
		}),
	},
	{
		ID:     "P10",
		Says:   "Without completions no pod is created once a success is counted.",
		Source: "pkg/controller/job/job_controller.go:1768-1776, manageJob; :1138-1145, syncJob",
		Exceptions: []string{
			"a pod that has succeeded is counted later: until then others may still be created",
			"a creation that the API server carried out after it had failed to answer",
		},
		Across: true, Memory: true, OneController: true,
		Job: oneSufficed, Event: noteUnanswered, Pod: barred("P10", func(*Job) string {
			return "although a success is counted and the Job has no completions"
		}),
	},
	{
		ID:         "P24",
		Says:       "If a pod of a finished Job is deleted, none is created for it and no counter changes.",
		Source:     "pkg/controller/job/job_controller.go:969-986, syncJob",
		Exceptions: []string{"a creation that the API server carried out after it had failed to answer"},
		Across:     true, Memory: true, OneController: true,
		Job: countersStay, Event: noteUnanswered, Pod: noteBereaved,
	},
}

func outcomeReached(j *Job) Answer {
	j.outlook()
	return heldIf(j.Own() && (j.Turned(batchv1.JobComplete) || j.Turned(batchv1.JobFailed)))
}

func resumed(j *Job) Answer {
	j.outlook()
	return heldIf(j.Own() && j.Was != nil && j.Was.Suspended() && !j.Now.Suspended())
}

func deletedAtLast(j *Job) Answer {
	j.outlook()
	return heldIf(j.Own() && j.Gone && j.Was != nil && j.Was.Meta.DeletionTimestamp != nil)
}

func oneSufficed(j *Job) Answer {
	j.outlook()
	return heldIf(j.Own() && j.Now.Completions() < 0 && j.Turned(batchv1.JobSuccessCriteriaMet))
}

func heldIf(occasion bool) Answer {
	if occasion {
		return Held
	}
	return Answer{}
}

// bereaved names a pod that a Job has lost after it was finished.
type bereaved struct{ pod string }

var noReplacement = barred("P24", func(j *Job) string {
	return "although the Job is finished, after its pod " + remember[bereaved](&j.memory, "P24").pod + " was deleted"
})

func noteBereaved(p *Pod) Answer {
	if p.Created() {
		return noReplacement(p)
	}
	if p.Job == nil || !p.Job.Now.Finished() || !p.JustMarked() && !p.Gone() {
		return Answer{}
	}
	remember[bereaved](&p.Job.memory, "P24").pod = p.Name
	return heldIf(p.Gone() && p.Job.Own())
}

func countersStay(j *Job) Answer {
	j.outlook()
	if !j.Own() || j.Was == nil || !j.Was.Finished() || j.Now.Type == history.Deleted {
		return Answer{}
	}
	lost := remember[bereaved](&j.memory, "P24").pod
	was, now := &j.Was.Status, &j.Now.Status
	if lost == "" || was.Succeeded == now.Succeeded && was.Failed == now.Failed && was.Active == now.Active {
		return Answer{}
	}
	return Broken("after its pod %s was deleted it counts %d succeeded, %d failed and %d active, and before %d, %d and %d",
		lost, now.Succeeded, now.Failed, now.Active, was.Succeeded, was.Failed, was.Active)
}
