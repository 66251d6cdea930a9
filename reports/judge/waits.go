package judge

import (
	"cmp"
	"container/heap"
	"fmt"
	"slices"
	"time"

	"github.com/jobproof/jobproof/reports/verdict"
)

// waits are the states that must not last and that something is in.
type waits struct {
	sheet   *sheet
	world   *World
	running map[waitKey]*wait
	queue   queue // by deadline
}

type waitKey struct{ invariant, uid string }

type wait struct {
	key      waitKey
	inv      *Invariant
	job      *Job
	pod      *Pod
	state    Waiting
	deadline time.Time
	allowed  int // the versions for which it was given time
	at       int // its place in the queue, -1 if it is not there: it was found to be late
}

func (w *wait) again() Waiting {
	if w.pod != nil {
		return w.inv.PodWaits(w.pod)
	}
	return w.inv.JobWaits(w.job)
}

// life is what is remembered of the object that waits.
func (w *wait) life() *memory {
	if w.pod != nil {
		return &w.pod.memory
	}
	return &w.job.memory
}

func (w *wait) subject() (about subject, whole bool) {
	if w.pod != nil {
		return w.pod, w.pod.FromBirth
	}
	return w.job, w.job.FromBirth
}

func (ws *waits) job(inv *Invariant, j *Job) {
	if state := inv.JobWaits(j); j.waiting > 0 || state != (Waiting{}) {
		ws.note(inv, state, j.UID, j, nil)
	}
}

func (ws *waits) pod(inv *Invariant, p *Pod) {
	if state := inv.PodWaits(p); p.waiting > 0 || state != (Waiting{}) {
		ws.note(inv, state, p.UID, nil, p)
	}
}

// note begins, goes on with or ends a wait of a Job or of a pod.
func (ws *waits) note(inv *Invariant, state Waiting, uid string, job *Job, pod *Pod) {
	key := waitKey{inv.ID, uid}
	known := ws.running[key]
	if known != nil && known.state.For != state.For { // it is over, or another thing is waited for
		ws.kept(known)
		known = nil
	}
	switch {
	case known != nil:
		ws.goOn(known, state)
	case state.For != "", !state.NotBefore.IsZero():
		w := &wait{key: key, inv: inv, job: job, pod: pod, state: state, allowed: ws.sheet.versions}
		w.deadline = ws.deadline(w, ws.world.Clock)
		ws.running[key] = w
		w.life().waiting++
		heap.Push(&ws.queue, w)
	}
}

// goOn notes that the same is still waited for. What it has to wait for first may have moved.
func (ws *waits) goOn(w *wait, state Waiting) {
	w.state = state
	switch deadline := ws.deadline(w, time.Time{}); {
	case state.For == "" && state.NotBefore.IsZero():
		ws.kept(w)
	case w.at >= 0 && (state.For == "" || deadline.After(w.deadline)):
		w.deadline = deadline
		heap.Fix(&ws.queue, w.at)
	}
}

