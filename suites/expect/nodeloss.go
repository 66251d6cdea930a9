package expect

import (
	"errors"
	"fmt"
	"time"

	"github.com/onsi/gomega/types"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// UnreadyNode expects a node's Ready condition to be False or Unknown: its kubelet says that it cannot run pods, or is no
// longer heard of.
func UnreadyNode(name string) types.GomegaMatcher {
	return node(name, "not Ready", func(node *corev1.Node) error {
		if err := readyIs(node, corev1.ConditionTrue); err == nil {
			return errors.New("it is Ready")
		}
		return nil
	})
}

// MostUnfinished expects the pods that were not finished, active and terminating ones together, to have been n at most, and n
// at some time.
func MostUnfinished(n int) types.GomegaMatcher {
	return past(fmt.Sprintf("have had at most %s that were not finished, terminating ones included", count(n, "pod")), func(job *history.Job) error {
		var most history.Count
		for _, now := range job.Counts() {
			if now.Active+now.Terminating > most.Active+most.Terminating {
				most = now
			}
		}
		if most.Active+most.Terminating != n {
			return fmt.Errorf("it had %d active and %d terminating ones %s", most.Active, most.Terminating, at(job, most.Step))
		}
		return nil
	})
}

// RepeatedLostIndexes expects each pod of an Indexed Job that was lost on a node, marked for deletion unfinished, to have been
// followed by one of the same index on another node, the indexes that succeeded there to have had no other pod, and that there
// was a pod of either kind.
func RepeatedLostIndexes(node string) types.GomegaMatcher {
	return past("have repeated on other nodes just the indexes that were lost on "+node, func(job *history.Job) error {
		lost, kept := 0, 0
		for _, pod := range job.Pods() {
			if pod.Node != node {
				continue
			}
			next, repeated := successor(job, pod)
			switch {
			case pod.Phase == corev1.PodSucceeded && repeated:
				return fmt.Errorf("index %d succeeded with %s and was repeated with %s %s", pod.Index, pod.Name, next.Name, at(job, next.Created))
			case pod.Phase == corev1.PodSucceeded:
				kept++
			case !repeated:
				return fmt.Errorf("index %d was lost with %s %s and was not repeated", pod.Index, pod.Name, at(job, pod.DeletionMarked))
			case next.Node == node || next.Created.Before(pod.DeletionMarked):
				return fmt.Errorf("index %d, lost with %s %s, was repeated with %s on %s %s",
					pod.Index, pod.Name, at(job, pod.DeletionMarked), next.Name, next.Node, at(job, next.Created))
			default:
				lost++
			}
		}
		if lost == 0 || kept == 0 {
			return fmt.Errorf("%s were lost there, and %d succeeded", count(lost, "pod"), kept)
		}
		return nil
	})
}

// successor returns the pod of the same index that came next.
func successor(job *history.Job, of history.PodLife) (history.PodLife, bool) {
	for _, pod := range job.Pods() {
		if pod.Index == of.Index && of.Created.Before(pod.Created) {
			return pod, true
		}
	}
	return history.PodLife{}, false
}

// LeftALostNodeAfter expects each pod on a node to have been marked for deletion that long after the node was last Ready, and
// not sooner. Times are those of the API server, which has seconds only.
func LeftALostNodeAfter(node string, toleration time.Duration) types.GomegaMatcher {
	return past(fmt.Sprintf("have had its pods on %s for %v after it was lost", node, toleration), func(job *history.Job) error {
		for _, change := range lent(job.History(), node) {
			if change.Status == corev1.ConditionTrue {
				continue
			}
			for _, pod := range job.Pods() {
				if stayed := pod.DeletionMarked.At.Sub(change.Step.At); pod.Node == node && stayed < toleration-time.Second {
					return fmt.Errorf("%s was marked for deletion %v after it, %s", pod.Name, stayed, at(job, pod.DeletionMarked))
				}
			}
			return nil
		}
		return errors.New("it never was")
	})
}
