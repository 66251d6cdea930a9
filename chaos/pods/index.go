package pods

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/jobproof/jobproof/chaos"
)

// DeleteIndex deletes all pods that an index of a Job has at that moment, finished ones included, each with its own grace
// period. The recorder confirms it: each is marked for deletion or gone.
func DeleteIndex(job string, index int) chaos.Fault {
	return &removal{name: "delete-index", target: indexOf(job, index), choose: ofIndex(job, index)}
}

// KillIndex is DeleteIndex with grace period 0.
func KillIndex(job string, index int) chaos.Fault {
	return &removal{name: "kill-index", target: indexOf(job, index), grace: new(int64), choose: ofIndex(job, index)}
}

func indexOf(job string, index int) string { return fmt.Sprintf("job/%s index %d", job, index) }

func ofIndex(job string, index int) func(context.Context, *chaos.Site) ([]corev1.Pod, error) {
	selector := labels.Set{batchv1.JobNameLabel: job, batchv1.JobCompletionIndexAnnotation: strconv.Itoa(index)}.String()
	return func(ctx context.Context, site *chaos.Site) ([]corev1.Pod, error) {
		if err := site.MayHitPods(ctx); err != nil {
			return nil, err
		}
		list, err := site.Clients.CoreV1().Pods(site.Namespace).List(ctx, metav1.ListOptions{LabelSelector: selector})
		if err != nil {
			return nil, err
		}
		pods := slices.DeleteFunc(list.Items, func(pod corev1.Pod) bool { return pod.DeletionTimestamp != nil })
		if len(pods) == 0 {
			return nil, fmt.Errorf("index %d of the Job %s has no pod that is not marked for deletion already", index, job)
		}
		return pods, nil
	}
}
