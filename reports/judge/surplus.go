package judge

import (
	"slices"

	batchv1 "k8s.io/api/batch/v1"
)

// surplus is whether the controller may find that a Job has more active pods than it should. Then it removes the finalizer
// from those that are too many, uncounted, and deletes them (manageJob and deleteJobPods in
// pkg/controller/job/job_controller.go). Its cache may be behind: such a pod may have ended, or been marked for deletion by
// somebody else, in the meantime.
//
// It does so because the Job is suspended, because the spec asks for less than it did, because an index has two pods, or
// because a pod that was replaced when it was marked for deletion has succeeded after all. Without any of these there is
// none: the controller creates no pod beyond what it wants, and a pod that ends makes room for one.
type surplus struct {
	// unsettled says that the controller has not written a status since the spec changed, or that by the latest one there
	// are too many pods; shrunk, that it has not since parallelism was lowered.
	unsettled, shrunk bool
	// loose says that something happened after which there may be one pod too many at any time.
	loose bool
}

// removes says whether the controller may be removing pods.
func (s *surplus) removes() bool { return s.unsettled || s.loose }

// pressed takes in the Job's latest version and says whether the controller wrote its status with it.
func (b *books) pressed(j *Job) (wrote bool) {
	was, now := j.Was, j.Now
	over := now.overfull()
	switch {
	case was == nil:
		b.unsettled = over || !j.Created()
		return false
	case was.Spec != now.Spec:
		b.unsettled = true
		b.shrunk = b.shrunk || now.Parallelism() < was.Parallelism()
		return false
	case !b.unsettled && !over && len(b.pods) == 0 || !wroteStatus(was, now):
		return false
	}
	if b.shrunk || now.Suspended() && now.Is(batchv1.JobSuspended) {
		b.attribute(j)
	}
	b.unsettled, b.shrunk = over, false
	return true
}

// overfull says whether the status has more active pods than the spec has room for.
func (v *JobVersion) overfull() bool {
	active, wanted := int(v.Status.Active), v.Completions()
	switch {
	case active == 0:
		return false
	case v.Suspended() || active > v.Parallelism():
		return true
	case wanted < 0:
		return false
	}
	done, _ := v.Uncounted()
	return active+int(v.Status.Succeeded)+len(done) > wanted
}

// born looks whether a pod that was just created for the Job is one too many.
func (s *surplus) born(j *Job, p *Pod) {
	now := j.Now
	switch {
	case s.loose:
	case j.Active > now.Parallelism():
		s.loose = true
	case now.Indexed():
		s.loose = !j.counts(p.Now.Index) || j.ActiveAt[p.Now.Index] > 1 || now.Completed.Has(p.Now.Index)
	case now.Completions() >= 0:
		done, _ := now.Uncounted()
		s.loose = j.Active+int(now.Status.Succeeded)+len(done) > now.Completions()
	}
}

// attribute finds the pods that the controller has deleted without taking their finalizer.
//
// Who deleted a pod cannot be seen. But if the status has as many active pods as there are, then they are the same pods: no
// pod is active that the controller does not take for active. So it did not take a pod for active that is marked for
// deletion, either because it had seen the mark, and then it writes the uid down with this status at the latest, or
// because it made it.
func (b *books) attribute(j *Job) {
	now := j.Now
	done, lost := now.Uncounted()
	if int(now.Status.Active) != j.Active || now.ReplacesFailedOnly() || now.Spec.BackoffLimitPerIndex != nil ||
		now.Ending() || now.Meta.DeletionTimestamp != nil || len(done)+len(lost) >= maxUncounted {
		return
	}
	for uid, a := range b.accounts {
		if !a.marked || a.counted || a.adopted || a.gone != 0 || slices.Contains(lost, uid) {
			continue
		}
		p := j.Pods[string(uid)]
		if p != nil && p.Now.Tracked && p.Now.Terminating() && (!now.Indexed() || j.counts(p.Now.Index)) {
			a.byController = true
		}
	}
}
