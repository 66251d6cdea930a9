package expect

import (
	"fmt"
	"slices"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// Condition expects a condition to be True now.
func Condition(condition batchv1.JobConditionType) types.GomegaMatcher {
	return standsAt(condition, corev1.ConditionTrue, "")
}

// ConditionBecause expects a condition to be True now for that reason.
func ConditionBecause(condition batchv1.JobConditionType, reason string) types.GomegaMatcher {
	return standsAt(condition, corev1.ConditionTrue, reason)
}

// NoConditionBecause expects a condition to be False now, no longer True, for that reason.
func NoConditionBecause(condition batchv1.JobConditionType, reason string) types.GomegaMatcher {
	return standsAt(condition, corev1.ConditionFalse, reason)
}

func standsAt(condition batchv1.JobConditionType, status corev1.ConditionStatus, reason string) types.GomegaMatcher {
	says := fmt.Sprintf("have %s=%s", condition, status)
	if reason != "" {
		says += " because of " + reason
	}
	return present(says, func(state history.State) error {
		if state.Job == nil {
			return errNoJob
		}
		var has []string
		for _, c := range state.Job.Status.Conditions {
			if c.Type == condition && c.Status == status && (reason == "" || c.Reason == reason) {
				return nil
			}
			has = append(has, fmt.Sprintf("%s=%s because of %s", c.Type, c.Status, c.Reason))
		}
		return fmt.Errorf("it has %s; its pods are %s", list(has), standing(state))
	})
}

// Event expects an Event about the Job of that type (Normal, Warning), reason and message, written once.
func Event(kind, reason, message string) types.GomegaMatcher { return Events(1, kind, reason, message) }

// Events expects an Event about the Job of that type, reason and message to have been written n times.
func Events(n int32, kind, reason, message string) types.GomegaMatcher {
	says := fmt.Sprintf("have announced %s %s, %q, %s", kind, reason, message, count(int(n), "time"))
	return present(says, func(state history.State) error {
		var times int32
		var others []string
		for _, event := range state.Events {
			if event.Type == kind && event.Reason == reason && event.Message == message {
				times += max(event.Count, 1)
				continue
			}
			others = append(others, fmt.Sprintf("%s %s, %q", event.Type, event.Reason, event.Message))
		}
		if times != n {
			return fmt.Errorf("it has %s, beside %s", count(int(times), "time"), list(others))
		}
		return nil
	})
}

// ReadyNode expects a node to be Ready and without the taints that keep pods off a node that is not.
func ReadyNode(name string) types.GomegaMatcher {
	return node(name, "Ready", func(node *corev1.Node) error {
		for _, taint := range node.Spec.Taints {
			if taint.Key == corev1.TaintNodeNotReady || taint.Key == corev1.TaintNodeUnreachable {
				return fmt.Errorf("it has the taint %s", taint.ToString())
			}
		}
		return readyIs(node, corev1.ConditionTrue)
	})
}

// UnheardNode expects a node's Ready condition to be Unknown: its kubelet is no longer heard of.
func UnheardNode(name string) types.GomegaMatcher {
	return node(name, "no longer heard of", func(node *corev1.Node) error { return readyIs(node, corev1.ConditionUnknown) })
}

func node(name, is string, seen func(*corev1.Node) error) types.GomegaMatcher {
	return present(fmt.Sprintf("see the node %s %s", name, is), func(state history.State) error {
		i := slices.IndexFunc(state.Nodes, func(node *corev1.Node) bool { return node.Name == name })
		if i < 0 {
			return fmt.Errorf("there is no such node")
		}
		return seen(state.Nodes[i])
	})
}

func readyIs(node *corev1.Node, status corev1.ConditionStatus) error {
	for _, c := range node.Status.Conditions {
		if c.Type == corev1.NodeReady {
			if c.Status != status {
				return fmt.Errorf("its condition Ready is %s (%s)", c.Status, c.Reason)
			}
			return nil
		}
	}
	return fmt.Errorf("it has no condition Ready")
}

// NoJob expects that there is no such Job, or no longer.
func NoJob() types.GomegaMatcher {
	return present("be gone", func(state history.State) error {
		if state.Job != nil {
			return fmt.Errorf("it is there; its pods are %s", standing(state))
		}
		return nil
	})
}
