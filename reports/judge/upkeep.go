package judge

import (
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// upkeep is what the liveness of a Job needs to know of its pods without looking at them all: what is owed to it, since when,
// and whether anything moves.
type upkeep struct {
	version uint64 // of the pod that was entered last
	pods    int    // how many of them are entered

	tracked   int // have the tracking finalizer
	succeeded int // of these, have succeeded
	exhausted int // of these, may make their completion index a failed one

	failures    int       // pods that failed, or were deleted before they ended, ever
	lastFailure time.Time // when such a pod was last seen to change while it had the finalizer
	begun       time.Time // when the Job was first seen
	worked      time.Time // when the Job was last seen to change, or one of its pods to come, to go or to lose the finalizer

	active, wanted int       // what was found last
	moved          time.Time // when one of these two last changed
	lately         string    // what happened to the Job since it last had all its pods; later things replace earlier ones
	lacking        string    // the same at the moment from which on it lacked pods; empty while it lacks none

	succeededFirst, failedFirst first // of its uncounted pods

	refused, undeleted refusal // a pod, and the deletion of one

	ending *Pod // one of its pods that are terminating
}

// What can happen to a Job that makes it lack pods.
const (
	sinceStart   = "it began"
	sinceFailure = "a pod failed or was deleted"
	sinceScaled  = "parallelism or completions changed"
	sinceResumed = "it was resumed"
)

// upkeep returns the upkeep of a Job. It counts afresh if pods came to it, or were lost, other than by a version of their own.
func (j *Job) upkeep() *upkeep {
	l := remember[upkeep](&j.memory, "upkeep")
	if l.begun.IsZero() {
		l.begun, l.worked, l.moved, l.lately = j.World.Clock, j.World.Clock, j.World.Clock, sinceStart
		l.lastFailure = j.World.Clock
	}
	if l.pods != len(j.Pods) {
		l.pods, l.tracked, l.succeeded, l.exhausted = 0, 0, 0, 0
		for _, p := range j.Pods {
			l.enter(j, p.Now, 1)
		}
	}
	return l
}

// enter adds a version of a pod to the upkeep, or takes it away.
func (l *upkeep) enter(j *Job, v *PodVersion, n int) {
	l.pods += n
	if !v.Tracked {
		return
	}
	l.tracked += n
	switch {
	case v.Phase == corev1.PodSucceeded:
		l.succeeded += n
	case v.Phase == corev1.PodFailed || !v.Deleting.IsZero():
		if exhausts(j.Now.Spec, v) {
			l.exhausted += n
		}
	}
}

// exhausts says whether a pod that failed may be the last that its completion index is given. Whether a podFailurePolicy
// makes it so is left open.
func exhausts(spec *batchv1.JobSpec, v *PodVersion) bool {
	if spec.BackoffLimitPerIndex == nil {
		return false
	}
	before, err := parseIndex(v.Annotations[batchv1.JobIndexFailureCountAnnotation])
	return err != nil || before >= int(*spec.BackoffLimitPerIndex) || spec.PodFailurePolicy != nil
}

// notePod keeps the upkeeps right. It is the hook of the invariants that need them, and may be called several times with a
// version of a pod.
func notePod(p *Pod) Answer {
	was, now := p.Was, p.Now
	if was != nil && was.Owner != now.Owner {
		if before := p.World.Job(was.Owner); before != nil {
			before.upkeep() // it no longer has the pod, so it counts afresh
		}
	}
	if p.Job == nil {
		return Answer{}
	}
	l := remember[upkeep](&p.Job.memory, "upkeep")
	if l.version == now.RV {
		return Answer{}
	}
	l.version = now.RV
	if was != nil && was.Owner == now.Owner {
		l.enter(p.Job, was, -1)
	} else {
		was = nil
	}
	if !p.Gone() { // of one that is gone the model forgets after the hooks
		l.enter(p.Job, now, 1)
	}
	l.see(p, was)
	return Answer{}
}

// see notes what happened to a pod. was is nil if it was not the Job's before.
func (l *upkeep) see(p *Pod, was *PodVersion) {
	clock := p.World.Clock
	if was == nil || p.Untracked() || p.JustMarked() || p.Gone() {
		l.worked = clock
	}
	if p.Now.Tracked && unsuccessful(p.Now) {
		l.lastFailure = clock
	}
	if was == nil || was.Finished() || p.Now.Phase == corev1.PodSucceeded {
		return
	}
	if !unsuccessful(was) && unsuccessful(p.Now) && (p.Now.Tracked || p.Gone()) {
		l.failures++
	}
	if p.Now.Finished() || !p.Now.Deleting.IsZero() || p.Gone() {
		l.lately = sinceFailure
	}
}

// unsuccessful says whether the Job controller may take a pod for failed: it is, or it was deleted before it succeeded.
func unsuccessful(v *PodVersion) bool {
	return v.Phase == corev1.PodFailed || !v.Deleting.IsZero() && v.Phase != corev1.PodSucceeded
}

// noteJob enters a version of a Job. It is the hook of the invariants that need the upkeep.
func noteJob(j *Job) Answer {
	l := j.upkeep()
	l.worked = j.World.Clock
	if j.Was == nil || j.Was.Spec == j.Now.Spec {
		return Answer{}
	}
	switch {
	case j.Was.Suspended() && !j.Now.Suspended():
		l.lately = sinceResumed
	case j.Was.Parallelism() != j.Now.Parallelism() || j.Was.Completions() != j.Now.Completions():
		l.lately = sinceScaled
	}
	return Answer{}
}

// noteRefusal enters why the API server refused the Job controller something. It is the hook of the invariants that a
// quota or a webhook can block.
func noteRefusal(e *Event) Answer {
	if e.Job == nil || e.Normal {
		return Answer{}
	}
	switch e.Reason {
	case "FailedCreate": // pkg/controller/controller_utils.go, FailedCreatePodReason
		e.Job.upkeep().refused = refusal{e.Message, e.Seen}
	case "FailedDelete": // FailedDeletePodReason
		e.Job.upkeep().undeleted = refusal{e.Message, e.Seen}
	}
	return Answer{}
}

// backlog says whether so many pods have the finalizer that it takes the controller a while to make the requests for all.
func (l *upkeep) backlog() bool { return l.tracked > manyRequests }

// hindered says what keeps one of the Job's terminating pods from ending, and before which moment none of that can be
// expected. It says nothing if no pod is terminating.
func (j *Job) hindered() (blocked string, notBefore time.Time) {
	if j.Terminating == 0 {
		return "", time.Time{}
	}
	l := j.upkeep()
	if l.ending == nil || !l.ending.Now.Terminating() || l.ending.Job != j {
		l.ending = nil
		for _, p := range j.Pods {
			if p.Now.Terminating() {
				l.ending = p
				break
			}
		}
	}
	if l.ending == nil {
		return "", time.Time{}
	}
	return l.ending.terminating()
}

// terminating says what keeps a pod that is marked for deletion from ending: its node, if that is lost. If not it is up to
// its containers and its kubelet, which the Job controller waits for too.
func (p *Pod) terminating() (blocked string, notBefore time.Time) {
	if blocked, _ = p.Hindered(); blocked != "" {
		return p.Object() + " is terminating, and " + blocked, time.Time{}
	}
	return p.Object() + " is terminating", p.local(p.Now.Deleting)
}

// local turns a time of the cluster's clock into one of the recorder's. How far they are apart is taken from the moment at
// which the pod was first seen, to the second, as its creationTimestamp is.
func (p *Pod) local(at time.Time) time.Time {
	if !p.FromBirth || p.Now.Created.IsZero() || at.IsZero() {
		return at
	}
	return at.Add(p.Birth.Sub(p.Now.Created).Truncate(time.Second))
}

// local is the same with the moment at which the Job was first seen.
func (j *Job) local(at time.Time) time.Time {
	created := j.Now.Meta.CreationTimestamp.Time
	if !j.FromBirth || created.IsZero() || at.IsZero() {
		return at
	}
	return at.Add(j.upkeep().begun.Sub(created).Truncate(time.Second))
}
