package expect

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/onsi/gomega/types"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// standalone makes a statement about the pod of that name, whoever owns it, at one moment. It is asked about a
// *history.Live.
func standalone(name, says string, seen func(*corev1.Pod) error) types.GomegaMatcher {
	return matcher[*history.Live]{
		subject: func(*history.Live) string { return "the pod " + name },
		says:    says,
		seen: func(live *history.Live) error {
			for _, pod := range live.Pods() {
				if pod.Name == name {
					return seen(pod)
				}
			}
			return errors.New("there is no such pod")
		},
	}
}

// RunsPod expects a pod of that name whose containers all run, have been restarted n times together, and that is not
// marked for deletion.
func RunsPod(name string, n int32) types.GomegaMatcher {
	return standalone(name, "run after "+count(int(n), "restart"), func(pod *corev1.Pod) error {
		if !allRun(pod) {
			return fmt.Errorf("it is %s", standing(history.State{Pods: []*corev1.Pod{pod}}))
		}
		var restarts int32
		for _, c := range pod.Status.ContainerStatuses {
			restarts += c.RestartCount
		}
		if restarts != n {
			return fmt.Errorf("it was restarted %s", count(int(restarts), "time"))
		}
		return nil
	})
}

// EndedPod expects a pod of that name to be there in that phase.
func EndedPod(name string, phase corev1.PodPhase) types.GomegaMatcher {
	return standalone(name, "be "+string(phase), func(pod *corev1.Pod) error {
		if pod.Status.Phase != phase {
			return fmt.Errorf("it is %s", pod.Status.Phase)
		}
		return nil
	})
}

// TerminatingPod expects a pod of that name to be there, marked for deletion.
func TerminatingPod(name string) types.GomegaMatcher {
	return standalone(name, "be marked for deletion", func(pod *corev1.Pod) error {
		if pod.DeletionTimestamp == nil {
			return errors.New("it is not")
		}
		return nil
	})
}

// FreePod expects a pod of that name to be there that nobody owns, no finalizer holds and nobody has deleted.
func FreePod(name string) types.GomegaMatcher {
	return standalone(name, "belong to nobody", func(pod *corev1.Pod) error {
		switch {
		case len(pod.OwnerReferences) > 0:
			return fmt.Errorf("its owner is %s %s", pod.OwnerReferences[0].Kind, pod.OwnerReferences[0].Name)
		case len(pod.Finalizers) > 0:
			return fmt.Errorf("it has the finalizers %s", list(pod.Finalizers))
		case pod.DeletionTimestamp != nil:
			return errors.New("it is marked for deletion")
		}
		return nil
	})
}

// NoPodNamed expects that there is no pod of that name, or no longer.
func NoPodNamed(name string) types.GomegaMatcher {
	return matcher[*history.Live]{
		subject: func(*history.Live) string { return "the pod " + name },
		says:    "be gone",
		seen: func(live *history.Live) error {
			for _, pod := range live.Pods() {
				if pod.Name == name {
					return fmt.Errorf("it is %s", standing(history.State{Pods: []*corev1.Pod{pod}}))
				}
			}
			return nil
		},
	}
}

// Labelled returns the pods with a label that are neither finished nor marked for deletion, oldest first.
func Labelled(live *history.Live, label, value string) []*corev1.Pod {
	return slices.DeleteFunc(live.Pods(), func(pod *corev1.Pod) bool {
		return pod.Labels[label] != value || !history.IsActive(pod)
	})
}

// RunsPodsLabelled expects n active pods with a label, whose containers all run.
func RunsPodsLabelled(label, value string, n int) types.GomegaMatcher {
	return matcher[*history.Live]{
		subject: func(*history.Live) string { return "the pods labelled " + label + "=" + value },
		says:    fmt.Sprintf("be %d that run", n),
		seen: func(live *history.Live) error {
			pods := Labelled(live, label, value)
			if len(pods) != n || slices.ContainsFunc(pods, func(pod *corev1.Pod) bool { return !allRun(pod) }) {
				return fmt.Errorf("they are %s", standing(history.State{Pods: pods}))
			}
			return nil
		},
	}
}

// allRun reports whether a pod runs, with all its containers, and is not marked for deletion.
func allRun(pod *corev1.Pod) bool { return len(Running(history.State{Pods: []*corev1.Pod{pod}})) == 1 }

// BornAlone expects the pods that nobody controlled when they were created to have been these, in any order, one of each
// name. It is asked about a *history.History.
func BornAlone(names ...string) types.GomegaMatcher {
	return matcher[*history.History]{
		subject: func(*history.History) string { return "the pods that nobody controlled" },
		says:    "have been " + list(names),
		seen: func(recorded *history.History) error {
			var born []string
			for _, pod := range recorded.Pods() {
				if metav1.GetControllerOf(pod.First()) == nil {
					born = append(born, pod.Name)
				}
			}
			want := slices.Sorted(slices.Values(names))
			if slices.Sort(born); !slices.Equal(born, want) {
				return fmt.Errorf("they were %s", list(born))
			}
			return nil
		},
	}
}

// AnyPodNamed expects the life of the pod of that name, whoever owns it, to match. It is asked about a *history.History.
func AnyPodNamed(name string, matches types.GomegaMatcher) types.GomegaMatcher {
	return matcher[*history.History]{
		subject: func(*history.History) string { return "the pod " + name },
		says:    "match",
		seen: func(recorded *history.History) error {
			for _, pod := range recorded.Pods() {
				if pod.Name == name {
					return matched(pod, matches)
				}
			}
			return errors.New("there was none of that name")
		},
	}
}

// Went expects a history.PodLife to have been marked for deletion and then to have gone.
func Went() types.GomegaMatcher {
	return matcher[history.PodLife]{subject: podName, says: "have been deleted", seen: func(pod history.PodLife) error {
		if !pod.DeletionMarked.Happened() || !pod.Gone.Happened() {
			return fmt.Errorf("it was marked for deletion: %v, and is gone: %v", pod.DeletionMarked.Happened(), pod.Gone.Happened())
		}
		return nil
	}}
}

// ReplacedWithin expects the pod of that name to have been marked for deletion, and another with the same value of a
// label to have been created after that, no later than the limit. It is asked about a *history.History.
func ReplacedWithin(name, label string, limit time.Duration) types.GomegaMatcher {
	return matcher[*history.History]{
		subject: func(*history.History) string { return "the pod " + name },
		says:    fmt.Sprintf("have been replaced within %v", limit),
		seen: func(recorded *history.History) error {
			pods := recorded.Pods()
			i := slices.IndexFunc(pods, func(pod history.PodLife) bool { return pod.Name == name })
			if i < 0 || !pods[i].DeletionMarked.Happened() {
				return errors.New("it was not deleted")
			}
			for _, next := range pods {
				if !pods[i].DeletionMarked.Before(next.Created) || next.First().Labels[label] != pods[i].First().Labels[label] {
					continue
				}
				if took := next.Created.At.Sub(pods[i].DeletionMarked.At); took > limit {
					return fmt.Errorf("%s came after %v", next.Name, took)
				}
				return nil
			}
			return errors.New("it was not")
		},
	}
}

// DisruptedBy expects a history.PodLife to have had the condition DisruptionTarget for that reason.
func DisruptedBy(reason string) types.GomegaMatcher {
	return matcher[history.PodLife]{subject: podName, says: "have been disrupted by " + reason, seen: func(pod history.PodLife) error {
		if because, disrupted := pod.Disrupted(); !disrupted || because != reason {
			return fmt.Errorf("it was by %q", because)
		}
		return nil
	}}
}
