package expect

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// deleted returns when a Job was marked for deletion; its At is the deletionTimestamp. A Job that went at once was never
// seen marked.
func deleted(job *history.Job) history.Step {
	for _, version := range job.Versions() {
		if at := version.Job().DeletionTimestamp; at != nil && version.Type != history.Deleted {
			return history.Step{RV: version.RV, Seen: version.Seen, At: at.Time, Index: index(job, version)}
		}
	}
	return history.Step{}
}

// index is the place of a version in its history.
func index(job *history.Job, of history.Version) int {
	for i, version := range job.History().Versions() {
		if version.RV == of.RV && version.UID == of.UID {
			return i
		}
	}
	return -1
}

// DeletedAfterFinishing expects the Job to have been marked for deletion no sooner than ttl after it had finished, and
// sooner than late after that.
func DeletedAfterFinishing(ttl, late time.Duration) types.GomegaMatcher {
	says := fmt.Sprintf("have been deleted %v after it had finished, and less than %v later", ttl, late)
	return past(says, func(job *history.Job) error {
		var finished history.Transition
		for _, condition := range []batchv1.JobConditionType{batchv1.JobComplete, batchv1.JobFailed} {
			if became, ever := job.Condition(condition); ever {
				finished = became
			}
		}
		marked := deleted(job)
		switch kept := marked.At.Sub(finished.LastTransition); {
		case !finished.Step.Happened():
			return errors.New("it never finished")
		case !marked.Happened():
			return fmt.Errorf("it was %s %s and never marked for deletion", finished.Type, at(job, finished.Step))
		case kept < ttl || kept >= ttl+late:
			return fmt.Errorf("it was marked for deletion %s, %v after it was %s", at(job, marked), kept, finished.Type)
		}
		return nil
	})
}

// WentAfterItsPods expects the Job to have been marked for deletion, then each of its pods, and the Job to have gone when
// all of them were gone. There must be one.
func WentAfterItsPods() types.GomegaMatcher {
	return past("have gone after its pods", func(job *history.Job) error {
		marked := deleted(job)
		if !marked.Happened() || !job.Gone().Happened() {
			return fmt.Errorf("it was marked for deletion %s and gone %s", at(job, marked), at(job, job.Gone()))
		}
		return eachPod(job, func(pod history.PodLife) error {
			if !marked.Before(pod.DeletionMarked) || !pod.Gone.Before(job.Gone()) || !pod.Gone.Happened() {
				return fmt.Errorf("it was marked for deletion %s and gone %s; %s was marked %s and gone %s", at(job, marked),
					at(job, job.Gone()), pod.Name, at(job, pod.DeletionMarked), at(job, pod.Gone))
			}
			return nil
		})
	})
}

// WentBeforeItsPods expects the Job to have gone first, and each of its pods to have been deleted after that. There must
// be one.
func WentBeforeItsPods() types.GomegaMatcher {
	return past("have gone before its pods", func(job *history.Job) error {
		if !job.Gone().Happened() {
			return errors.New("it is not gone")
		}
		return eachPod(job, func(pod history.PodLife) error {
			// A pod that had ended may go without having been seen marked.
			went := pod.DeletionMarked
			if !went.Happened() {
				went = pod.Gone
			}
			if !job.Gone().Before(went) || !pod.Gone.Happened() {
				return fmt.Errorf("it was gone %s; %s was marked for deletion %s and gone %s", at(job, job.Gone()),
					pod.Name, at(job, pod.DeletionMarked), at(job, pod.Gone))
			}
			return nil
		})
	})
}

// HadPods expects the Job to have had pods in these phases, in any order, when it was marked for deletion or went without
// a mark.
func HadPods(phases ...corev1.PodPhase) types.GomegaMatcher {
	return past(fmt.Sprintf("have had pods that were %v when it was deleted", phases), func(job *history.Job) error {
		when := deleted(job)
		if !when.Happened() {
			when = job.Gone()
		}
		if !when.Happened() {
			return errors.New("it was not deleted")
		}
		had := map[corev1.PodPhase]int{}
		for _, pod := range job.Pods() {
			if pod.Gone.Before(when) {
				continue
			}
			phase := corev1.PodPending
			for _, version := range pod.Versions {
				if version.RV > when.RV {
					break
				}
				phase = version.Pod().Status.Phase
			}
			had[phase]++
		}
		want := map[corev1.PodPhase]int{}
		for _, phase := range phases {
			want[phase]++
		}
		if fmt.Sprint(had) != fmt.Sprint(want) {
			return fmt.Errorf("when it was, %s, they were %v", at(job, when), had)
		}
		return nil
	})
}

