package pods

import (
	"slices"
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func runs(pod *corev1.Pod) {
	pod.Status.ContainerStatuses = []corev1.ContainerStatus{{
		Name: "task", ContainerID: runtime + "1", State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}},
	}}
}

func scheduled(pod *corev1.Pod) { pod.Spec.NodeName = "worker" }
func marked(pod *corev1.Pod)    { pod.DeletionTimestamp = new(metav1.Now()) }
func tracked(pod *corev1.Pod)   { pod.Finalizers = []string{batchv1.JobTrackingFinalizer} }

func pod(phase corev1.PodPhase, changes ...func(*corev1.Pod)) *corev1.Pod {
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "demo", Namespace: "ns", UID: "uid"},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "task", Image: "busybox:1.35.0"}}},
		Status:     corev1.PodStatus{Phase: phase},
	}
	for _, change := range changes {
		change(pod)
	}
	return pod
}

func TestPhaseOfAPod(t *testing.T) {
	for name, test := range map[string]struct {
		pod *corev1.Pod
		in  []Phase
	}{
		"without a node":             {pod(corev1.PodPending, tracked), []Phase{Pending}},
		"with a node":                {pod(corev1.PodPending, tracked, scheduled), []Phase{Creating}},
		"one container not yet":      {pod(corev1.PodRunning, scheduled), nil},
		"running":                    {pod(corev1.PodRunning, scheduled, runs), []Phase{Running}},
		"marked without a node":      {pod(corev1.PodPending, marked), []Phase{Terminating}},
		"marked while it runs":       {pod(corev1.PodRunning, scheduled, runs, marked), []Phase{Terminating}},
		"succeeded":                  {pod(corev1.PodSucceeded, tracked), []Phase{SucceededTracked, Succeeded}},
		"succeeded and let go of":    {pod(corev1.PodSucceeded), []Phase{Succeeded}},
		"succeeded, tracked, marked": {pod(corev1.PodSucceeded, tracked, marked), []Phase{Succeeded}},
		"failed":                     {pod(corev1.PodFailed, tracked), []Phase{FailedTracked, Failed}},
	} {
		for _, phase := range Phases {
			if is, want := phase.Is(test.pod), slices.Contains(test.in, phase); is != want {
				t.Errorf("%s: that it is %s is %v", name, phase, is)
			}
		}
	}
}

func TestParsePhase(t *testing.T) {
	for _, phase := range Phases {
		if got, err := ParsePhase(string(phase)); err != nil || got != phase {
			t.Errorf("%s is read as %q, %v", phase, got, err)
		}
	}
	_, err := ParsePhase("Sleeping")
	if err == nil || !strings.Contains(err.Error(), "Succeeded+tracked") {
		t.Errorf("error is %v", err)
	}
}

func TestInKeepsTheOrder(t *testing.T) {
	first, other, last := pod(corev1.PodFailed), pod(corev1.PodRunning), pod(corev1.PodFailed)
	pods := []*corev1.Pod{first, other, last}
	if got := In(Failed, pods); len(got) != 2 || got[0] != first || got[1] != last {
		t.Errorf("got %v", got)
	}
	if len(pods) != 3 || pods[1] != other {
		t.Error("the pods that were given are changed")
	}
}

func TestIndexOfAPod(t *testing.T) {
	indexed := pod(corev1.PodRunning, func(pod *corev1.Pod) {
		pod.Annotations = map[string]string{batchv1.JobCompletionIndexAnnotation: "12"}
	})
	if got := Index(indexed); got != 12 {
		t.Errorf("got %d", got)
	}
	if got := Index(pod(corev1.PodRunning)); got != -1 {
		t.Errorf("without one: %d", got)
	}
}
