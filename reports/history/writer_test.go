package history

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// second is a moment on the cluster's clock.
func second(s int) metav1.Time {
	return metav1.NewTime(time.Date(2026, 1, 1, 0, 0, s, 0, time.UTC))
}

// writer makes a history of objects that are changed one after the other. Each change is a version; rv counts up.
type writer struct {
	t        *testing.T
	rv       uint64
	versions []Version
}

func (w *writer) write(typ, kind string, object metav1.Object) {
	w.rv++
	object.SetResourceVersion(fmt.Sprint(w.rv))
	raw, err := json.Marshal(object)
	if err != nil {
		w.t.Fatal(err)
	}
	w.versions = append(w.versions, Version{
		Seen: second(100 + int(w.rv)).Time, Type: typ, Kind: kind, Namespace: object.GetNamespace(), Name: object.GetName(),
		UID: string(object.GetUID()), RV: w.rv, Object: raw,
	})
}

// history shuffles the versions as separate watches would, each kind in its own order, and reads them all.
func (w *writer) history() *History {
	var arrived []Version
	for _, kind := range []string{"Event", "Pod", "Job", "Node"} {
		for _, v := range w.versions {
			if v.Kind == kind {
				arrived = append(arrived, v)
			}
		}
	}
	return New(Header{Start: second(100).Time}, arrived, nil)
}

func newJob(name string) *batchv1.Job {
	return &batchv1.Job{ObjectMeta: metav1.ObjectMeta{
		Name: name, Namespace: "jp-test", UID: types.UID("job-" + name), CreationTimestamp: second(0),
	}}
}

func newPod(name string, owner *batchv1.Job) *corev1.Pod {
	p := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "jp-test", UID: types.UID("pod-" + name), CreationTimestamp: second(1)},
		Spec: corev1.PodSpec{
			InitContainers: []corev1.Container{{Name: "init"}},
			Containers:     []corev1.Container{{Name: "main"}},
		},
		Status: corev1.PodStatus{Phase: corev1.PodPending},
	}
	if owner != nil {
		p.OwnerReferences = []metav1.OwnerReference{*metav1.NewControllerRef(owner, batchv1.SchemeGroupVersion.WithKind("Job"))}
	}
	return p
}

// deletion marks a pod as being deleted with 30 s of grace, asked for at a moment.
func deletion(pod *corev1.Pod, asked int) {
	at, grace := second(asked+30), int64(30)
	pod.DeletionTimestamp, pod.DeletionGracePeriodSeconds = &at, &grace
}
