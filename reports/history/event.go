package history

import (
	"time"

	corev1 "k8s.io/api/core/v1"
)

// Notice is one Event object about something, as it was last seen.
type Notice struct {
	// Type is Normal or Warning.
	Type, Reason, Message string
	// Count is how often it happened: similar events are merged into one object.
	Count int32
	// From is the component that wrote it.
	From string
	// First and Last are the Event's own times, in whole seconds.
	First, Last time.Time
	// Step is the first version of the Event; its At is First.
	Step Step
}

// Events returns the Events about the Job in the order in which they first appeared. Events are best effort: a missing
// one is no proof that nothing happened. After 25 on one object the rest are dropped (maxBurst in client-go's
// tools/record/events_cache.go).
func (j *Job) Events() []Notice {
	if j.UID == "" {
		return nil
	}
	return j.history.EventsOn(j.UID)
}

// EventsOn returns the Events about the object with that uid, in the order in which they first appeared.
func (h *History) EventsOn(uid string) []Notice {
	var notices []Notice
	place := map[string]int{}
	for i, v := range h.versions {
		event := v.Event()
		if event == nil || string(event.InvolvedObject.UID) != uid || v.Type == Deleted {
			continue
		}
		notice := Notice{
			Type: event.Type, Reason: event.Reason, Message: event.Message, Count: times(event),
			From: event.Source.Component, First: event.FirstTimestamp.Time, Last: event.LastTimestamp.Time,
		}
		if notice.From == "" {
			notice.From = event.ReportingController
		}
		if notice.First.IsZero() { // written through events.k8s.io
			notice.First = event.EventTime.Time
			notice.Last = notice.First
			if event.Series != nil {
				notice.Last = event.Series.LastObservedTime.Time
			}
		}
		if at, known := place[v.UID]; known {
			notice.Step = notices[at].Step
			notices[at] = notice
			continue
		}
		notice.Step = h.step(i)
		notice.Step.At = notice.First
		place[v.UID] = len(notices)
		notices = append(notices, notice)
	}
	return notices
}

// times is how often an Event happened; the newer API counts in a series and leaves count out.
func times(event *corev1.Event) int32 {
	switch {
	case event.Series != nil:
		return event.Series.Count
	case event.Count == 0:
		return 1
	default:
		return event.Count
	}
}
