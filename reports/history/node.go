package history

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// Readiness is the Ready condition of a node from a step on.
type Readiness struct {
	// Status is True, False or, when the node is no longer heard of, Unknown.
	Status corev1.ConditionStatus
	Reason string
	// Step is the first version that showed it; its At is the condition's lastTransitionTime.
	Step Step
}

// Readiness returns each change of a node's Ready condition in order, the first seen included.
func (h *History) Readiness(node string) []Readiness {
	var changes []Readiness
	for i, v := range h.versions {
		if v.Kind != Nodes.Name || v.Name != node || v.Node() == nil {
			continue
		}
		for _, c := range v.Node().Status.Conditions {
			if c.Type != corev1.NodeReady {
				continue
			}
			if n := len(changes); n == 0 || changes[n-1].Status != c.Status {
				step := h.step(i)
				step.At = c.LastTransitionTime.Time
				changes = append(changes, Readiness{Status: c.Status, Reason: c.Reason, Step: step})
			}
		}
	}
	return changes
}

// NodeNames returns the names of all nodes seen, sorted.
func (h *History) NodeNames() []string {
	names := map[string]bool{}
	for _, v := range h.versions {
		if v.Kind == Nodes.Name {
			names[v.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
