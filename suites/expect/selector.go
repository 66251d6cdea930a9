package expect

import (
	"fmt"
	"maps"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// SelectedItsOwnPods expects the Job to have been accepted with the selector that Kubernetes makes, its own uid, and each
// of its pods to carry what that selects. There must be one.
func SelectedItsOwnPods() types.GomegaMatcher {
	return past("have selected the pods that carry its uid", func(job *history.Job) error {
		want := map[string]string{batchv1.ControllerUidLabel: job.UID}
		if selector := job.First().Spec.Selector; selector == nil || len(selector.MatchExpressions) > 0 || !maps.Equal(selector.MatchLabels, want) {
			return fmt.Errorf("its selector was %v (rv %s)", selector, job.First().ResourceVersion)
		}
		return eachPod(job, func(pod history.PodLife) error {
			if uid := pod.First().Labels[batchv1.ControllerUidLabel]; uid != job.UID {
				return fmt.Errorf("%s carried %q", pod.Name, uid)
			}
			return nil
		})
	})
}
