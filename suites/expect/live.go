package expect

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// Running returns the active pods whose app containers all run, oldest first.
func Running(state history.State) []*corev1.Pod {
	return having(state, func(pod *corev1.Pod) bool {
		return history.IsActive(pod) && pod.Status.Phase == corev1.PodRunning &&
			len(pod.Status.ContainerStatuses) == len(pod.Spec.Containers) &&
			!slices.ContainsFunc(pod.Status.ContainerStatuses, func(c corev1.ContainerStatus) bool { return c.State.Running == nil })
	})
}

// OfIndex returns the active pods with that completion index, oldest first.
func OfIndex(state history.State, index int) []*corev1.Pod {
	return having(state, func(pod *corev1.Pod) bool {
		return history.IsActive(pod) && pod.Annotations[batchv1.JobCompletionIndexAnnotation] == strconv.Itoa(index)
	})
}

// Names returns the names of pods.
func Names(pods []*corev1.Pod) []string {
	var names []string
	for _, pod := range pods {
		names = append(names, pod.Name)
	}
	return names
}

func having(state history.State, is func(*corev1.Pod) bool) []*corev1.Pod {
	return slices.DeleteFunc(slices.Clone(state.Pods), func(pod *corev1.Pod) bool { return !is(pod) })
}

// pods expects exactly n of the Job's pods that exist to be so.
func pods(n int, adjective string, are func(history.State) []*corev1.Pod) types.GomegaMatcher {
	return present("have "+count(n, adjective+" pod"), func(state history.State) error {
		if found := are(state); len(found) != n {
			return fmt.Errorf("it has %d: %s; its pods are %s", len(found), list(Names(found)), standing(state))
		}
		return nil
	})
}

// standing tells how each pod stands.
func standing(state history.State) string {
	var each []string
	for _, pod := range state.Pods {
		text := pod.Name + " " + string(pod.Status.Phase)
		if history.IsTerminating(pod) {
			text += ", terminating"
		}
		each = append(each, text)
	}
	return list(each)
}

// RunningPods expects n active pods whose app containers all run.
func RunningPods(n int) types.GomegaMatcher { return pods(n, "running", Running) }

// RunningPodsOn expects n active pods on a node whose app containers all run.
func RunningPodsOn(node string, n int) types.GomegaMatcher {
	return pods(n, "running-on-"+node, func(state history.State) []*corev1.Pod {
		return slices.DeleteFunc(Running(state), func(pod *corev1.Pod) bool { return pod.Spec.NodeName != node })
	})
}

// ActivePods expects n pods that are neither finished nor marked for deletion.
func ActivePods(n int) types.GomegaMatcher {
	return pods(n, "active", func(state history.State) []*corev1.Pod { return having(state, history.IsActive) })
}

// TerminatingPods expects n pods that are marked for deletion and not finished.
func TerminatingPods(n int) types.GomegaMatcher {
	return pods(n, "terminating", func(state history.State) []*corev1.Pod { return having(state, history.IsTerminating) })
}

// ReadyPods expects n active pods with the condition Ready.
func ReadyPods(n int) types.GomegaMatcher {
	return pods(n, "ready", func(state history.State) []*corev1.Pod {
		return having(state, func(pod *corev1.Pod) bool {
			return history.IsActive(pod) && slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
				return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
			})
		})
	})
}

// SucceededPods expects n pods in phase Succeeded.
func SucceededPods(n int) types.GomegaMatcher { return podsInPhase(n, corev1.PodSucceeded) }

// FailedPods expects n pods in phase Failed.
func FailedPods(n int) types.GomegaMatcher { return podsInPhase(n, corev1.PodFailed) }

func podsInPhase(n int, phase corev1.PodPhase) types.GomegaMatcher {
	return pods(n, string(phase), func(state history.State) []*corev1.Pod {
		return having(state, func(pod *corev1.Pod) bool { return pod.Status.Phase == phase })
	})
}

// NoPods expects the Job to have no pod, finished ones included, and to have left none behind without a controller.
func NoPods() types.GomegaMatcher {
	return pods(0, "existing", func(state history.State) []*corev1.Pod { return slices.Concat(state.Pods, state.Orphans) })
}

// Restarts expects the containers of the existing pods to have been restarted at least n times in all.
func Restarts(n int32) types.GomegaMatcher {
	return present(fmt.Sprintf("have restarted its containers %d times", n), func(state history.State) error {
		var sum int32
		for _, pod := range state.Pods {
			for _, c := range pod.Status.ContainerStatuses {
				sum += c.RestartCount
			}
		}
		if sum < n {
			return fmt.Errorf("it has %d times", sum)
		}
		return nil
	})
}

// CountsSucceeded expects status.succeeded to be n.
func CountsSucceeded(n int32) types.GomegaMatcher {
	return present(fmt.Sprintf("count %d as succeeded", n), func(state history.State) error {
		return counts(state, history.Succeeded, n)
	})
}

// CountsFailed expects status.failed to be n.
func CountsFailed(n int32) types.GomegaMatcher {
	return present(fmt.Sprintf("count %d as failed", n), func(state history.State) error {
		return counts(state, history.Failed, n)
	})
}

func counts(state history.State, read func(*batchv1.Job) int32, want int32) error {
	if state.Job == nil {
		return errNoJob
	}
	if got := read(state.Job); got != want {
		return fmt.Errorf("it counts %d", got)
	}
	return nil
}

// NoStartTime expects status.startTime to be unset.
func NoStartTime() types.GomegaMatcher {
	return present("have no startTime", func(state history.State) error {
		switch {
		case state.Job == nil:
			return errNoJob
		case state.Job.Status.StartTime != nil:
			return fmt.Errorf("it is %s", clock(state.Job.Status.StartTime.Unix()))
		}
		return nil
	})
}

// StartTime expects status.startTime to be set.
func StartTime() types.GomegaMatcher {
	return present("have a startTime", func(state history.State) error {
		switch {
		case state.Job == nil:
			return errNoJob
		case state.Job.Status.StartTime == nil:
			return fmt.Errorf("it has none")
		}
		return nil
	})
}
