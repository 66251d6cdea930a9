package plan

import (
	"fmt"
	"strconv"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/reports/history"
)

// Objects that no cluster has. A Job's uid is its name with "uid-" before it, and so is a pod's.

func aJob(name string, change func(*batchv1.JobStatus)) *batchv1.Job {
	job := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: name, UID: types.UID("uid-" + name), ResourceVersion: "100"}}
	if change != nil {
		change(&job.Status)
	}
	return job
}

func condition(name batchv1.JobConditionType) func(*batchv1.JobStatus) {
	return func(s *batchv1.JobStatus) {
		s.Conditions = append(s.Conditions, batchv1.JobCondition{Type: name, Status: corev1.ConditionTrue})
	}
}

// aPod is a running pod of a Job; its age is in its name's last digit.
func aPod(job, name string, index int, changes ...func(*corev1.Pod)) *corev1.Pod {
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{
		Name: name, UID: types.UID("uid-" + name), ResourceVersion: "200",
		OwnerReferences:   []metav1.OwnerReference{{UID: types.UID("uid-" + job), Controller: new(true)}},
		Annotations:       map[string]string{batchv1.JobCompletionIndexAnnotation: strconv.Itoa(index)},
		Finalizers:        []string{batchv1.JobTrackingFinalizer},
		CreationTimestamp: metav1.Unix(1000+int64(name[len(name)-1]), 0),
	}}
	pod.Spec.NodeName = "worker"
	pod.Spec.Containers = []corev1.Container{{Name: "task"}}
	pod.Status.Phase = corev1.PodRunning
	pod.Status.ContainerStatuses = []corev1.ContainerStatus{{State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}}}
	for _, change := range changes {
		change(pod)
	}
	return pod
}

func pending(pod *corev1.Pod) {
	pod.Spec.NodeName, pod.Status.Phase, pod.Status.ContainerStatuses = "", corev1.PodPending, nil
}

func succeeded(pod *corev1.Pod) {
	pod.Status.Phase, pod.Status.ContainerStatuses = corev1.PodSucceeded, nil
}

func terminating(pod *corev1.Pod) { pod.DeletionTimestamp = new(metav1.Unix(2000, 0)) }

func aNode(name string, ready corev1.ConditionStatus) *corev1.Node {
	node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: name, UID: types.UID("uid-" + name)}}
	node.Status.Conditions = []corev1.NodeCondition{{Type: corev1.NodeReady, Status: ready}}
	return node
}

func live(t *testing.T, objects ...metav1.Object) *history.Live {
	t.Helper()
	l, err := history.LiveOf(objects...)
	if err != nil {
		t.Fatal(fmt.Errorf("a state of the test: %w", err))
	}
	return l
}
