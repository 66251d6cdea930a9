package pods

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/reports/history"
)

// bounds are those of all faults that the API server brings about.
var bounds = chaos.Bounds{
	Confirm: time.Minute, Heal: time.Minute, Origin: "a few requests and watch events; the rest is for a busy machine",
}

// find returns the pod of that name, if it may be hit and was not marked for deletion before.
func find(ctx context.Context, site *chaos.Site, name string) (*corev1.Pod, error) {
	if err := site.MayHitPods(ctx); err != nil {
		return nil, err
	}
	pod, err := site.Clients.CoreV1().Pods(site.Namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return nil, err
	}
	if pod.DeletionTimestamp != nil {
		return nil, fmt.Errorf("pod %s is marked for deletion already", name)
	}
	return pod, nil
}

// byUID returns the pod with that uid, or nil if it is gone.
func byUID(live *history.Live, uid types.UID) *corev1.Pod {
	version, there := live.Latest(string(uid))
	if !there {
		return nil
	}
	return version.Pod()
}
