package expect

import (
	"fmt"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// CountedNoFailureBefore expects status.failed to have been 0 in every version of the Job before the one in which a
// condition became True.
func CountedNoFailureBefore(condition batchv1.JobConditionType) types.GomegaMatcher {
	return past(fmt.Sprintf("have counted no failure before it became %s", condition), func(job *history.Job) error {
		became, err := reached(job, condition)
		if err != nil {
			return err
		}
		for _, reading := range history.Changes(job, history.Failed) {
			if reading.Value > 0 && reading.Step.Before(became.Step) {
				return fmt.Errorf("it counted %d %s", reading.Value, at(job, reading.Step))
			}
		}
		return nil
	})
}
