package plan

import (
	corev1 "k8s.io/api/core/v1"
)

// choose returns the names of the pods of a Job that a selector means, the oldest first; nothing if there are too few.
func (s Selector) choose(pods []*corev1.Pod) []string {
	var names []string
	for _, pod := range pods {
		if s.Pod.Is(pod) && ofIndex(pod, s.Index) {
			names = append(names, pod.Name)
		}
	}
	switch count := max(int(s.Count), 1); {
	case s.Count == All:
		return names
	case len(names) < count:
		return nil
	default:
		return names[:count]
	}
}
