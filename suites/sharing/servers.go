package sharing

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// reachable waits until each server, a pod with a Service of its name, is Ready and its Service has it as an endpoint. The
// scenario records EndpointSlices.
func reachable(ctx context.Context, s *scenario.Scenario, servers ...string) {
	GinkgoHelper()
	for _, server := range servers {
		s.Objects().Reach(ctx, expect.ReadyPod(server), expect.Publishes(server, server))
	}
}

// wordsOf returns the last words of each container of the Job's pod that succeeded, by the container's name.
func wordsOf(job *scenario.Job) map[string]string {
	words := map[string]string{}
	for _, pod := range job.State().Pods {
		if pod.Status.Phase != corev1.PodSucceeded {
			continue
		}
		for _, c := range pod.Status.ContainerStatuses {
			if c.State.Terminated != nil {
				words[c.Name] = strings.TrimSpace(c.State.Terminated.Message)
			}
		}
	}
	return words
}
