package expect

import (
	"fmt"
	"slices"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// HadAtMostUnended expects that there were never more than n pods that had not ended, those that are being deleted included.
func HadAtMostUnended(n int) types.GomegaMatcher {
	return past("have had at most "+count(n, "pod")+" that had not ended", func(job *history.Job) error {
		if most := mostUnended(job); most.Active+most.Terminating > n {
			return fmt.Errorf("%d were active and %d terminating %s", most.Active, most.Terminating, at(job, most.Step))
		}
		return nil
	})
}

// HadUnendedAtOnce expects a moment at which n pods had not ended, those that are being deleted included.
func HadUnendedAtOnce(n int) types.GomegaMatcher {
	return past("have had "+count(n, "pod")+" at the same time that had not ended", func(job *history.Job) error {
		if most := mostUnended(job); most.Active+most.Terminating < n {
			return fmt.Errorf("there were at most %d, %s", most.Active+most.Terminating, at(job, most.Step))
		}
		return nil
	})
}

// mostUnended returns the first Count with the most pods, active and terminating together.
func mostUnended(job *history.Job) history.Count {
	var most history.Count
	for _, count := range job.Counts() {
		if count.Active+count.Terminating > most.Active+most.Terminating {
			most = count
		}
	}
	return most
}

// WasDeletedTracked expects a history.PodLife to have been marked for deletion in that phase, while the Job controller had not
// let go of it yet: it carried the finalizer batch.kubernetes.io/job-tracking.
func WasDeletedTracked(phase corev1.PodPhase) types.GomegaMatcher {
	says := fmt.Sprintf("have been deleted when it was %s and tracked", phase)
	return matcher[history.PodLife]{subject: podName, says: says, seen: func(pod history.PodLife) error {
		for _, version := range pod.Versions {
			marked := version.Pod()
			switch {
			case marked.DeletionTimestamp == nil:
				continue
			case marked.Status.Phase != phase:
				return fmt.Errorf("it was %s (rv %d)", marked.Status.Phase, version.RV)
			case !slices.Contains(marked.Finalizers, batchv1.JobTrackingFinalizer):
				return fmt.Errorf("it was not tracked any more (rv %d)", version.RV)
			}
			return nil
		}
		return fmt.Errorf("it was not deleted")
	}}
}

// CreatedPodsOfIndexes expects as many pods for each index, from 0 on, as given, and none of another index.
func CreatedPodsOfIndexes(numbers ...int) types.GomegaMatcher {
	return past(fmt.Sprintf("have created %v pods for its indexes", numbers), func(job *history.Job) error {
		created := make([]int, len(numbers))
		for _, pod := range job.Pods() {
			if pod.Index < 0 || pod.Index >= len(created) {
				return fmt.Errorf("%s has the index %d (rv %d)", pod.Name, pod.Index, pod.Created.RV)
			}
			created[pod.Index]++
		}
		if !slices.Equal(created, numbers) {
			return fmt.Errorf("it created %v", created)
		}
		return nil
	})
}
