package expect

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestDifferenceOfPods(t *testing.T) {
	made := func(name string, changes ...func(*corev1.Pod)) *corev1.Pod {
		pod := &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"job-name": "demo"}},
			Spec: corev1.PodSpec{
				NodeName: "node-of-" + name,
				Volumes:  []corev1.Volume{{Name: "script"}, {Name: "kube-api-access-" + name}},
				Containers: []corev1.Container{{
					Name: "task", Env: []corev1.EnvVar{{Name: "MONTH", Value: "2"}},
					VolumeMounts: []corev1.VolumeMount{{Name: "script"}, {Name: "kube-api-access-" + name}},
				}},
			},
		}
		for _, change := range changes {
			change(pod)
		}
		return pod
	}
	for name, test := range map[string]struct {
		change func(*corev1.Pod)
		want   string
	}{
		"none":          {func(*corev1.Pod) {}, ""},
		"a label":       {func(pod *corev1.Pod) { pod.Labels["index"] = "1" }, "labels"},
		"an annotation": {func(pod *corev1.Pod) { pod.Annotations = map[string]string{"index": "1"} }, "annotations"},
		"a hostname":    {func(pod *corev1.Pod) { pod.Spec.Hostname = "demo-1" }, "specs"},
		"a value":       {func(pod *corev1.Pod) { pod.Spec.Containers[0].Env[0].Value = "3" }, "specs"},
		"a volume":      {func(pod *corev1.Pod) { pod.Spec.Volumes = pod.Spec.Volumes[1:] }, "specs"},
	} {
		t.Run(name, func(t *testing.T) {
			one, other := made("one"), made("other", test.change)
			if got := difference(one, other); got != test.want {
				t.Errorf("they differ in %q, want %q", got, test.want)
			}
			if len(one.Spec.Volumes) != 2 || len(one.Spec.Containers[0].VolumeMounts) != 2 {
				t.Error("the pod itself was changed")
			}
		})
	}
}
