package pods

import (
	"context"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/reports/history"
)

// Delete deletes a pod as a user would, with the pod's own grace period. The recorder confirms it: that pod, by its uid, is
// marked for deletion or gone.
func Delete(pod string) chaos.Fault { return &deletion{name: "delete-pod", pod: pod} }

type deletion struct {
	name string
	pod  string
	uid  types.UID
}

func (d *deletion) Name() string   { return d.name }
func (d *deletion) Target() string { return "pod/" + d.pod }

func (d *deletion) Bounds() chaos.Bounds {
	return chaos.Bounds{Confirm: time.Minute, Heal: time.Minute, Origin: "one request and one watch event; the rest is for a busy machine"}
}

func (d *deletion) Arm(ctx context.Context, site *chaos.Site) (chaos.Undo, error) {
	if err := site.MayHitPods(ctx); err != nil {
		return nil, err
	}
	pod, err := site.Clients.CoreV1().Pods(site.Namespace).Get(ctx, d.pod, metav1.GetOptions{})
	if err != nil {
		return nil, err
	}
	d.uid = pod.UID
	return nil, nil
}

func (d *deletion) Inject(ctx context.Context, site *chaos.Site) error {
	return site.Clients.CoreV1().Pods(site.Namespace).Delete(ctx, d.pod, metav1.DeleteOptions{Preconditions: metav1.NewUIDPreconditions(string(d.uid))})
}

func (d *deletion) Confirm(ctx context.Context, site *chaos.Site) (observed string, err error) {
	err = site.Recorder.Await(ctx, func(live *history.Live) bool {
		observed = "the recorder saw the pod go"
		for _, pod := range live.Pods() {
			if pod.UID == d.uid {
				if pod.DeletionTimestamp == nil {
					return false
				}
				observed = fmt.Sprintf("the recorder saw the pod marked for deletion at resource version %s", pod.ResourceVersion)
			}
		}
		return true
	})
	return observed, err
}

func (d *deletion) Healed(context.Context, *chaos.Site) error { return nil }
