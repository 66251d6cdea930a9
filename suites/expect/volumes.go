package expect

import (
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega/types"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// BoundClaim expects the PersistentVolumeClaim of that name to be bound to a volume.
func BoundClaim(name string) types.GomegaMatcher { return claimInPhase(name, corev1.ClaimBound) }

// PendingClaim expects the PersistentVolumeClaim of that name to be there and to have no volume.
func PendingClaim(name string) types.GomegaMatcher { return claimInPhase(name, corev1.ClaimPending) }

func claimInPhase(name string, phase corev1.PersistentVolumeClaimPhase) types.GomegaMatcher {
	return aboutClaim(name, "be "+string(phase), func(_ *history.Live, claim *corev1.PersistentVolumeClaim) error {
		if claim.Status.Phase != phase {
			return fmt.Errorf("it is %s", claim.Status.Phase)
		}
		return nil
	})
}

// ClaimEvents expects Events about the PersistentVolumeClaim of that name, n or more of them, whose message contains some
// words. Events that are alike count together.
func ClaimEvents(name string, n int32, kind, reason, words string) types.GomegaMatcher {
	says := fmt.Sprintf("have %s %s %s about %q", count(int(n), "Event"), kind, reason, words)
	return aboutClaim(name, says, func(live *history.Live, claim *corev1.PersistentVolumeClaim) error {
		var happened int32
		var others []string
		for _, event := range live.Events() {
			switch {
			case event.InvolvedObject.UID != claim.UID:
			case event.Type == kind && event.Reason == reason && strings.Contains(event.Message, words):
				happened += max(event.Count, 1)
			default:
				others = append(others, fmt.Sprintf("%s %s: %s", event.Type, event.Reason, event.Message))
			}
		}
		if happened < n {
			return fmt.Errorf("it has %d, beside %s", happened, list(others))
		}
		return nil
	})
}

// aboutClaim makes a statement about how a PersistentVolumeClaim stands at one moment, asked of a *history.Live that
// records the kind.
func aboutClaim(name, says string, seen func(*history.Live, *corev1.PersistentVolumeClaim) error) types.GomegaMatcher {
	return matcher[*history.Live]{
		subject: func(*history.Live) string { return "the claim " + name },
		says:    says,
		seen: func(live *history.Live) error {
			claims := live.Claims()
			i := slices.IndexFunc(claims, func(claim *corev1.PersistentVolumeClaim) bool { return claim.Name == name })
			if i < 0 {
				return fmt.Errorf("there is no such claim")
			}
			return seen(live, claims[i])
		},
	}
}

// UnplaceablePods expects n pods that the scheduler finds no node for, and says so in words.
func UnplaceablePods(n int, words string) types.GomegaMatcher {
	return pods(n, fmt.Sprintf("unschedulable (%s)", words), func(state history.State) []*corev1.Pod {
		return having(state, func(pod *corev1.Pod) bool {
			return slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
				return c.Type == corev1.PodScheduled && c.Status == corev1.ConditionFalse &&
					c.Reason == corev1.PodReasonUnschedulable && strings.Contains(c.Message, words)
			})
		})
	})
}

// WaitingPods expects n pods that have a container which is not started for that reason: CreateContainerConfigError.
func WaitingPods(n int, reason string) types.GomegaMatcher {
	return pods(n, "waiting ("+reason+")", func(state history.State) []*corev1.Pod {
		return having(state, func(pod *corev1.Pod) bool {
			return slices.ContainsFunc(pod.Status.ContainerStatuses, func(c corev1.ContainerStatus) bool {
				return c.State.Waiting != nil && c.State.Waiting.Reason == reason
			})
		})
	})
}
