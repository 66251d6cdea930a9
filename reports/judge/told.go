package judge

import (
	"strings"
	"time"

	batchv1 "k8s.io/api/batch/v1"
)

// jobEvents is the component under which the Job controller's Events stand.
const jobEvents = "job-controller"

// events is about what the Job controller tells in Events. They are best effort, so that one is missing proves nothing; one
// that is there must be true.
var events = []Invariant{
	{
		ID:     "E01",
		Says:   "An Event SuccessfulCreate or SuccessfulDelete of a Job names a pod that the Job has or had.",
		Source: "pkg/controller/controller_utils.go:591-638, createPods and DeletePod",
		Exceptions: []string{
			"from the tenth on such Events become one that names the last pod",
			"a pod may be gone, or belong to the Job no longer, before the Event is there",
		},
		Across: true, Memory: true,
		Event: namesItsPod, Pod: noteFormer,
	},
	{
		ID: "E02",
		Says: "An Event Completed tells of a Job that is Complete, a Warning with the reason of a failure of one that is " +
			"Failed for that reason, and there is one of them at most.",
		Source: "pkg/controller/job/job_controller.go:1432-1441, trackJobStatusAndRemoveFinalizers, and 1627-1641, " +
			"recordJobFinished",
		Across: true,
		Event:  tellsTheEnd,
	},
	{
		ID:     "E03",
		Says:   "An Event Suspended tells of a Job that was to be suspended, and Resumed of one that was Suspended and to go on.",
		Source: "pkg/controller/job/job_controller.go:1155-1187, syncJob",
		Exceptions: []string{
			"the same may be told twice: the Event comes before the status, which may be refused and written again",
		},
		Across: true, Memory: true,
		Event: tellsOfSuspension, Job: noteSuspension,
	},
	{
		ID:         "E04",
		Says:       "No Event TooManySucceededPods tells of a Job: no more pods succeed than it asks for.",
		Source:     "pkg/controller/job/job_controller.go:1630-1633, recordJobFinished, and 1767-1789, manageJob",
		Exceptions: []string{"pods that the Job adopted may be too many"},
		Memory:     true, OneController: true,
		Event: notTooManySucceeded, Pod: noteAdopted,
	},
	{
		ID:     "E06",
		Says:   "The end of a Job is told in an Event.",
		Source: "pkg/controller/job/job_controller.go:1432-1441, trackJobStatusAndRemoveFinalizers",
		Exceptions: []string{
			"after 25 Events of one type about a Job there is one more every 5 min",
			"who crashes between the status and the Event tells nothing",
		},
		Advisory: true,
		Event:    noteEvents, JobWaits: toldOfItsEnd,
		Within: Bound{Limit: 30 * time.Second, Origin: "two retries of an Event that the API server did not take, after 10 s " +
			"each (client-go, tools/record/event.go, defaultSleepDuration), and 10 s for everything else"},
	},
}

// tells says whether the Job controller wrote the Event about a Job of its own that exists.
func (e *Event) tells(reason string) bool {
	return e.Reason == reason && e.Component == jobEvents && e.Job != nil && e.Job.Own()
}

// plain is a message without what is put before it when it stands for several.
func plain(message string) string {
	return strings.TrimPrefix(message, "(combined from similar events): ")
}

// formerPods are the names of pods that a Job had.
type formerPods map[string]bool

func (j *Job) formerPods() formerPods {
	former := remember[formerPods](&j.memory, "E01")
	if *former == nil {
		*former = formerPods{}
	}
	return *former
}

func noteFormer(p *Pod) Answer {
	switch {
	case p.Was != nil && p.Was.Owner != p.Now.Owner:
		if before := p.World.Job(p.Was.Owner); before != nil {
			before.formerPods()[p.Name] = true
		}
	case p.Gone() && p.Job != nil && !p.Job.Gone:
		p.Job.formerPods()[p.Name] = true
	}
	return Answer{}
}

func namesItsPod(e *Event) Answer {
	var name string
	var is bool
	switch {
	case e.tells("SuccessfulCreate"):
		name, is = strings.CutPrefix(plain(e.Message), "Created pod: ")
	case e.tells("SuccessfulDelete"):
		name, is = strings.CutPrefix(plain(e.Message), "Deleted pod: ")
	}
	if !is {
		return Answer{}
	}
	if p := e.World.PodNamed(e.Namespace, name); p != nil && p.Job == e.Job || e.Job.formerPods()[name] {
		return Held
	}
	return Broken("%s %s, and the Job has had no such pod", e.Reason, name)
}

