package pods

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// Phase is where a pod is in its life, as far as it matters to a Job what happens to it there.
type Phase string

const (
	// Pending is a pod without a node.
	Pending Phase = "Pending"
	// Creating is one with a node, of which no container has run yet.
	Creating Phase = "Creating"
	// Running is one of which all containers run.
	Running Phase = "Running"
	// Terminating is one that is marked for deletion and has not finished. The three above are not marked.
	Terminating Phase = "Terminating"
	// Succeeded and Failed are pods that have finished, be they marked for deletion or not.
	Succeeded Phase = "Succeeded"
	Failed    Phase = "Failed"
	// SucceededTracked and FailedTracked are finished pods that the Job controller has not let go of yet: they carry the
	// finalizer batch.kubernetes.io/job-tracking and are not marked for deletion.
	SucceededTracked Phase = "Succeeded+tracked"
	FailedTracked    Phase = "Failed+tracked"
)

// Phases are all phases, in the order in which a pod goes through them.
var Phases = []Phase{Pending, Creating, Running, Terminating, SucceededTracked, FailedTracked, Succeeded, Failed}

// ParsePhase reads the name of a phase.
func ParsePhase(text string) (Phase, error) {
	if slices.Contains(Phases, Phase(text)) {
		return Phase(text), nil
	}
	var names []string
	for _, phase := range Phases {
		names = append(names, string(phase))
	}
	return "", fmt.Errorf("%q is no phase of a pod: it is one of %s", text, strings.Join(names, ", "))
}

// Is says whether a pod is in that phase.
func (p Phase) Is(pod *corev1.Pod) bool {
	tracked := pod.DeletionTimestamp == nil && slices.Contains(pod.Finalizers, batchv1.JobTrackingFinalizer)
	phase := pod.Status.Phase
	switch p {
	case Pending:
		return history.IsActive(pod) && phase != corev1.PodRunning && pod.Spec.NodeName == ""
	case Creating:
		return history.IsActive(pod) && phase != corev1.PodRunning && pod.Spec.NodeName != ""
	case Running:
		return history.IsActive(pod) && phase == corev1.PodRunning && allRun(pod)
	case Terminating:
		return history.IsTerminating(pod)
	case SucceededTracked:
		return phase == corev1.PodSucceeded && tracked
	case FailedTracked:
		return phase == corev1.PodFailed && tracked
	case Succeeded:
		return phase == corev1.PodSucceeded
	case Failed:
		return phase == corev1.PodFailed
	}
	return false
}

func allRun(pod *corev1.Pod) bool {
	return len(pod.Status.ContainerStatuses) == len(pod.Spec.Containers) &&
		!slices.ContainsFunc(pod.Status.ContainerStatuses, func(c corev1.ContainerStatus) bool { return c.State.Running == nil })
}

// Index returns the completion index of a pod, or -1 if it has none.
func Index(pod *corev1.Pod) int {
	index, err := strconv.Atoi(pod.Annotations[batchv1.JobCompletionIndexAnnotation])
	if err != nil {
		return -1
	}
	return index
}

// In returns those of the pods that are in a phase, in their order.
func In(phase Phase, pods []*corev1.Pod) []*corev1.Pod {
	return slices.DeleteFunc(slices.Clone(pods), func(pod *corev1.Pod) bool { return !phase.Is(pod) })
}
