package expect

import (
	"fmt"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// Unfinished expects the Job to be there and undecided: none of the conditions that lead to its end is True.
func Unfinished() types.GomegaMatcher {
	return present("be undecided", func(state history.State) error {
		if state.Job == nil {
			return errNoJob
		}
		for _, c := range state.Job.Status.Conditions {
			if c.Status == corev1.ConditionTrue && c.Type != batchv1.JobSuspended {
				return fmt.Errorf("it has %s", c.Type)
			}
		}
		return nil
	})
}