// Stayed expects the Job and each of its pods never to have been deleted.
func Stayed() types.GomegaMatcher {
	return past("have stayed, with its pods", func(job *history.Job) error {
		if marked := deleted(job); marked.Happened() || job.Gone().Happened() {
			return fmt.Errorf("it was marked for deletion %s and gone %s", at(job, marked), at(job, job.Gone()))
		}
		return eachPod(job, func(pod history.PodLife) error {
			if pod.DeletionMarked.Happened() || pod.Gone.Happened() {
				return fmt.Errorf("%s was marked for deletion %s and gone %s", pod.Name, at(job, pod.DeletionMarked), at(job, pod.Gone))
			}
			return nil
		})
	})
}

// LeftNothing expects every Job and every pod of a *history.History to be gone. There must have been one of each.
func LeftNothing() types.GomegaMatcher {
	return matcher[*history.History]{
		subject: func(*history.History) string { return "the Jobs" },
		says:    "have left nothing behind",
		seen: func(recorded *history.History) error {
			jobs, pods := recorded.Jobs(), recorded.Pods()
			if len(jobs) == 0 || len(pods) == 0 {
				return fmt.Errorf("there were %s and %s", count(len(jobs), "Job"), count(len(pods), "pod"))
			}
			for _, job := range jobs {
				if !job.Gone().Happened() {
					return fmt.Errorf("the Job %s is there, with the finalizers %s", job.Name, list(job.Last().Finalizers))
				}
			}
			for _, pod := range pods {
				if !pod.Gone.Happened() {
					return fmt.Errorf("the pod %s is there, with the finalizers %s", pod.Name, list(pod.Last().Finalizers))
				}
			}
			return nil
		},
	}
}

// DeletedBy expects that user to have been the first to delete each of these pods; the kubelet follows, once their
// containers have ended. It is asked about the requests of the API server's audit log, a []history.Write.
func DeletedBy(user string, pods ...string) types.GomegaMatcher {
	return matcher[[]history.Write]{
		subject: func([]history.Write) string { return "the pods" },
		says:    "have been deleted by " + user,
		seen: func(writes []history.Write) error {
			for _, pod := range pods {
				i := slices.IndexFunc(writes, func(write history.Write) bool {
					return write.Verb == "delete" && write.Resource == "pods" && write.Subresource == "" && write.Name == pod && write.Accepted()
				})
				switch {
				case i < 0:
					return fmt.Errorf("nobody deleted %s", pod)
				case writes[i].User != user:
					return fmt.Errorf("%s was deleted by %s", pod, writes[i].User)
				}
			}
			return nil
		},
	}
}

// eachPod asks the same of each pod of a Job, of which there must be one.
func eachPod(job *history.Job, seen func(history.PodLife) error) error {
	pods := job.Pods()
	if len(pods) == 0 {
		return errors.New("it had no pod")
	}
	for _, pod := range pods {
		if err := seen(pod); err != nil {
			return err
		}
	}
	return nil
}

// OutlivedItsJob expects a history.PodLife to have belonged to a Job at first and to nobody in the end, without ever being
// marked for deletion before it was let go.
func OutlivedItsJob() types.GomegaMatcher {
	return matcher[history.PodLife]{subject: podName, says: "have outlived its Job", seen: func(pod history.PodLife) error {
		if owner := metav1.GetControllerOf(pod.First()); owner == nil || owner.Kind != "Job" {
			return fmt.Errorf("its controller was %v from the start", owner)
		}
		for _, version := range pod.Versions {
			switch now := version.Pod(); {
			case len(now.OwnerReferences) == 0:
				return nil
			case now.DeletionTimestamp != nil:
				return fmt.Errorf("it was marked for deletion (rv %d) while it had its owner", version.RV)
			}
		}
		return errors.New("it kept its owner")
	}}
}

// FinishedBefore expects the Job to have finished before another Job was marked for deletion, which that must have been.
func FinishedBefore(other *history.Job) types.GomegaMatcher {
	return past("have finished before "+other.Name+" was deleted", func(job *history.Job) error {
		done, err := reached(job, batchv1.JobComplete)
		if err != nil {
			return err
		}
		if marked := deleted(other); !marked.Happened() || !done.Step.Before(marked) {
			return fmt.Errorf("it was Complete %s, and the other was marked for deletion %s", at(job, done.Step), at(job, marked))
		}
		return nil
	})
}
