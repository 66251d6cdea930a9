package pods

import (
	"context"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/reports/history"
)

// Delete deletes a pod as a user would, with the pod's own grace period. The recorder confirms it: that pod, by its uid, is
// marked for deletion or gone.
func Delete(pod string) chaos.Fault {
	return &removal{name: "delete-pod", target: "pod/" + pod, choose: one(pod)}
}

// Kill deletes a pod with grace period 0, as kubectl delete --force does: it does not wait for the kubelet. The recorder
// confirms it: that pod, by its uid, is gone, or is marked for deletion with that grace period and kept by its finalizers.
func Kill(pod string) chaos.Fault {
	return &removal{name: "kill-pod", target: "pod/" + pod, grace: new(int64), choose: one(pod)}
}

// removal is the deletion of one pod or several.
type removal struct {
	name, target string
	grace        *int64 // that of the pods if nil
	choose       func(context.Context, *chaos.Site) ([]corev1.Pod, error)

	pods []corev1.Pod // as Arm saw them
}

func one(name string) func(context.Context, *chaos.Site) ([]corev1.Pod, error) {
	return func(ctx context.Context, site *chaos.Site) ([]corev1.Pod, error) {
		pod, err := find(ctx, site, name)
		if err != nil {
			return nil, err
		}
		return []corev1.Pod{*pod}, nil
	}
}

func (r *removal) Name() string                              { return r.name }
func (r *removal) Target() string                            { return r.target }
func (r *removal) Bounds() chaos.Bounds                      { return bounds }
func (r *removal) Healed(context.Context, *chaos.Site) error { return nil }

func (r *removal) Arm(ctx context.Context, site *chaos.Site) (_ chaos.Undo, err error) {
	r.pods, err = r.choose(ctx, site)
	return nil, err
}

func (r *removal) Inject(ctx context.Context, site *chaos.Site) error {
	for _, pod := range r.pods {
		options := metav1.DeleteOptions{GracePeriodSeconds: r.grace, Preconditions: metav1.NewUIDPreconditions(string(pod.UID))}
		err := site.Clients.CoreV1().Pods(site.Namespace).Delete(ctx, pod.Name, options)
		if err != nil && !(len(r.pods) > 1 && apierrors.IsNotFound(err)) { // of several, one may have gone meanwhile
			return err
		}
	}
	return nil
}

func (r *removal) Confirm(ctx context.Context, site *chaos.Site) (observed string, err error) {
	err = site.Recorder.Await(ctx, func(live *history.Live) bool {
		var seen []string
		for _, pod := range r.pods {
			text, removed := r.removed(pod, byUID(live, pod.UID))
			if !removed {
				return false
			}
			seen = append(seen, text)
		}
		observed = "the recorder saw " + strings.Join(seen, ", ")
		return true
	})
	return observed, err
}

// removed says what became of a pod that was there, if it was removed.
func (r *removal) removed(was corev1.Pod, is *corev1.Pod) (text string, removed bool) {
	switch {
	case is == nil:
		return fmt.Sprintf("%s (uid %s) gone", was.Name, was.UID), true
	case is.DeletionTimestamp == nil:
		return "", false
	case r.grace != nil && (is.DeletionGracePeriodSeconds == nil || *is.DeletionGracePeriodSeconds != *r.grace):
		return "", false
	}
	return fmt.Sprintf("%s (uid %s) marked for deletion at resource version %s", was.Name, was.UID, is.ResourceVersion), true
}
