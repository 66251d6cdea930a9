package expect

import (
	"errors"
	"fmt"
	"time"

	"github.com/onsi/gomega/types"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// Backoff is how long the Job controller waits before it replaces a first failed pod (DefaultJobPodFailureBackOff in
// pkg/controller/job/job_controller.go). It doubles with each further failure in a row.
const Backoff = 10 * time.Second

// WaitedBeforeReplacing expects that the first pod created after any pod had failed or had been deleted unfinished came
// no sooner than that after it. The Job controller takes the end of the pod's container for the failure, or the time at
// which the deletion was asked for if the container still runs; so it is the earlier of the two here. At least one pod
// must have been replaced.
func WaitedBeforeReplacing(backoff time.Duration) types.GomegaMatcher {
	return past(fmt.Sprintf("have waited %v before it replaced a pod", backoff), func(job *history.Job) error {
		pods, replaced := job.Pods(), 0
		for _, lost := range pods {
			failure, failed := failure(lost)
			if !failed {
				continue
			}
			for _, next := range pods {
				if !failure.Before(next.Created) {
					continue
				}
				if waited := next.Created.At.Sub(failure.At); waited < backoff {
					return fmt.Errorf("%s was created %s, only %v after %s was lost %s",
						next.Name, at(job, next.Created), waited, lost.Name, at(job, failure))
				}
				replaced++
				break
			}
		}
		if replaced == 0 {
			return errors.New("it replaced none")
		}
		return nil
	})
}

// failure returns when a pod failed, or was deleted before it had finished.
func failure(pod history.PodLife) (history.Step, bool) {
	switch {
	case pod.DeletionMarked.Happened() && pod.DeletionMarked.Before(pod.Finished):
		return pod.DeletionMarked, true
	case pod.Phase == corev1.PodFailed:
		return pod.Finished, true
	}
	return history.Step{}, false
}

// KeptItsPods expects that none of the Job's pods was ever marked for deletion.
func KeptItsPods() types.GomegaMatcher {
	return past("have left its pods alone", func(job *history.Job) error {
		for _, pod := range job.Pods() {
			if pod.DeletionMarked.Happened() {
				return fmt.Errorf("%s was marked for deletion %s", pod.Name, at(job, pod.DeletionMarked))
			}
		}
		return nil
	})
}

// WasDeletedWithGrace expects a history.PodLife to have been marked for deletion with that many seconds to end.
func WasDeletedWithGrace(seconds int64) types.GomegaMatcher {
	says := fmt.Sprintf("have been deleted with %d s of grace", seconds)
	return matcher[history.PodLife]{subject: podName, says: says, seen: func(pod history.PodLife) error {
		for _, version := range pod.Versions {
			if marked := version.Pod(); marked.DeletionTimestamp != nil {
				if grace := marked.DeletionGracePeriodSeconds; grace == nil || *grace != seconds {
					return fmt.Errorf("it was with (rv %d) a grace of %s", version.RV, number(grace))
				}
				return nil
			}
		}
		return errors.New("it was not deleted")
	}}
}

// WasNotDeleted expects a history.PodLife never to have been marked for deletion.
func WasNotDeleted() types.GomegaMatcher {
	return matcher[history.PodLife]{subject: podName, says: "have been left alone", seen: func(pod history.PodLife) error {
		if pod.DeletionMarked.Happened() {
			return fmt.Errorf("it was marked for deletion (rv %d)", pod.DeletionMarked.RV)
		}
		return nil
	}}
}
