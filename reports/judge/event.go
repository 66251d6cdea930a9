package judge

import (
	"time"

	"github.com/tidwall/gjson"

	"github.com/jobproof/jobproof/reports/history"
)

// Event is a version of a core/v1 Event about a Job or a pod.
type Event struct {
	World *World
	// Type is how it was seen: history.Added, Modified …
	Type string
	Seen time.Time
	RV   uint64

	Namespace, Name, UID string
	// Kind, Subject and SubjectUID say what it is about.
	Kind, Subject, SubjectUID string
	// Normal says that its type is Normal, otherwise it is a Warning.
	Normal          bool
	Reason, Message string
	// Count is how often it happened.
	Count int
	// Component wrote it, such as job-controller.
	Component string

	// Job is the Job it is about, or nil.
	Job *Job
}

// Object is how a finding names it.
func (e *Event) Object() string { return history.Events.Name + "/" + e.Name }

func (e *Event) identity() (namespace, uid string) { return e.Namespace, e.UID }

func (w *World) readEvent(v *history.Version) *Event {
	e := &Event{
		World: w, Type: v.Type, Seen: v.Seen, RV: v.RV, Count: 1,
		Namespace: clone(v.Namespace), Name: clone(v.Name), UID: clone(v.UID),
	}
	gjson.ParseBytes(v.Object).ForEach(func(key, value gjson.Result) bool {
		switch key.Str {
		case "involvedObject":
			e.Kind, e.Subject = clone(value.Get("kind").Str), clone(value.Get("name").Str)
			e.SubjectUID = clone(value.Get("uid").Str)
		case "type":
			e.Normal = value.Str == "Normal"
		case "reason":
			e.Reason = clone(value.Str)
		case "message":
			e.Message = clone(value.Str)
		case "count":
			e.Count = max(e.Count, int(value.Int()))
		case "series":
			e.Count = max(e.Count, int(value.Get("count").Int()))
		case "source":
			if c := value.Get("component").Str; c != "" {
				e.Component = clone(c)
			}
		case "reportingComponent":
			if value.Str != "" {
				e.Component = clone(value.Str)
			}
		}
		return true
	})
	if e.Kind == history.Jobs.Name {
		e.Job = w.jobs[e.SubjectUID]
	}
	return e
}
