package expect

import (
	"fmt"

	"github.com/onsi/gomega/types"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// startError is what containerd gives as the reason of a container that it could not start (errorStartReason in
// internal/cri/server/helpers.go).
const startError = "StartError"

// RestartedFor expects a history.PodLife to have restarted a container once for each of n failures of what it runs. Starts
// that the node failed to make, as a busy one may, are not counted.
func RestartedFor(container string, n int) types.GomegaMatcher {
	says := fmt.Sprintf("have restarted container %s for %s", container, count(n, "failure"))
	return matcher[history.PodLife]{subject: podName, says: says, seen: func(pod history.PodLife) error {
		life, _ := pod.Container(container)
		unmade := 0
		for _, ended := range terminations(pod, container) {
			if ended.Reason == startError {
				unmade++
			}
		}
		if restarts := int(life.Restarts) - unmade; restarts != n {
			return fmt.Errorf("it did so %s, beside %s that failed", count(restarts, "time"), count(unmade, "start"))
		}
		return nil
	}}
}

// RunsOver expects each of these pods to have succeeded, or to have been restarted more often than it says here, by now.
func RunsOver(restarts map[string]int32) types.GomegaMatcher {
	return present("have ended the present run of "+count(len(restarts), "pod"), func(state history.State) error {
		for _, pod := range state.Pods {
			before, asked := restarts[pod.Name]
			if !asked || pod.Status.Phase == corev1.PodSucceeded {
				continue
			}
			if now := RestartCount(pod); now <= before {
				return fmt.Errorf("%s has not, and was restarted %s", pod.Name, count(int(now), "time"))
			}
		}
		return nil
	})
}

// RestartCount is how often a pod's app containers were restarted.
func RestartCount(pod *corev1.Pod) int32 {
	var sum int32
	for _, c := range pod.Status.ContainerStatuses {
		sum += c.RestartCount
	}
	return sum
}
