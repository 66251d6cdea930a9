package history

import corev1 "k8s.io/api/core/v1"

// Count is how many unfinished pods a Job had from a step on.
type Count struct {
	// Active pods are neither Succeeded nor Failed and carry no deletionTimestamp, as the Job controller counts them
	// (IsPodActive and IsPodTerminating in pkg/controller/controller_utils.go).
	Active int
	// Terminating pods are neither Succeeded nor Failed and carry one.
	Terminating int
	// Step is the Job or pod version after which it was so.
	Step Step
}

// Counts returns the number of active and terminating pods after each version of the Job and of the pods it controls, in
// the order of resource versions. That order holds between Jobs and pods if the cluster keeps both in one etcd.
func (j *Job) Counts() []Count {
	if j.UID == "" {
		return nil
	}
	var counts []Count
	terminating := map[string]bool{} // the unfinished pods by uid
	for i, v := range j.history.versions {
		pod := v.Pod()
		_, counted := terminating[v.UID]
		switch {
		case pod != nil && counted || pod != nil && controller(pod) == j.UID:
			delete(terminating, v.UID)
			if v.Type != Deleted && controller(pod) == j.UID && !finished(pod) {
				terminating[v.UID] = pod.DeletionTimestamp != nil
			}
		case v.UID != j.UID:
			continue
		}
		counts = append(counts, count(terminating, j.history.step(i)))
	}
	return counts
}

func count(terminating map[string]bool, step Step) Count {
	c := Count{Step: step}
	for _, t := range terminating {
		if t {
			c.Terminating++
		} else {
			c.Active++
		}
	}
	return c
}

// MostActive returns the first Count with the highest Active; the zero Count if the Job was never seen.
func (j *Job) MostActive() Count {
	var most Count
	for i, c := range j.Counts() {
		if i == 0 || c.Active > most.Active {
			most = c
		}
	}
	return most
}

// IsActive reports whether the Job controller counts the pod as active: neither finished nor marked for deletion.
func IsActive(pod *corev1.Pod) bool { return !finished(pod) && pod.DeletionTimestamp == nil }

// IsTerminating reports whether the Job controller counts the pod as terminating: not finished, marked for deletion.
func IsTerminating(pod *corev1.Pod) bool { return !finished(pod) && pod.DeletionTimestamp != nil }