// failureReasons are the reasons for which the Job controller lets a Job fail.
var failureReasons = map[string]bool{
	batchv1.JobReasonPodFailurePolicy: true, batchv1.JobReasonBackoffLimitExceeded: true,
	batchv1.JobReasonDeadlineExceeded: true, batchv1.JobReasonMaxFailedIndexesExceeded: true,
	batchv1.JobReasonFailedIndexes: true,
}

// ends says whether the Event tells of the Job's end, and whether that was a success.
func (e *Event) ends() (success, ends bool) {
	switch {
	case e.tells("Completed") && e.Normal:
		return true, true
	case !e.Normal && failureReasons[e.Reason] && e.tells(e.Reason):
		return false, true
	}
	return false, false
}

func tellsTheEnd(e *Event) Answer {
	success, ends := e.ends()
	if !ends {
		return Answer{}
	}
	first := remember[string](&e.Job.memory, "E02")
	if *first == "" {
		*first = e.UID
	}
	failed := e.Job.Now.holds(batchv1.JobFailed)
	switch {
	case *first != e.UID || e.Count > 1:
		return Broken("%s, and the end of the Job was told before", e.Reason)
	case success && !e.Job.Now.Is(batchv1.JobComplete):
		return Broken("Completed, and the Job is not Complete")
	case !success && (failed == nil || failed.Reason != e.Reason):
		return Broken("%s, and the Job has not failed for that", e.Reason)
	}
	return Held
}

// suspension is what E03 remembers of a Job: that it was to be suspended, and that it had the condition Suspended and was to
// go on after that.
type suspension struct{ asked, resumable bool }

func noteSuspension(j *Job) Answer {
	suspended := j.Now.Suspended()
	if !suspended && j.Was == nil {
		return Answer{}
	}
	s := remember[suspension](&j.memory, "E03")
	s.asked = s.asked || suspended
	s.resumable = s.resumable || !suspended && j.Now.Is(batchv1.JobSuspended)
	return Answer{}
}

func tellsOfSuspension(e *Event) Answer {
	switch {
	case e.tells("Suspended"):
		return Never(!remember[suspension](&e.Job.memory, "E03").asked, func() string {
			return "Suspended, and nobody had asked for it"
		})
	case e.tells("Resumed"):
		return Never(!remember[suspension](&e.Job.memory, "E03").resumable, func() string {
			return "Resumed, and the Job was not Suspended or not to go on"
		})
	}
	return Answer{}
}

func noteAdopted(p *Pod) Answer {
	if p.Was != nil && p.Was.Owner != p.Now.Owner && p.Job != nil {
		*remember[bool](&p.Job.memory, "E04") = true
	}
	return Answer{}
}

func notTooManySucceeded(e *Event) Answer {
	if !e.tells("TooManySucceededPods") || *remember[bool](&e.Job.memory, "E04") {
		return Answer{}
	}
	return Broken("%s", e.Message)
}

// toldEvents is what E06 remembers of a Job's Events.
type toldEvents struct {
	end             bool
	normal, warning int
}

// maxBurst is how many Events of one type about one object are sent at once (defaultSpamBurst in client-go,
// tools/record/events_cache.go).
const maxBurst = 25

func noteEvents(e *Event) Answer {
	if e.Job == nil || e.Component != jobEvents {
		return Answer{}
	}
	t := remember[toldEvents](&e.Job.memory, "E06")
	if _, ends := e.ends(); ends {
		t.end = true
	}
	if e.Normal {
		t.normal++
	} else {
		t.warning++
	}
	return Answer{}
}

func toldOfItsEnd(j *Job) Waiting {
	if !j.Own() || !j.Now.Finished() || !j.FromBirth {
		return Waiting{}
	}
	t := remember[toldEvents](&j.memory, "E06")
	spent := t.warning
	if j.Now.Is(batchv1.JobComplete) {
		spent = t.normal
	}
	if t.end || spent >= maxBurst {
		return Waiting{}
	}
	return Waiting{For: "an Event that tells of its end"}
}
