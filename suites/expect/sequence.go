package expect

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// RanInSequence expects each of these containers of a history.PodLife to have succeeded before the next one began: in every
// version of the pod, and by the times that the kubelet gives.
func RanInSequence(containers ...string) types.GomegaMatcher {
	says := "have run, one after the other has succeeded, the containers " + strings.Join(containers, ", ")
	return matcher[history.PodLife]{subject: podName, says: says, seen: func(pod history.PodLife) error {
		for i := 1; i < len(containers); i++ {
			if err := followed(pod, containers[i-1], containers[i]); err != nil {
				return err
			}
		}
		return nil
	}}
}

// followed returns nil if the container next began after the container first had succeeded.
func followed(pod history.PodLife, first, next string) error {
	for _, version := range pod.Versions {
		before, after := stateOf(version.Pod(), first), stateOf(version.Pod(), next)
		if after == nil || after.Running == nil && after.Terminated == nil {
			continue
		}
		if before == nil || before.Terminated == nil || before.Terminated.ExitCode != 0 {
			return fmt.Errorf("%s had begun when %s had not succeeded (rv %d)", next, first, version.RV)
		}
		var began metav1.Time
		if after.Running != nil {
			began = after.Running.StartedAt
		} else {
			began = after.Terminated.StartedAt
		}
		if ended := before.Terminated.FinishedAt; began.Before(&ended) {
			return fmt.Errorf("%s began at %s and %s ended at %s (rv %d)", next, clock(began.Unix()), first, clock(ended.Unix()), version.RV)
		}
	}
	if run, found := pod.Container(next); !found || len(run.Runs) == 0 {
		return fmt.Errorf("%s never began", next)
	}
	return nil
}

// stateOf returns the state of a container that the kubelet has told of, or nil.
func stateOf(pod *corev1.Pod, container string) *corev1.ContainerState {
	for _, c := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		if c.Name == container {
			return &c.State
		}
	}
	return nil
}

// CompletedWithin expects the Job to have been complete no later than that after it was created.
func CompletedWithin(limit time.Duration) types.GomegaMatcher {
	return past(fmt.Sprintf("have been complete within %v", limit), func(job *history.Job) error {
		became, err := reached(job, batchv1.JobComplete)
		if err != nil {
			return err
		}
		done := job.Last().Status.CompletionTime
		if done == nil {
			return errors.New("it has no completionTime")
		}
		if took := done.Sub(job.Created().At); took > limit {
			return fmt.Errorf("it was after %v, %s", took, at(job, became.Step))
		}
		return nil
	})
}
