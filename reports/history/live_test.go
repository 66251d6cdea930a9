package history

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

func TestStateTellsOrphansFromPods(t *testing.T) {
	job := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: "demo", UID: "job"}}
	made := func(name string, owners ...metav1.OwnerReference) *corev1.Pod {
		labels := map[string]string{batchv1.JobNameLabel: "demo", batchv1.ControllerUidLabel: "job"}
		return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, UID: types.UID(name), Labels: labels, OwnerReferences: owners}}
	}
	kept := made("kept", metav1.OwnerReference{UID: "job", Controller: new(true)})
	orphan, stranger := made("orphan"), &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "stranger", UID: "stranger"}}

	for name, test := range map[string]struct {
		live          *Live
		uid           string
		pods, orphans int
	}{
		"while the Job is there":                  {lives(t, job, kept, orphan, stranger), "", 1, 1},
		"once it is gone":                         {lives(t, nil, kept, orphan, stranger), "job", 1, 1},
		"once it is gone and nobody knew its uid": {lives(t, nil, kept, orphan, stranger), "", 0, 2},
		"once all is gone":                        {lives(t, nil, stranger), "", 0, 0},
	} {
		state := test.live.State("demo", test.uid)
		if len(state.Pods) != test.pods || len(state.Orphans) != test.orphans {
			t.Errorf("%s: %d pods and %d orphans, want %d and %d", name, len(state.Pods), len(state.Orphans), test.pods, test.orphans)
		}
	}
}

// lives holds a Job, which may be nil, and pods.
func lives(t *testing.T, job *batchv1.Job, pods ...*corev1.Pod) *Live {
	t.Helper()
	var objects []metav1.Object
	if job != nil {
		objects = append(objects, job)
	}
	for _, pod := range pods {
		objects = append(objects, pod)
	}
	live, err := LiveOf(objects...)
	if err != nil {
		t.Fatal(err)
	}
	return live
}
