package judge

import "strings"

// unanswered is how the API server once failed to say whether it had created a pod of the Job.
type unanswered struct{ message string }

// refusals are parts of what the API server says when it is certain that no pod was created.
var refusals = []string{"is forbidden", "is invalid", "denied the request", "failed calling webhook"}

// noteUnanswered remembers of a Job that one of its pods may have been created without its controller knowing.
func noteUnanswered(e *Event) Answer {
	if e.Reason != "FailedCreate" || e.Job == nil {
		return Answer{}
	}
	for _, sure := range refusals {
		if strings.Contains(e.Message, sure) {
			return Answer{}
		}
	}
	remember[unanswered](&e.Job.memory, "unanswered").message = e.Message
	return Answer{}
}

// doubted takes the certainty from a breach by a pod that the controller may have created because it did not know of
// another, or against a status that somebody else may have written.
func (j *Job) doubted(a Answer) Answer {
	if a.broken == "" {
		return a
	}
	if message := remember[unanswered](&j.memory, "unanswered").message; message != "" {
		a.unsure = "the API server once did not say whether it had created a pod: " + message
		return a
	}
	writers := statusWriters(j.Now)
	if _, own := writers[controllerManager]; !own {
		return a // whoever writes it is the controller, under another name
	}
	for name := range writers {
		if name != controllerManager {
			a.unsure = name + " writes the status of the Job too"
		}
	}
	return a
}
