package judge

import (
	"maps"
	"slices"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// Job is all that the judge knows of one Job at a moment.
type Job struct {
	World                *World
	Namespace, Name, UID string

	// Now is its latest version and Was the one before it, nil if there was none.
	Now, Was *JobVersion
	// FromBirth says that it was seen from its creation on, without a gap.
	FromBirth bool
	// Gone says that it has been removed.
	Gone bool

	// Pods are those that exist and whose controller it is, by uid.
	Pods map[string]*Pod
	// Active and Terminating count those of them that are so.
	Active, Terminating int
	// ActiveAt and OpenAt count, by completion index, those that are active, and those that are active or terminating.
	ActiveAt, OpenAt map[int]int

	// Deletes are the requests to delete it that the audit log has and the API server did not refuse, oldest first.
	Deletes []history.Write
	// Changed is the last request of the audit log that changed the Job itself, not its status, and was not refused.
	Changed history.Write

	// First says at which resource version each condition was first seen True.
	First map[batchv1.JobConditionType]uint64

	memory
}

// Own says whether the built-in Job controller manages it.
func (j *Job) Own() bool {
	by := j.Now.Spec.ManagedBy
	return by == nil || *by == batchv1.JobControllerName
}

// Turned says whether a condition is True in this version and was not in the one before.
func (j *Job) Turned(t batchv1.JobConditionType) bool {
	return j.Now.Is(t) && (j.Was == nil || !j.Was.Is(t))
}

// Created says whether this version is the one with which it came into being.
func (j *Job) Created() bool { return j.Now.Type == history.Added }

// Object is how a finding names it.
func (j *Job) Object() string { return history.Jobs.Name + "/" + j.Name }

func (j *Job) identity() (namespace, uid string) { return j.Namespace, j.UID }

// EachPod returns its pods by name.
func (j *Job) EachPod() []*Pod {
	return slices.SortedFunc(maps.Values(j.Pods), func(a, b *Pod) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
}

// take makes the pod one of the Job's; drop ends that; recount says that a pod of its has another version.
func (j *Job) take(p *Pod) {
	j.Pods[p.UID] = p
	j.add(p.Now, 1)
}

func (j *Job) drop(p *Pod, last *PodVersion) {
	delete(j.Pods, p.UID)
	j.add(last, -1)
}

func (j *Job) recount(was, now *PodVersion) {
	if was.Active() == now.Active() && was.Terminating() == now.Terminating() && was.Index == now.Index {
		return
	}
	j.add(was, -1)
	j.add(now, 1)
}

func (j *Job) add(p *PodVersion, n int) {
	switch {
	case p.Active():
		j.Active += n
		count(j.ActiveAt, p.Index, n)
		count(j.OpenAt, p.Index, n)
	case p.Terminating():
		j.Terminating += n
		count(j.OpenAt, p.Index, n)
	}
}

// count changes a counter and forgets it at 0, so that what is remembered does not outgrow what exists.
func count(counters map[int]int, index, n int) {
	if index < 0 {
		return
	}
	if counters[index] += n; counters[index] == 0 {
		delete(counters, index)
	}
}
