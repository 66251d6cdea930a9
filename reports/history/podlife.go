package history

import (
	"strconv"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// Pods returns the pods that the Job ever controlled, in the order of their creation.
func (j *Job) Pods() []PodLife {
	if j.UID == "" {
		return nil
	}
	return j.history.podLives(func(versions []int) bool {
		for _, i := range versions {
			if controller(j.history.versions[i].Pod()) == j.UID {
				return true
			}
		}
		return false
	})
}

// Pods returns every pod in the order of their creation.
func (h *History) Pods() []PodLife {
	return h.podLives(func([]int) bool { return true })
}

// podLives returns the pods that wanted picks by the indexes of their versions.
func (h *History) podLives(wanted func(versions []int) bool) []PodLife {
	var order []string
	byUID := map[string][]int{}
	for i, v := range h.versions {
		if v.Kind != Pods.Name || v.Pod() == nil {
			continue
		}
		if byUID[v.UID] == nil {
			order = append(order, v.UID)
		}
		byUID[v.UID] = append(byUID[v.UID], i)
	}
	var lives []PodLife
	for _, uid := range order {
		if versions := byUID[uid]; wanted(versions) {
			lives = append(lives, h.podLife(versions))
		}
	}
	return lives
}

// podLife tells a pod's life from its versions.
func (h *History) podLife(indexes []int) PodLife {
	life := PodLife{Index: -1}
	for _, i := range indexes {
		v, pod := h.versions[i], h.versions[i].Pod()
		life.Name, life.UID, life.Phase = v.Name, v.UID, pod.Status.Phase
		life.Versions = append(life.Versions, v)
		life.containers(pod)
		if index, err := strconv.Atoi(pod.Annotations[batchv1.JobCompletionIndexAnnotation]); err == nil {
			life.Index = index
		}
		mark := func(step *Step, reached bool, at time.Time) {
			if reached && !step.Happened() {
				*step = h.step(i)
				step.At = at
			}
		}
		mark(&life.Created, true, pod.CreationTimestamp.Time)
		if pod.Spec.NodeName != "" {
			life.Node = pod.Spec.NodeName
			mark(&life.Scheduled, true, scheduledAt(pod))
		}
		mark(&life.Running, pod.Status.Phase == corev1.PodRunning, life.startedAt())
		mark(&life.Finished, finished(pod), life.finishedAt())
		if pod.DeletionTimestamp != nil {
			grace := time.Duration(value(pod.DeletionGracePeriodSeconds)) * time.Second
			mark(&life.DeletionMarked, true, pod.DeletionTimestamp.Add(-grace))
		}
		mark(&life.Gone, v.Type == Deleted, time.Time{})
	}
	return life
}

// finished reports whether the pod's phase is final.
func finished(pod *corev1.Pod) bool {
	return pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
}

func scheduledAt(pod *corev1.Pod) time.Time {
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodScheduled && c.Status == corev1.ConditionTrue {
			return c.LastTransitionTime.Time
		}
	}
	return time.Time{}
}

// startedAt is when the first app container first started, as far as is known by now.
func (p *PodLife) startedAt() time.Time {
	var first time.Time
	for _, c := range p.Containers {
		if c.Init {
			continue
		}
		for _, run := range c.Runs {
			if !run.Started.IsZero() && (first.IsZero() || run.Started.Before(first)) {
				first = run.Started
			}
		}
	}
	return first
}

// finishedAt is when the last of all containers ended, as far as is known by now.
func (p *PodLife) finishedAt() time.Time {
	var last time.Time
	for _, c := range p.Containers {
		for _, run := range c.Runs {
			if run.Finished.After(last) {
				last = run.Finished
			}
		}
	}
	return last
}
