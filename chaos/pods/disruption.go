package pods

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/reports/history"
)

// Reasons of the condition DisruptionTarget that have no name in k8s.io/api.
const (
	// byEviction is written by the API server (pkg/registry/core/pod/storage/eviction.go:348).
	byEviction = "EvictionByEvictionAPI"
	// byTaint is written by the taint eviction controller (pkg/controller/tainteviction/taint_eviction.go).
	byTaint = "DeletionByTaintManager"
)

// disrupted waits until the recorder has seen each pod with the condition DisruptionTarget for that reason, and marked for
// deletion or gone. A pod keeps the condition to its end, so that only one that goes at once may be missed: that is an error.
func disrupted(ctx context.Context, site *chaos.Site, pods []corev1.Pod, reason string) (observed string, err error) {
	known := map[types.UID]bool{} // to have the condition
	var missed error
	err = site.Recorder.Await(ctx, func(live *history.Live) bool {
		var seen []string
		for _, was := range pods {
			is := byUID(live, was.UID)
			known[was.UID] = known[was.UID] || is != nil && disruptedBy(is, reason)
			switch {
			case is == nil && !known[was.UID]:
				missed = fmt.Errorf("pod %s went, and nobody saw it with DisruptionTarget for %s", was.Name, reason)
				return true
			case known[was.UID] && (is == nil || is.DeletionTimestamp != nil):
				seen = append(seen, fmt.Sprintf("%s (uid %s)", was.Name, was.UID))
			}
		}
		if len(seen) < len(pods) {
			return false
		}
		observed = fmt.Sprintf("the recorder saw DisruptionTarget for %s on %s, and the deletion", reason, strings.Join(seen, ", "))
		return true
	})
	if err == nil {
		err = missed
	}
	return observed, err
}

func disruptedBy(pod *corev1.Pod, reason string) bool {
	return slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.DisruptionTarget && c.Status == corev1.ConditionTrue && c.Reason == reason
	})
}
