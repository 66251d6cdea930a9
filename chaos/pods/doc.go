// Package pods holds the faults that hit pods: they are deleted, evicted, preempted, or a container of theirs is killed.
package pods
