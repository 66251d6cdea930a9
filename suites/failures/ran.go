package failures

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/suites/scenario"
)

// ranUntil returns how long a Job had been running when a condition became True.
func ranUntil(job *scenario.Job, condition batchv1.JobConditionType) time.Duration {
	GinkgoHelper()
	became, is := job.History().Condition(condition)
	Expect(is).To(BeTrue(), "the Job never had %s", condition)
	return became.LastTransition.Sub(job.State().Job.Status.StartTime.Time)
}

// startedAfter returns how long after its creation a Job was started.
func startedAfter(job *scenario.Job) time.Duration {
	now := job.State().Job
	return now.Status.StartTime.Sub(now.CreationTimestamp.Time)
}
