package requests

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/chaos"
)

// exhausted is the name of the quota.
const exhausted = "jobproof-exhausted"

// ExhaustQuota sets a quota of no pods in the site's namespace: those that are there stay, and no other is made until it is
// healed. It is confirmed and seen healed by a dry run.
func ExhaustQuota() chaos.Fault { return &quota{} }

type quota struct{ probe *prober }

func (*quota) Name() string         { return "exhaust-quota" }
func (*quota) Target() string       { return "resourcequota/" + exhausted }
func (*quota) Bounds() chaos.Bounds { return bounds }

func (q *quota) Arm(ctx context.Context, site *chaos.Site) (chaos.Undo, error) {
	if err := site.MayHitPods(ctx); err != nil {
		return nil, err
	}
	var err error
	if q.probe, err = newProber(site); err != nil {
		return nil, err
	}
	return chaos.Undo{{Delete: &chaos.Object{
		Version: "v1", Resource: "resourcequotas", Namespace: site.Namespace, Name: exhausted,
	}}}, nil
}

func (q *quota) Inject(ctx context.Context, site *chaos.Site) error {
	_, err := site.Clients.CoreV1().ResourceQuotas(site.Namespace).Create(ctx, &corev1.ResourceQuota{
		ObjectMeta: metav1.ObjectMeta{Name: exhausted},
		Spec:       corev1.ResourceQuotaSpec{Hard: corev1.ResourceList{corev1.ResourcePods: resource.MustParse("0")}},
	}, metav1.CreateOptions{})
	return err
}

// Confirm hears of the quota by its name: once its status is there, as one that is exceeded, and before, as one of which
// nothing is known yet, which is refused as well.
func (q *quota) Confirm(ctx context.Context, _ *chaos.Site) (string, error) {
	return q.probe.refused(ctx, exhausted)
}

func (q *quota) Healed(ctx context.Context, _ *chaos.Site) error {
	return q.probe.granted(ctx, exhausted)
}
