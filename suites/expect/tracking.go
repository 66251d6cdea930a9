package expect

import (
	"errors"
	"fmt"
	"slices"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// Uncounted expects status.uncountedTerminatedPods to name so many pods.
func Uncounted(succeeded, failed int) types.GomegaMatcher {
	says := fmt.Sprintf("have %s that succeeded and %s that failed uncounted", count(succeeded, "pod"), count(failed, "pod"))
	return present(says, func(state history.State) error {
		if state.Job == nil {
			return errNoJob
		}
		if left := uncounted(state.Job); len(left.Succeeded) != succeeded || len(left.Failed) != failed {
			return fmt.Errorf("it has %d and %d", len(left.Succeeded), len(left.Failed))
		}
		return nil
	})
}

// UntrackedPods expects n active pods without the tracking finalizer: what becomes of them the Job will not know.
func UntrackedPods(n int) types.GomegaMatcher {
	return pods(n, "untracked", func(state history.State) []*corev1.Pod {
		return having(state, func(pod *corev1.Pod) bool { return history.IsActive(pod) && !tracked(pod) })
	})
}

// HeldPods expects n finished pods that still have the tracking finalizer.
func HeldPods(n int) types.GomegaMatcher {
	return pods(n, "held", func(state history.State) []*corev1.Pod {
		return having(state, func(pod *corev1.Pod) bool {
			return tracked(pod) && (pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed)
		})
	})
}

func tracked(pod *corev1.Pod) bool {
	return slices.Contains(pod.Finalizers, batchv1.JobTrackingFinalizer)
}

// SucceededUntracked expects of a pod's life, a history.PodLife, that it succeeded without the tracking finalizer, so that its
// Job could not count it.
func SucceededUntracked() types.GomegaMatcher {
	return matcher[history.PodLife]{subject: podName, says: "succeed untracked", seen: func(pod history.PodLife) error {
		for _, version := range pod.Versions {
			if now := version.Pod(); now.Status.Phase == corev1.PodSucceeded {
				if tracked(now) {
					return fmt.Errorf("it was tracked when it succeeded (rv %d)", version.RV)
				}
				return nil
			}
		}
		return errors.New("it never succeeded")
	}}
}

// SaidReady expects a status of the Job in which so many pods were ready of so many that were active.
func SaidReady(n, active int32) types.GomegaMatcher {
	says := fmt.Sprintf("have had a status of %d ready of %d active pods", n, active)
	return past(says, func(job *history.Job) error {
		for _, version := range job.Versions() {
			status := version.Job().Status
			if status.Active == active && status.Ready != nil && *status.Ready == n {
				return nil
			}
		}
		return errors.New("it never had")
	})
}

// KeptItsPodsUntilDeleted expects every pod to have had the tracking finalizer until after somebody asked for the deletion of
// the Job.
func KeptItsPodsUntilDeleted() types.GomegaMatcher {
	return past("have kept its finalizer on every pod until it was deleted", func(job *history.Job) error {
		deleted := history.Changes(job, func(job *batchv1.Job) bool { return job.DeletionTimestamp != nil })
		if asked := deleted[len(deleted)-1]; !asked.Value {
			return errors.New("it was not deleted")
		}
		for _, pod := range job.Pods() {
			for _, version := range pod.Versions {
				if !tracked(version.Pod()) && version.RV < deleted[len(deleted)-1].Step.RV {
					return fmt.Errorf("%s had none (rv %d)", pod.Name, version.RV)
				}
			}
		}
		return nil
	})
}
