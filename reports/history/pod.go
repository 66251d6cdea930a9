package history

import corev1 "k8s.io/api/core/v1"

// PodLife is all that was seen of one pod.
type PodLife struct {
	Name, UID string
	// Node is where it was bound to, or empty.
	Node string
	// Index is its completion index, or -1 if it has none.
	Index int
	// Phase is the last one seen.
	Phase corev1.PodPhase

	// Created is the first version; At is the creationTimestamp.
	Created Step
	// Scheduled is the first version with a node; At is the PodScheduled condition's transition.
	Scheduled Step
	// Running is the first version in phase Running; At is when its first app container started. A pod can end without
	// ever having been seen Running.
	Running Step
	// Finished is the first version in phase Succeeded or Failed; At is when its last container ended, zero if no
	// container ever ran.
	Finished Step
	// DeletionMarked is the first version with a deletionTimestamp; At is when the deletion was asked for, which is the
	// deletionTimestamp less the grace period.
	DeletionMarked Step
	// Gone is the pod's removal from the API server.
	Gone Step

	// Containers holds the init containers and then the app containers, in the order of the spec.
	Containers []ContainerLife
	// Versions are all versions of the pod, the Deleted one included.
	Versions []Version
}

// Last returns the pod as it was last seen.
func (p PodLife) Last() *corev1.Pod { return p.Versions[len(p.Versions)-1].Pod() }

// First returns the pod as it was first seen.
func (p PodLife) First() *corev1.Pod { return p.Versions[0].Pod() }

// Restarts is the sum of its containers' restarts, init containers included, as a Job's backoffLimit counts them.
func (p PodLife) Restarts() int32 {
	var sum int32
	for _, c := range p.Containers {
		sum += c.Restarts
	}
	return sum
}

// Container returns what was seen of a container, or false if the pod has none of that name.
func (p PodLife) Container(name string) (ContainerLife, bool) {
	for _, c := range p.Containers {
		if c.Name == name {
			return c, true
		}
	}
	return ContainerLife{}, false
}

// Disrupted reports whether the pod ever carried DisruptionTarget=True, and that condition's reason.
func (p PodLife) Disrupted() (reason string, disrupted bool) {
	for _, v := range p.Versions {
		for _, c := range v.Pod().Status.Conditions {
			if c.Type == corev1.DisruptionTarget && c.Status == corev1.ConditionTrue {
				return c.Reason, true
			}
		}
	}
	return "", false
}
