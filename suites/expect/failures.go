package expect

import (
	"fmt"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// FailedBefore expects at least n pods to have failed before a condition became True.
func FailedBefore(condition batchv1.JobConditionType, n int) types.GomegaMatcher {
	says := fmt.Sprintf("have had %s fail before it became %s", count(n, "pod"), condition)
	return past(says, func(job *history.Job) error {
		became, err := reached(job, condition)
		if err != nil {
			return err
		}
		failed := 0
		for _, pod := range job.Pods() {
			if pod.Phase == corev1.PodFailed && pod.Finished.Before(became.Step) {
				failed++
			}
		}
		if failed < n {
			return fmt.Errorf("%d had when it became so %s", failed, at(job, became.Step))
		}
		return nil
	})
}
