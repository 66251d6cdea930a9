// Package pods holds the faults that hit pods: they are deleted, killed, evicted, preempted, driven off their node by a taint,
// or a container of theirs is killed. A [Phase] says which of a Job's pods are where in their life, to choose among them.
//
// The recorder of the site confirms each of them, by uid, in the pod itself. What was so before the fault was injected is no
// confirmation: a pod that is marked for deletion already cannot be hit.
package pods
