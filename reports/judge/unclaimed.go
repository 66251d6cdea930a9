package judge

import corev1 "k8s.io/api/core/v1"

// unclaimed are the pods of a Job that have succeeded and still have the tracking finalizer: the Job controller takes them
// for active or for succeeded, whatever its cache shows, and in both cases creates no other in their place.
//
// A pod that was marked for deletion before it succeeded is not among them: in the cache it may still be one that is
// terminating, which is replaced.
type unclaimed struct {
	pods map[string]int // their completion indexes by uid
	at   map[int]int    // how many there are by completion index
}

func (j *Job) unclaimed() *unclaimed {
	u := remember[unclaimed](&j.memory, "unclaimed")
	if u.pods == nil {
		u.pods, u.at = map[string]int{}, map[int]int{}
	}
	return u
}

// noteUnclaimed keeps the account of a pod's Job. It must be called with every version of every pod; twice does no harm.
func noteUnclaimed(p *Pod) {
	if p.Now.Phase != corev1.PodSucceeded {
		return
	}
	if p.Was != nil && p.Was.Owner != p.Now.Owner {
		if before := p.World.Job(p.Was.Owner); before != nil {
			before.unclaimed().drop(p.UID)
		}
	}
	if p.Job == nil {
		return
	}
	switch u := p.Job.unclaimed(); {
	case !p.Now.Tracked || p.Gone():
		u.drop(p.UID)
	case p.JustFinished() && p.Was != nil && p.Was.Deleting.IsZero() && p.Was.Owner == p.Now.Owner:
		u.add(p.UID, p.Now.Index)
	}
}

func (u *unclaimed) add(uid string, index int) {
	if _, has := u.pods[uid]; !has {
		u.pods[uid] = index
		count(u.at, index, 1)
	}
}

func (u *unclaimed) drop(uid string) {
	if index, has := u.pods[uid]; has {
		delete(u.pods, uid)
		count(u.at, index, -1)
	}
}

// succeeded counts the successes of a NonIndexed Job that its controller knows of, or takes for active pods: those that its
// status has, and those that it has not yet.
func (j *Job) succeeded() int {
	u := j.unclaimed()
	uncounted, _ := j.Now.Uncounted()
	n := int(j.Now.Status.Succeeded) + len(uncounted) + len(u.pods)
	if len(u.pods) == 0 {
		return n
	}
	for _, uid := range uncounted {
		if _, both := u.pods[string(uid)]; both {
			n--
		}
	}
	return n
}
