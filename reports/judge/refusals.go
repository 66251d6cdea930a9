package judge

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/jobproof/jobproof/reports/history"
)

// refusal is that the API server refused something: why, and when it last did.
type refusal struct {
	why string
	at  time.Time
}

// eventsAgain is how long it may take until something that goes on happening is told by an event again: the recorder of
// events drops all after the first 25 about an object, but for one in five minutes (client-go, tools/record/events_cache.go:
// 41-47, defaultSpamBurst and defaultSpamQPS).
const eventsAgain = 5 * time.Minute

// told returns why something is refused, as events tell it, or nothing if it has not been for a time.
func (r *refusal) told(w *World) string { return r.within(w, 2*eventsAgain) }

// audited returns why something is refused, as the audit log has it, or nothing if it has not been for as long as a
// controller that tries again takes to.
func (r *refusal) audited(w *World) string { return r.within(w, accountingBound.Limit) }

func (r *refusal) within(w *World, limit time.Duration) string {
	if r.why == "" || w.Clock.Sub(r.at) > limit {
		return ""
	}
	return r.why
}

// refusal returns why the controllers' changes of a pod are refused, if the audit log has it.
func (p *Pod) refusal() string {
	if !p.World.Header.Audited {
		return ""
	}
	return remember[refusal](&p.memory, "refusal").audited(p.World)
}

// refusal returns why the controllers' changes of a Job, or of one of its pods, are refused, if the audit log has it.
func (j *Job) refusal() string {
	if !j.World.Header.Audited {
		return ""
	}
	return remember[refusal](&j.memory, "refusal").audited(j.World)
}

// refusal remembers a request of a controller that was refused for a reason that may lie outside of it: a webhook, an
// admission plugin or a server in trouble. That the object is gone or has changed meanwhile is no such reason, nor is a status
// of a Job that would be invalid.
func (w *World) refusal(write *history.Write) {
	jobs := write.Resource == history.Jobs.Resource
	switch {
	case write.Code < 400 || write.Code == http.StatusNotFound || write.Code == http.StatusConflict,
		jobs && write.Code == http.StatusUnprocessableEntity, !byController(write.User):
		return
	}
	r := refusal{fmt.Sprintf("the API server refuses to %s it (%d)", write.Verb, write.Code), write.At}
	if jobs {
		if j := w.namedJobs[write.Namespace+"/"+write.Name]; j != nil {
			*remember[refusal](&j.memory, "refusal") = r
		}
		return
	}
	p := w.PodNamed(write.Namespace, write.Name)
	if p == nil {
		return
	}
	*remember[refusal](&p.memory, "refusal") = r
	if p.Job != nil {
		*remember[refusal](&p.Job.memory, "refusal") = refusal{p.Object() + ": " + r.why, r.at}
	}
}

// byController says whether a user is one of those as which the controllers of the controller manager work: an account of
// their own each, or the controller manager's.
func byController(user string) bool {
	return strings.HasPrefix(user, "system:serviceaccount:kube-system:") || user == "system:kube-controller-manager"
}

// changedByHand says whether the last request that changed the pod itself was made by somebody else than a controller, as far
// as there is an audit log.
func (p *Pod) changedByHand() bool { return p.Changed.User != "" && !byController(p.Changed.User) }
