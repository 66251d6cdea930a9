package judge

import (
	"strconv"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// indexTally is what a pod says of the failures of its index before it: those that count towards backoffLimitPerIndex, and
// those that the podFailurePolicy ignores.
type indexTally struct{ index, counted, ignored int }

// tally reads it, and says whether it is there.
func (p *PodVersion) tally() (t indexTally, ok bool) {
	counted, err := strconv.Atoi(p.Annotations[batchv1.JobIndexFailureCountAnnotation])
	if err != nil || counted < 0 {
		return indexTally{}, false
	}
	ignored, err := strconv.Atoi(p.Annotations[batchv1.JobIndexIgnoredFailureCountAnnotation])
	if err != nil || ignored < 0 {
		ignored = 0
	}
	return indexTally{p.Index, counted, ignored}, true
}

// indexFailures are the pods of a Job with backoffLimitPerIndex that failed or were to be deleted, by their tallies: the
// earliest that one of them finished. What is known of them outlives the pods: an index has few, and the controller's cache
// may still hold one that is gone.
func (j *Job) indexFailures() map[indexTally]time.Time {
	known := remember[map[indexTally]time.Time](&j.memory, "index failures")
	if *known == nil {
		*known = map[indexTally]time.Time{}
	}
	return *known
}

// noteIndexFailure notes a pod that the controller can take for failed. More than once for a version does no harm.
func noteIndexFailure(j *Job, p *Pod) {
	if p.Now.Phase != corev1.PodFailed && p.Now.Deleting.IsZero() {
		return
	}
	if t, ok := p.Now.tally(); ok {
		known := j.indexFailures()
		known[t] = earlier(known[t], finishedAtEarliest(p.Now))
	}
}

// replaced is the earliest that a pod had finished which a pod with that tally can replace, and whether there is one.
func (j *Job) replaced(t indexTally) (finished time.Time, known bool) {
	failures := j.indexFailures()
	for _, before := range [...]indexTally{{t.index, t.counted - 1, t.ignored}, {t.index, t.counted, t.ignored - 1}} {
		if at, has := failures[before]; has {
			finished, known = earlier(finished, at), true
		}
	}
	return finished, known
}

func pausesAtIndex(j *Job, p *Pod) Answer {
	noteIndexFailure(j, p)
	if !p.Created() {
		return Answer{}
	}
	t, _ := p.Now.tally()
	finished, known := j.replaced(t)
	if !known {
		return Answer{}
	}
	failures := t.counted + t.ignored
	return j.doubted(notBefore(p, finished.Add(pauseAfter(failures)), failures))
}

func carriesItsFailures(p *Pod) Answer {
	j := p.Job
	if j == nil || !j.Own() || j.Now.Spec.BackoffLimitPerIndex == nil || p.Now.Index < 0 {
		return Answer{}
	}
	noteIndexFailure(j, p)
	if !p.Created() {
		return Answer{}
	}
	t, ok := p.Now.tally()
	if !ok {
		return Broken("it was born without the number of failures of index %d", p.Now.Index)
	}
	if limit := int(*j.Now.Spec.BackoffLimitPerIndex); t.counted > limit {
		return Broken("it was born after %d failures of index %d, more than backoffLimitPerIndex %d", t.counted, t.index, limit)
	}
	if t.counted+t.ignored == 0 {
		return Held
	}
	if _, known := j.replaced(t); !known {
		return Broken("it was born after %d failures of index %d, and no pod had failed that was born after one fewer",
			t.counted+t.ignored, t.index)
	}
	return Held
}
