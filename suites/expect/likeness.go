package expect

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/jobproof/jobproof/reports/history"
)

// MadeItsPodsAlike expects at least n pods that can be told apart by nothing but what every pod has of its own, such as
// its name: as they were created their labels, annotations and specs were equal.
func MadeItsPodsAlike(n int) types.GomegaMatcher {
	return past(fmt.Sprintf("have made %s, each like the others", count(n, "pod")), func(job *history.Job) error {
		pods := job.Pods()
		if len(pods) < n {
			return fmt.Errorf("it created %d: %s", len(pods), names(pods))
		}
		for _, pod := range pods[1:] {
			if differs := difference(pods[0].First(), pod.First()); differs != "" {
				return fmt.Errorf("the %s of %s and %s differ", differs, pods[0].Name, pod.Name)
			}
		}
		return nil
	})
}

// difference names what two pods differ in; "" if they are alike.
func difference(a, b *corev1.Pod) string {
	switch {
	case !maps.Equal(a.Labels, b.Labels):
		return "labels"
	case !maps.Equal(a.Annotations, b.Annotations):
		return "annotations"
	case !equality.Semantic.DeepEqual(template(a), template(b)):
		return "specs"
	}
	return ""
}

// tokens is how the names begin of the volumes that admission adds to every pod, each with a suffix of its own
// (ServiceAccountVolumeName, plugin/pkg/admission/serviceaccount/admission.go).
const tokens = "kube-api-access-"

// template is a pod's spec without what the scheduler and admission write into each pod.
func template(pod *corev1.Pod) corev1.PodSpec {
	spec := *pod.Spec.DeepCopy()
	spec.NodeName = ""
	spec.Volumes = slices.DeleteFunc(spec.Volumes, func(v corev1.Volume) bool { return strings.HasPrefix(v.Name, tokens) })
	for _, list := range [][]corev1.Container{spec.InitContainers, spec.Containers} {
		for i := range list {
			list[i].VolumeMounts = slices.DeleteFunc(list[i].VolumeMounts, func(mount corev1.VolumeMount) bool {
				return strings.HasPrefix(mount.Name, tokens)
			})
		}
	}
	return spec
}

// GaveItsPodsNoIndex expects no pod to have been created with a completion index: not in an annotation, not in a label,
// not in a variable of a container, and not in a hostname of its own.
func GaveItsPodsNoIndex() types.GomegaMatcher {
	return past("have given its pods no index", func(job *history.Job) error {
		for _, life := range job.Pods() {
			pod := life.First()
			_, annotated := pod.Annotations[batchv1.JobCompletionIndexAnnotation]
			_, labelled := pod.Labels[batchv1.JobCompletionIndexAnnotation]
			switch {
			case annotated || labelled:
				return fmt.Errorf("%s was created with one", pod.Name)
			case len(without(pod.Spec)) != len(containers(pod.Spec)):
				return fmt.Errorf("%s was created with %s", pod.Name, IndexVariable)
			case pod.Spec.Hostname != "":
				return fmt.Errorf("%s was created with the hostname %s", pod.Name, pod.Spec.Hostname)
			}
		}
		return nil
	})
}
