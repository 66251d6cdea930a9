package judge

import (
	"time"

	corev1 "k8s.io/api/core/v1"
)

// clockSkew is how far the clocks of the API server and of the controller manager may be apart, which are often one. Nothing
// else needs leeway: the controller reckons with the whole seconds that stand in the pod.
const clockSkew = time.Second

// sameSync is within how much time of the recorder's the finalizers go of the pods that a status lists as failed, if it is
// the sync that listed them that takes them off. Had the answer to its status been lost, it would have given up, and the
// next one would have come a second later at the earliest (DefaultJobApiBackOff).
const sameSync = 500 * time.Millisecond

// failureRow is what the controller certainly remembers of the failures of a Job: at least so many in a row, the last of
// which had finished at that time or later. It keeps this in memory, not in the status.
type failureRow struct {
	failures int
	last     time.Time
	listed   uint64 // the resource version of the Job that listed the last of them as failed

	// others is the earliest that a pod may have finished which the controller may have counted after those; zero if none.
	others time.Time
	// open are the pods that it counts now or next, by uid.
	open map[string]*openFailure
	// successes are the pods that have succeeded and have their finalizer. While there are any, each sync may begin a new
	// row; begun counts them all.
	successes map[string]bool
	begun     int
}

// openFailure is a pod that has failed, or is to be deleted, and still has its finalizer.
type openFailure struct {
	finished time.Time // at the earliest
	begun    int       // that of the row when it failed, or -1 if there were successes then
	listed   uint64    // the resource version of the Job that first listed it as failed, 0 if none has yet
	seen     time.Time // when that was seen
}

func (j *Job) failureRow() *failureRow {
	r := remember[failureRow](&j.memory, "P20")
	if r.open == nil {
		r.open, r.successes = map[string]*openFailure{}, map[string]bool{}
	}
	return r
}

// noteListedFailures notes which failures the status lists.
func noteListedFailures(j *Job) Answer {
	_, failed := j.Now.Uncounted()
	if len(failed) == 0 {
		return Answer{}
	}
	r := j.failureRow()
	for _, uid := range failed {
		if f := r.open[string(uid)]; f != nil && f.listed == 0 {
			f.listed, f.seen = j.Now.RV, j.Now.Seen
		}
	}
	return Answer{}
}

func pausesAfterFailures(p *Pod) Answer {
	moved := p.Was != nil && p.Was.Owner != p.Now.Owner
	if moved {
		if before := p.World.Job(p.Was.Owner); before != nil {
			before.failureRow().drop(p)
		}
	}
	j := p.Job
	if j == nil || !j.Own() || p.Now.Active() && !p.Created() {
		return Answer{}
	}
	if j.Now.Spec.BackoffLimitPerIndex != nil {
		return pausesAtIndex(j, p)
	}
	r := j.failureRow()
	switch {
	case p.Created():
		return j.doubted(r.before(p))
	case p.Gone() || !p.Now.Tracked:
		r.count(p)
	case p.Now.Phase == corev1.PodSucceeded:
		r.succeed(p)
	default:
		r.fail(p)
	}
	return Answer{}
}

// before says whether the pod was created before the failures allow it.
func (r *failureRow) before(p *Pod) Answer {
	if r.failures == 0 {
		return Answer{}
	}
	due := r.last.Add(pauseAfter(r.failures))
	if !r.others.IsZero() {
		if other := r.others.Add(pauseAfter(r.failures + 1)); other.Before(due) {
			due = other
		}
	}
	return notBefore(p, due, r.failures)
}

func notBefore(p *Pod, due time.Time, failures int) Answer {
	return Never(p.Now.Created.Before(due.Add(-clockSkew)), func() string {
		return Broken("it was created at %s, and after %d failures in a row none may be before %s",
			p.Now.Created.Format(time.TimeOnly), failures, due.Format(time.TimeOnly)).broken
	})
}

// pauseAfter is how long the controller waits after the last of n failures in a row.
func pauseAfter(n int) time.Duration {
	pause := firstBackOff
	for ; n > 1 && pause < lastBackOff; n-- {
		pause *= 2
	}
	return min(pause, lastBackOff)
}

// fail notes a pod that the controller can take for failed, and the earliest time that it can take for its end: in which
// version it looks at the pod is not known.
func (r *failureRow) fail(p *Pod) {
	finished := finishedAtEarliest(p.Now)
	f := r.open[p.UID]
	if f == nil {
		f = &openFailure{finished: finished, begun: r.begun}
		if len(r.successes) > 0 {
			f.begun = -1
		}
		r.open[p.UID] = f
	}
	if f.listed > 0 {
		return
	}
	f.finished = earlier(f.finished, finished)
	r.others = earlier(r.others, f.finished)
}

// succeed begins a new row.
func (r *failureRow) succeed(p *Pod) {
	delete(r.open, p.UID)
	if r.successes[p.UID] {
		return
	}
	r.successes[p.UID] = true
	r.begun++
	r.failures = 0
}

// drop forgets a pod that the controller counts no more.
func (r *failureRow) drop(p *Pod) {
	delete(r.open, p.UID)
	delete(r.successes, p.UID)
}

// count adds a pod to the row whose finalizer is gone, if it is certain that the controller remembers it: if it was listed
// as failed, no success can have begun a new row since it failed, and the sync that listed it has gone on.
func (r *failureRow) count(p *Pod) {
	f := r.open[p.UID]
	r.drop(p)
	if f == nil || f.listed == 0 || f.begun != r.begun || p.Now.Seen.Sub(f.seen) > sameSync {
		return
	}
	r.failures++
	switch {
	case f.listed == r.listed:
		r.last = later(r.last, f.finished)
	case f.listed > r.listed:
		r.last, r.listed, r.others = f.finished, f.listed, time.Time{}
		for _, open := range r.open {
			if open.listed == 0 {
				r.others = earlier(r.others, open.finished)
			}
		}
	}
}

// finishedAtEarliest is the earliest time that the controller can take for the end of a pod: when its last container ended;
// if none has, since when it is unready, else when it was deleted; and otherwise when it was created. If only some have
// ended, or of some nobody knows when, it may be any of these.
func finishedAtEarliest(v *PodVersion) time.Time {
	ended := len(v.ExitCodes) > 0
	switch {
	case ended && !v.Ended.IsZero():
		return v.Ended
	case ended || !v.Ended.IsZero():
		return v.Created
	case !v.NotReady.IsZero():
		return v.NotReady
	case !v.Deleting.IsZero():
		return v.Deleting.Add(-v.Grace)
	default:
		return v.Created
	}
}

// earlier is the earlier of two times; a zero time is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}
