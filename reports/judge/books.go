package judge

import (
	"slices"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// books are what the invariants of accounting know of one Job: how each of its pods stands with it.
//
// The controller accounts for a pod in this order (trackJobStatusAndRemoveFinalizers and flushUncountedAndRemoveFinalizers in
// pkg/controller/job/job_controller.go). It sees in its cache that a pod with the tracking finalizer has ended, and writes
// the uid into status.uncountedTerminatedPods, or the index into completedIndexes. Then it removes the finalizer. Then it
// takes the uid out of the list and adds it to a counter; other uids may enter the list with the same write. Each write of
// the status is made from the version of the Job before it, or it is refused, so nothing comes between two versions. What
// the controller knows of pods may be older than what is in etcd, and is never newer.
type books struct {
	job, pod uint64 // resource versions of the Job and of the pod that were taken in last

	accounts map[types.UID]*account
	// earned holds the completion indexes of pods that were seen Succeeded and that are not in completedIndexes yet.
	earned map[int]bool
	// lost are the pods that succeeded and cannot be counted any more.
	lost []loss

	// entered and left are what the Job's latest version changes in the lists.
	entered, left []posting
	// parting is how the latest version of a pod parts it from its finalizer.
	parting parting

	surplus
	departed
}

// account is how one pod stands. It has one from when it ends, is marked for deletion or is listed.
type account struct {
	column  column // where its uid stands now
	seen    uint64 // the resource version of the Job with which it was last found there
	counted bool   // it has left a list

	// What the pod was seen as while it had the finalizer: in phase Succeeded or Failed, marked for deletion before it had
	// succeeded, and that without grace though it was on a node.
	succeeded, failed, marked, forced bool
	// takenDown says that it lost the finalizer, running and uncounted, in order to be deleted.
	takenDown bool
	// byController says that the controller deleted it and left it the finalizer: see attribute.
	byController bool
	// adopted says that it was not created for the Job, or was given the finalizer again: it may be counted again.
	adopted bool
	// gone is the resource version with which it left the Job or was removed.
	gone uint64
}

// column is one of the lists in status.uncountedTerminatedPods.
type column string

const (
	noColumn        column = ""
	succeededColumn column = "succeeded"
	failedColumn    column = "failed"
)

// posting is a uid that enters or leaves a list.
type posting struct {
	uid    types.UID
	column column
	// before is the list in which it stood in the version before; counted says that it had left one earlier, known that
	// there is or was such a pod.
	before         column
	counted, known bool
}

// loss is a pod that succeeded and lost its finalizer before it was counted.
type loss struct {
	uid   types.UID
	name  string
	index int
}

// parting is how a pod lost its finalizer.
type parting int

const (
	noParting    parting = iota
	afterNote            // after its uid or its index was written down
	forRemoval           // running, in order to be deleted by the controller
	excused              // in a way in which it need not be counted
	withoutANote         // though it has to be counted and was not written down
)

// books returns the Job's books as of its latest version. They must be asked for at each version.
func (j *Job) books() *books {
	b := remember[books](&j.memory, "accounting")
	if b.job == j.Now.RV {
		return b
	}
	b.job = j.Now.RV
	b.entered, b.left = b.entered[:0], b.left[:0]
	if b.accounts == nil {
		b.open(j)
	}
	wrote := b.pressed(j)
	b.post(j)
	if wrote {
		b.forget()
	}
	return b
}

// books returns those of the Job whose pod it is, if the pod's latest version may change something in them; otherwise nil.
// They must be asked for at each version.
func (p *Pod) books() *books {
	if p.Was != nil && p.Was.Owner != p.Now.Owner {
		if before := p.World.Job(p.Was.Owner); before != nil && before.Own() {
			before.books().leaves(p)
		}
	}
	j := p.Job
	if j == nil || j.Gone || !j.Own() || !p.stirred() {
		return nil
	}
	b := j.books()
	if b.pod != p.Now.RV {
		b.pod = p.Now.RV
		b.take(j, p)
	}
	return b
}

// stirred says whether anything that matters to the books is new in the pod's latest version.
func (p *Pod) stirred() bool {
	was, now := p.Was, p.Now
	return was == nil || p.Gone() || was.Phase != now.Phase || was.Tracked != now.Tracked || was.Owner != now.Owner ||
		was.Deleting.IsZero() != now.Deleting.IsZero() || was.Grace != now.Grace
}

// keepJobBooks and keepPodBooks are the hooks of invariants that need the books and have nothing to say themselves.
func keepJobBooks(j *Job) Answer {
	if j.Own() {
		j.books()
	}
	return Answer{}
}

func keepPodBooks(p *Pod) Answer {
	p.books()
	return Answer{}
}

// open begins the books. What is in the lists of a Job that is not new was not entered now.
func (b *books) open(j *Job) {
	b.accounts, b.earned = map[types.UID]*account{}, map[int]bool{}
	if !j.Created() {
		for _, list := range listsOf(j.Now) {
			for _, uid := range list.uids {
				b.account(uid).column = list.column
			}
		}
	}
	for _, p := range j.Pods {
		b.see(j, p)
	}
}

// uncountedList is a list of a version of a Job.
type uncountedList struct {
	column column
	uids   []types.UID
}

func listsOf(v *JobVersion) [2]uncountedList {
	done, broken := v.Uncounted()
	return [...]uncountedList{{succeededColumn, done}, {failedColumn, broken}}
}

func (b *books) account(uid types.UID) *account {
	a := b.accounts[uid]
	if a == nil {
		a = &account{}
		b.accounts[uid] = a
	}
	return a
}

// post compares the lists with those of the version before.
func (b *books) post(j *Job) {
	now := listsOf(j.Now)
	before := now
	switch {
	case j.Was != nil:
		before = listsOf(j.Was)
	case j.Created():
		before = [2]uncountedList{}
	}
	if slices.Equal(now[0].uids, before[0].uids) && slices.Equal(now[1].uids, before[1].uids) {
		return
	}
	for _, list := range now {
		for _, uid := range list.uids {
			b.enter(j, uid, list.column)
		}
	}
	for _, list := range before {
		for _, uid := range list.uids {
			if a := b.accounts[uid]; a != nil && a.column == list.column && a.seen != b.job {
				b.left = append(b.left, posting{uid: uid, column: list.column})
				a.column, a.counted = noColumn, !a.adopted
			}
		}
	}
}

// enter finds a uid in a list. One that stands in both is in that in which it is found first.
func (b *books) enter(j *Job, uid types.UID, in column) {
	a := b.accounts[uid]
	known := a != nil
	if !known {
		p := j.World.Pod(string(uid))
		known = p != nil && p.Job == j
		a = b.account(uid)
	}
	if a.seen == b.job {
		return
	}
	a.seen = b.job
	if a.column == in {
		return
	}
	b.entered = append(b.entered, posting{uid: uid, column: in, before: a.column, counted: a.counted, known: known})
	if a.column != noColumn {
		b.left = append(b.left, posting{uid: uid, column: a.column})
	}
	a.column = in
	b.lost = slices.DeleteFunc(b.lost, func(one loss) bool { return one.uid == uid })
}

// take takes in a version of one of the Job's pods.
func (b *books) take(j *Job, p *Pod) {
	b.parting = noParting
	switch {
	case p.Was == nil && p.Created():
		b.created = p.Now.RV
		b.born(j, p)
	case p.Was == nil || p.Was.Owner != j.UID:
		a := b.account(types.UID(p.UID))
		a.adopted, a.gone = true, 0
		b.loose = true
	}
	if p.Was != nil && !p.Was.Tracked && p.Now.Tracked {
		if a := b.accounts[types.UID(p.UID)]; a != nil {
			*a = account{column: a.column, seen: a.seen, adopted: true}
		}
	}
	if !p.Gone() {
		b.see(j, p)
	}
	if p.Untracked() {
		b.parting = b.part(j, p)
	}
	if p.Gone() {
		b.leaves(p)
	}
}

// see notes what a pod that has the finalizer is now.
func (b *books) see(j *Job, p *Pod) {
	v := p.Now
	if !v.Tracked || !v.Finished() && v.Deleting.IsZero() {
		return
	}
	a := b.account(types.UID(p.UID))
	if v.Phase == corev1.PodSucceeded {
		if !a.succeeded && v.Index >= 0 && !j.Now.Completed.Has(v.Index) {
			b.earned[v.Index] = true
		}
		a.succeeded = true
		b.loose = b.loose || a.marked // it may have been replaced, and now it counts itself
		return
	}
	a.failed = a.failed || v.Phase == corev1.PodFailed
	if v.Deleting.IsZero() {
		return
	}
	a.marked = true
	a.forced = a.forced || !v.Finished() && v.Grace == 0 && v.Node != ""
}

// noted says whether a pod that was seen like this has been written down in the Job's status.
func (b *books) noted(j *Job, p *Pod, as *PodVersion) bool {
	a := b.accounts[types.UID(p.UID)]
	return a != nil && (a.column != noColumn || a.counted) ||
		j.Now.Indexed() && as.Phase == corev1.PodSucceeded && j.Now.Completed.Has(as.Index)
}

// part says how a pod has just lost its finalizer. The controller can only go by what the pod was before that.
func (b *books) part(j *Job, p *Pod) parting {
	was := p.Was
	switch {
	case b.noted(j, p, was):
		return afterNote
	case j.Now.Finished(), j.Now.Meta.DeletionTimestamp != nil, b.lingers(j, p), p.Now.Owner != was.Owner,
		j.Now.Indexed() && !j.counts(was.Index):
		return excused
	case b.removes() && was.Active():
		b.account(types.UID(p.UID)).takenDown = true
		return forRemoval
	case b.removes(), was.Active():
		return excused // it ended before the controller saw it; or somebody else removed the finalizer
	}
	a := b.account(types.UID(p.UID))
	switch {
	case a.forced, p.changedByHand(), !was.Finished() && j.Now.ReplacesFailedOnly() && !j.Now.Is(batchv1.JobFailureTarget),
		was.Phase != corev1.PodSucceeded && mayBeIgnored(j, p):
		return excused
	case was.Phase == corev1.PodSucceeded:
		b.lost = append(b.lost, loss{types.UID(p.UID), p.Name, was.Index})
	}
	return withoutANote
}

// lingers says whether a pod may be one that the controller sees neither succeed nor fail while the Job has met its success
// criteria: it is not counted. If all completions were reached there is none but those that are terminating and are not
// replaced as long as they are.
func (b *books) lingers(j *Job, p *Pod) bool {
	met := j.Now.Condition(batchv1.JobSuccessCriteriaMet)
	if met == nil || met.Status != corev1.ConditionTrue {
		return false
	}
	a := b.accounts[types.UID(p.UID)]
	return met.Reason != batchv1.JobReasonCompletionsReached || a != nil && a.marked && j.Now.ReplacesFailedOnly()
}

// counts says whether the controller counts pods of that index: only those of an Indexed Job's own.
func (j *Job) counts(index int) bool { return index >= 0 && index < j.Now.Completions() }
