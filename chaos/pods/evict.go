package pods

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/chaos"
)

// Evict asks the eviction API to delete a pod, as kubectl drain does. A disruption budget that forbids it is an error. The
// recorder confirms it: that pod has the condition DisruptionTarget for EvictionByEvictionAPI and is marked for deletion.
func Evict(pod string) chaos.Fault { return &eviction{name: pod} }

type eviction struct {
	name string
	pod  corev1.Pod
}

func (e *eviction) Name() string                              { return "evict-pod" }
func (e *eviction) Target() string                            { return "pod/" + e.name }
func (e *eviction) Bounds() chaos.Bounds                      { return bounds }
func (e *eviction) Healed(context.Context, *chaos.Site) error { return nil }

func (e *eviction) Arm(ctx context.Context, site *chaos.Site) (chaos.Undo, error) {
	pod, err := find(ctx, site, e.name)
	if err != nil {
		return nil, err
	}
	e.pod = *pod
	return nil, nil
}

func (e *eviction) Inject(ctx context.Context, site *chaos.Site) error {
	return site.Clients.PolicyV1().Evictions(site.Namespace).Evict(ctx, &policyv1.Eviction{
		ObjectMeta:    metav1.ObjectMeta{Name: e.name, Namespace: site.Namespace},
		DeleteOptions: &metav1.DeleteOptions{Preconditions: metav1.NewUIDPreconditions(string(e.pod.UID))},
	})
}

func (e *eviction) Confirm(ctx context.Context, site *chaos.Site) (observed string, err error) {
	return disrupted(ctx, site, []corev1.Pod{e.pod}, byEviction)
}
