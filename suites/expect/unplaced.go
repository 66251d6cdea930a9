package expect

import (
	"github.com/onsi/gomega/types"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// UnplacedPods expects n active pods that are Pending and have no node.
func UnplacedPods(n int) types.GomegaMatcher {
	return pods(n, "unplaced", func(state history.State) []*corev1.Pod {
		return having(state, func(pod *corev1.Pod) bool {
			return history.IsActive(pod) && pod.Status.Phase == corev1.PodPending && pod.Spec.NodeName == ""
		})
	})
}
