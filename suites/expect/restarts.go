package expect

import (
	"fmt"
	"time"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// RestartedBefore expects the restarts of all containers of all pods, init containers included, to have added up to at
// least n in the versions of the pods that are older than the one in which a condition became True.
func RestartedBefore(condition batchv1.JobConditionType, n int32) types.GomegaMatcher {
	says := fmt.Sprintf("have restarted its containers %d times before it became %s", n, condition)
	return past(says, func(job *history.Job) error {
		became, err := reached(job, condition)
		if err != nil {
			return err
		}
		var sum int32
		for _, pod := range job.Pods() {
			var restarts int32
			for _, version := range pod.Versions {
				if version.RV > became.Step.RV {
					break
				}
				status := version.Pod().Status
				var now int32
				for _, c := range status.InitContainerStatuses {
					now += c.RestartCount
				}
				for _, c := range status.ContainerStatuses {
					now += c.RestartCount
				}
				restarts = max(restarts, now)
			}
			sum += restarts
		}
		if sum < n {
			return fmt.Errorf("it had %d times when it became so %s", sum, at(job, became.Step))
		}
		return nil
	})
}

// Rested expects the runs of a container of a history.PodLife to have followed each other with at least these pauses,
// the first being that between the first run and the second. Each run must have been seen.
func Rested(container string, pauses ...time.Duration) types.GomegaMatcher {
	says := fmt.Sprintf("have restarted container %s after at least %v", container, pauses)
	return matcher[history.PodLife]{subject: podName, says: says, seen: func(pod history.PodLife) error {
		life, _ := pod.Container(container)
		if runs := len(life.Runs); runs <= len(pauses) || runs <= int(life.Restarts) {
			return fmt.Errorf("only %s were seen, for %s", count(runs, "run"), count(int(life.Restarts), "restart"))
		}
		for i, pause := range pauses {
			ended, next := life.Runs[i], life.Runs[i+1]
			if rested := next.Started.Sub(ended.Finished); !ended.Ended || rested < pause {
				return fmt.Errorf("run %d ended at %s and run %d started at %s, %v later", i+1,
					ended.Finished.UTC().Format(time.TimeOnly), i+2, next.Started.UTC().Format(time.TimeOnly), rested)
			}
		}
		return nil
	}}
}

// HadBackoffLimit expects spec.backoffLimit to have been n when the Job was accepted, defaults included.
func HadBackoffLimit(n int32) types.GomegaMatcher {
	return past(fmt.Sprintf("have been accepted with backoffLimit %d", n), func(job *history.Job) error {
		if limit := job.First().Spec.BackoffLimit; limit == nil || *limit != n {
			return fmt.Errorf("it was %s", number(limit))
		}
		return nil
	})
}

// StayedOnItsNode expects of a history.PodLife that it was bound to a node and to no other after it.
func StayedOnItsNode() types.GomegaMatcher {
	return matcher[history.PodLife]{subject: podName, says: "have stayed on its node", seen: func(pod history.PodLife) error {
		for _, version := range pod.Versions {
			if node := version.Pod().Spec.NodeName; node != "" && node != pod.Node {
				return fmt.Errorf("it was on %s (rv %d) and then on %s", node, version.RV, pod.Node)
			}
		}
		if pod.Node == "" {
			return fmt.Errorf("it was never bound to one")
		}
		return nil
	}}
}
