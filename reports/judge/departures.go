package judge

import (
	"slices"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// The users that the controllers which remove Jobs are to the API server where each has a service account of its own
// (NewClient in cmd/kube-controller-manager/app/core.go).
const (
	ttlController    = "system:serviceaccount:kube-system:ttl-after-finished-controller"
	garbageCollector = "system:serviceaccount:kube-system:generic-garbage-collector"
)

// collectorLag is the age at which the garbage collector knows a pod while the API server works: an estimate, far above what
// a watch takes, since a pod that is created while its Job is deleted is younger.
const collectorLag = 5 * time.Second

func goesInTime(j *Job) Answer {
	due := j.ttlDue()
	marked := j.Now.Meta.DeletionTimestamp != nil && (j.Was == nil || j.Was.Meta.DeletionTimestamp == nil)
	if marked || j.Gone && (j.Was == nil || j.Was.Meta.DeletionTimestamp == nil) {
		if a := j.deletedInTime(due); a.broken != "" || !j.Gone {
			return a
		}
	}
	if !j.wentWith(metav1.FinalizerDeleteDependents) {
		return Answer{}
	}
	return j.leaves("blocks its deletion", func(p *Pod) bool {
		return p.Now.BlockOwnerDeletion && (!p.Now.Deleting.IsZero() || p.old())
	})
}

// wentWith says whether the Job is gone now and its last version before had that finalizer.
func (j *Job) wentWith(finalizer string) bool {
	return j.Gone && j.Was != nil && slices.Contains(j.Was.Meta.Finalizers, finalizer)
}

// ttlDue is the earliest moment at which one of the versions of the Job so far let the TTL controller delete it, zero if
// none does. It must be asked for at each version.
func (j *Job) ttlDue() time.Time {
	ttl := j.Now.Spec.TTLSecondsAfterFinished
	if ttl == nil {
		return *remember[time.Time](&j.memory, "P26")
	}
	due := remember[time.Time](&j.memory, "P26")
	for _, c := range j.Now.Status.Conditions {
		if (c.Type == batchv1.JobComplete || c.Type == batchv1.JobFailed) && c.Status == corev1.ConditionTrue {
			*due = earlier(*due, c.LastTransitionTime.Add(time.Duration(*ttl)*time.Second))
			break
		}
	}
	return *due
}

// deletedInTime says whether the TTL controller deleted the Job before it was due.
func (j *Job) deletedInTime(due time.Time) (a Answer) {
	for _, w := range j.Deletes {
		switch {
		case w.User != ttlController:
		case due.IsZero():
			return Broken("the TTL controller deleted it, and it had not finished or had no ttlSecondsAfterFinished")
		case w.At.Before(due.Add(-clockSkew)):
			return Broken("the TTL controller deleted it at %s, which it may not before %s",
				w.At.UTC().Format(time.TimeOnly), due.UTC().Format(time.TimeOnly))
		default:
			a = Held
		}
	}
	return a
}

// leaves names a pod that should not be left now that the Job is gone.
func (j *Job) leaves(what string, wrongly func(*Pod) bool) Answer {
	for _, p := range j.EachPod() {
		if !wrongly(p) {
			continue
		}
		a := Broken("it is gone, and %s, which %s, is still there", p.Name, what)
		switch {
		case !j.World.Header.Audited:
			a.unsure = "without an audit log it is not known who let it go"
		case j.Changed.User != garbageCollector || j.Changed.Verb != "patch":
			return Answer{} // somebody else let it go
		}
		return a
	}
	return Held
}

// old says of a pod that the garbage collector must have known of it.
func (p *Pod) old() bool { return p.World.Clock.Sub(p.Birth) > collectorLag }

func leavesOrphans(j *Job) Answer {
	if !j.wentWith(metav1.FinalizerOrphanDependents) {
		return Answer{}
	}
	return j.leaves("still refers to it", (*Pod).old)
}

func staysAnOrphan(p *Pod) Answer {
	if p.Was != nil && p.Was.Owner != "" && p.Now.Owner == "" {
		if j := p.World.Job(p.Was.Owner); j != nil && j.orphans() {
			*remember[bool](&p.memory, "orphaned") = true
		}
		return Answer{}
	}
	if !p.askedToGo() || !p.deletedOnlyBy(garbageCollector) {
		return Answer{}
	}
	switch {
	case p.Job != nil && !p.Job.Gone && p.Job.orphans():
		return Broken("the garbage collector deletes it, and its Job is to leave it as an orphan")
	case *remember[bool](&p.memory, "orphaned") && (p.Now.ownersRaw == "" || p.Now.ownersRaw == "[]"):
		return Broken("the garbage collector deletes it, and its Job has left it as an orphan")
	}
	return Answer{}
}

// orphans says whether the Job is being deleted and is to leave its pods.
func (j *Job) orphans() bool {
	return j.Now.Meta.DeletionTimestamp != nil && slices.Contains(j.Now.Meta.Finalizers, metav1.FinalizerOrphanDependents)
}

// askedToGo says whether its deletion was asked for with this version: it is marked for it now, or removed without having
// been.
func (p *Pod) askedToGo() bool {
	return p.JustMarked() || p.Gone() && (p.Was == nil || p.Was.Deleting.IsZero())
}

// deletedOnlyBy says whether the audit log has requests to delete the pod, and all of them from that user.
func (p *Pod) deletedOnlyBy(user string) bool {
	for _, w := range p.Deletes {
		if w.User != user {
			return false
		}
	}
	return len(p.Deletes) > 0
}