// deadline is when a wait is looked at again: when it is late or, if it has not begun, when it may.
func (ws *waits) deadline(w *wait, from time.Time) time.Time {
	if w.state.For == "" {
		return w.state.NotBefore
	}
	return later(from, w.state.NotBefore).Add(w.inv.Within.Limit)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// over ends what an object that is gone was kept waiting for.
func (ws *waits) over(invariants []*Invariant, uid string) {
	for _, inv := range invariants {
		if known := ws.running[waitKey{inv.ID, uid}]; known != nil {
			ws.end(known)
		}
	}
}

// kept ends a wait that is over. It was an occasion if something was waited for that nothing blocked, and was not late.
func (ws *waits) kept(w *wait) {
	if w.at >= 0 && w.state.For != "" && w.state.Blocked == "" {
		ws.sheet.held[w.inv.ID]++
	}
	ws.end(w)
}

func (ws *waits) end(w *wait) {
	delete(ws.running, w.key)
	w.life().waiting--
	if w.at >= 0 {
		heap.Remove(&ws.queue, w.at)
	}
}

// advance asks again about every wait whose deadline has passed.
func (ws *waits) advance() {
	for len(ws.queue) > 0 && ws.world.Clock.After(ws.queue[0].deadline) {
		w := ws.queue[0]
		state, deadline := w.again(), w.deadline
		switch {
		case w.state.For == "" && state.For != "": // it has begun
			w.state = state
			w.deadline = ws.deadline(w, deadline)
			heap.Fix(&ws.queue, 0)
		case w.state.For != state.For:
			ws.note(w.inv, state, w.key.uid, w.job, w.pod)
		default:
			if ws.goOn(w, state); w.at >= 0 && w.deadline.Equal(deadline) && !ws.allow(w) {
				ws.tell(w)
			}
		}
	}
}

// requests is how many requests a controller makes in a second (pkg/controller/apis/config/v1alpha1/defaults.go:61).
const requests = 20

// allow gives a wait more time for the versions that were seen since it began, and says whether there were any: each may be
// a request that the controller had to make first.
func (ws *waits) allow(w *wait) bool {
	others := ws.sheet.versions - w.allowed
	w.allowed = ws.sheet.versions
	w.deadline = w.deadline.Add(time.Duration(others) * time.Second / requests)
	heap.Fix(&ws.queue, w.at)
	return others > 0
}

// tell writes down a wait that has lasted too long. What blocks it may go away: then it has its full time once more.
func (ws *waits) tell(late *wait) {
	about, whole := late.subject()
	namespace, uid := about.identity()
	f := verdict.Finding{
		What:   fmt.Sprintf("it has waited more than %v for %s", late.inv.Within.Limit, late.state.For),
		Object: about.Object(), Namespace: namespace,
	}
	if late.state.Blocked != "" {
		f.Because = late.state.Blocked
		ws.sheet.keep(&ws.sheet.blocked, late.inv, uid, f)
		late.deadline = ws.world.Clock.Add(late.inv.Within.Limit)
		heap.Fix(&ws.queue, late.at)
		return
	}
	heap.Remove(&ws.queue, late.at)
	switch {
	case late.inv.Memory && !whole:
		f.Because = "it was not recorded from its creation on"
	case ws.sheet.gaps > 0:
		f.Because = "part of the history is missing"
	}
	ws.sheet.find(late.inv, uid, f)
}

// notYet is the moment before which a wait does not count if something else has to happen first, for which there is another
// wait: this moment, whenever it is asked for.
func (w *World) notYet() time.Time { return w.Clock }

// soon is how far off a wait may begin to count for a recording to go on for it.
const soon = time.Minute

// open lists the waits that a recording should not end in. It asks about each once more, for not all that they depend on is
// a version of the object or of its pods.
func (ws *waits) open() []verdict.Finding {
	var open []verdict.Finding
	for _, w := range ws.queue {
		if !w.inv.Settles {
			continue
		}
		state := w.again()
		if state.For == "" || state.Blocked != "" || state.NotBefore.Equal(ws.world.notYet()) || state.NotBefore.After(ws.world.Clock.Add(soon)) {
			continue
		}
		about, _ := w.subject()
		namespace, _ := about.identity()
		open = append(open, verdict.Finding{
			Invariant: w.inv.ID, Says: w.inv.Says, Object: about.Object(), Namespace: namespace, What: "it waits for " + state.For, Seen: w.deadline,
		})
	}
	slices.SortFunc(open, func(a, b verdict.Finding) int {
		return cmp.Or(a.Seen.Compare(b.Seen), cmp.Compare(a.Invariant+a.Object, b.Invariant+b.Object))
	})
	return open
}

func (ws *waits) last() time.Time {
	open := ws.open()
	if len(open) == 0 {
		return time.Time{}
	}
	return open[len(open)-1].Seen
}

// queue is a heap of waits by deadline.
type queue []*wait

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].deadline.Before(q[j].deadline) }
func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].at, q[j].at = i, j
}

// Push is for package heap.
func (q *queue) Push(x any) {
	w := x.(*wait)
	w.at = len(*q)
	*q = append(*q, w)
}

// Pop is for package heap.
func (q *queue) Pop() any {
	last := len(*q) - 1
	w := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	w.at = -1
	return w
}
