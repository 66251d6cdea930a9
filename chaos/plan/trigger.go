package plan

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/reports/history"
)

// String says what the trigger waits for, and completes "it waited for …".
func (t Trigger) String() string {
	switch {
	case t.Elapsed != 0:
		return time.Duration(t.Elapsed).String() + " to pass"
	case t.Node != "":
		return fmt.Sprintf("the node %s to be %s", t.Node, t.Is)
	case t.Pod != "":
		text := fmt.Sprintf("a pod of the Job %s", t.Job)
		if t.Index != nil {
			text = fmt.Sprintf("a pod of index %d of the Job %s", *t.Index, t.Job)
		}
		if t.Nth > 1 {
			text = strings.Replace(text, "a pod", fmt.Sprintf("pod %d", t.Nth), 1)
		}
		return text + " to be " + string(t.Pod)
	case t.Status == uncounted:
		return fmt.Sprintf("%s of the Job %s to name %d pods or more", uncounted, t.Job, atLeastOne(t.AtLeast))
	case t.Status != "":
		return fmt.Sprintf("the Job %s to count %d %s or more", t.Job, atLeastOne(t.AtLeast), t.Status)
	case t.Condition != "":
		return fmt.Sprintf("the condition %s of the Job %s", t.Condition, t.Job)
	case t.Done != 0:
		return fmt.Sprintf("the Job %s to be done to %d%%", t.Job, t.Done)
	case t.Quiet:
		return fmt.Sprintf("the Job %s to back off with no active pod", t.Job)
	default:
		return fmt.Sprintf("the Job %s to be %s", t.Job, t.Is)
	}
}

func atLeastOne(n int) int { return max(n, 1) }

// seen is that a trigger came true: what was seen, at which resource version of it.
type seen struct {
	what, rv string
	pod      *corev1.Pod // nil if it was no pod
}

// watch is a trigger that is waited for.
type watch struct {
	Trigger
	uid         string // of the Job
	completions int
	node        string // what the victim is really called
	pods        map[types.UID]bool
}

// look says whether the trigger is true of the objects that exist now. It remembers the pods that it has seen.
func (w *watch) look(live *history.Live) (seen, bool) {
	if w.Node != "" {
		return w.lookAtNode(live)
	}
	version, there := live.Latest(w.uid)
	job := version.Job()
	switch {
	case w.Is == IsGone:
		return seen{what: "the Job " + w.Job + " is gone"}, !there
	case w.Pod != "":
		return w.lookAtPods(live)
	case job == nil:
		return seen{}, false
	}
	what, is := w.lookAtJob(job, live)
	return seen{what: fmt.Sprintf("the Job %s %s", w.Job, what), rv: job.ResourceVersion}, is
}

func (w *watch) lookAtJob(job *batchv1.Job, live *history.Live) (what string, is bool) {
	status := &job.Status
	switch {
	case w.Status != "":
		n := fields[w.Status](status)
		return fmt.Sprintf("has %s %d", w.Status, n), n >= atLeastOne(w.AtLeast)
	case w.Condition != "":
		return "is " + w.Condition, has(job, w.Condition)
	case w.Done != 0:
		n := int(status.Succeeded)
		if status.UncountedTerminatedPods != nil {
			n += len(status.UncountedTerminatedPods.Succeeded)
		}
		return fmt.Sprintf("has done %d of %d", n, w.completions), n*100 >= int(w.Done)*w.completions
	case w.Quiet:
		failed := int(status.Failed)
		if status.UncountedTerminatedPods != nil {
			failed += len(status.UncountedTerminatedPods.Failed)
		}
		return fmt.Sprintf("backs off after %d failures", failed), failed > 0 && !finished(job) && !has(job, string(batchv1.JobSuspended)) &&
			!anyActive(live.PodsOf(w.uid))
	case w.Is == IsFinished:
		return "is finished", finished(job)
	case w.Is == IsSuspended:
		return "is suspended", has(job, string(batchv1.JobSuspended)) && !finished(job)
	default:
		return "is running", !has(job, string(batchv1.JobSuspended)) && !finished(job)
	}
}

func (w *watch) lookAtPods(live *history.Live) (seen, bool) {
	for _, pod := range live.PodsOf(w.uid) {
		if w.pods[pod.UID] || !w.Pod.Is(pod) || !ofIndex(pod, w.Index) {
			continue
		}
		if w.pods == nil {
			w.pods = map[types.UID]bool{}
		}
		w.pods[pod.UID] = true
		if len(w.pods) >= atLeastOne(w.Nth) {
			what := fmt.Sprintf("the pod %s is %s", pod.Name, w.Pod)
			if n := len(w.pods); n > 1 {
				what += fmt.Sprintf(", the %d. to be seen so", n)
			}
			return seen{what: what, rv: pod.ResourceVersion, pod: pod}, true
		}
	}
	return seen{}, false
}

func (w *watch) lookAtNode(live *history.Live) (seen, bool) {
	for _, node := range live.Nodes() {
		if node.Name != w.node {
			continue
		}
		ready := false
		for _, c := range node.Status.Conditions {
			ready = ready || c.Type == corev1.NodeReady && c.Status == corev1.ConditionTrue
		}
		return seen{what: "the node " + node.Name + " is " + w.Is, rv: node.ResourceVersion}, ready == (w.Is == IsReady)
	}
	return seen{what: "the node " + w.node + " is not there"}, w.Is == IsNotReady
}

// has reports whether a Job has a condition that is True.
func has(job *batchv1.Job, condition string) bool {
	for _, c := range job.Status.Conditions {
		if string(c.Type) == condition && c.Status == corev1.ConditionTrue {
			return true
		}
	}
	return false
}

func finished(job *batchv1.Job) bool {
	return has(job, string(batchv1.JobComplete)) || has(job, string(batchv1.JobFailed))
}

func anyActive(pods []*corev1.Pod) bool {
	for _, pod := range pods {
		if history.IsActive(pod) {
			return true
		}
	}
	return false
}

// ofIndex reports whether a pod has that index; any pod has none in particular.
func ofIndex(pod *corev1.Pod, index *int) bool {
	return index == nil || pod.Annotations[batchv1.JobCompletionIndexAnnotation] == strconv.Itoa(*index)
}
