package history

import (
	"fmt"
	"strconv"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// fact is something worth telling about a version of an object.
type fact struct{ name, value string }

// facts returns what is worth telling, in the order in which it is told. Nothing is told of what is zero.
func facts(v Version) []fact {
	var told teller
	switch {
	case v.Job() != nil:
		told.job(v.Job())
	case v.Pod() != nil:
		told.pod(v.Pod())
	case v.Event() != nil:
		told.event(v.Event())
	case v.Node() != nil:
		told.node(v.Node())
	}
	return told
}

type teller []fact

func (t *teller) tell(name, value string) {
	if value != "" {
		*t = append(*t, fact{name, value})
	}
}

func (t *teller) number(name string, n int32) {
	if n != 0 {
		t.tell(name, strconv.Itoa(int(n)))
	}
}

func (t *teller) time(name string, at *metav1.Time) {
	if !at.IsZero() {
		t.tell(name, at.UTC().Format(time.TimeOnly))
	}
}

func (t *teller) job(j *batchv1.Job) {
	if j.Spec.Suspend != nil {
		t.tell("suspend", strconv.FormatBool(*j.Spec.Suspend))
	}
	t.number("parallelism", value(j.Spec.Parallelism))
	t.number("completions", value(j.Spec.Completions))
	t.time("startTime", j.Status.StartTime)
	t.number("active", j.Status.Active)
	t.number("ready", Ready(j))
	t.number("terminating", Terminating(j))
	t.number("succeeded", j.Status.Succeeded)
	t.number("failed", j.Status.Failed)
	t.tell("completedIndexes", j.Status.CompletedIndexes)
	t.tell("failedIndexes", value(j.Status.FailedIndexes))
	for _, c := range j.Status.Conditions {
		t.tell(string(c.Type), fmt.Sprintf("%s (%s)", c.Status, c.Reason))
	}
	t.time("completionTime", j.Status.CompletionTime)
	t.time("deletionTimestamp", j.DeletionTimestamp)
}

func (t *teller) pod(p *corev1.Pod) {
	t.tell("index", p.Annotations[batchv1.JobCompletionIndexAnnotation])
	t.tell("phase", string(p.Status.Phase))
	t.tell("reason", p.Status.Reason)
	t.tell("node", p.Spec.NodeName)
	for _, statuses := range [][]corev1.ContainerStatus{p.Status.InitContainerStatuses, p.Status.ContainerStatuses} {
		for _, c := range statuses {
			t.number(c.Name+" restarts", c.RestartCount)
			t.tell(c.Name, containerState(c.State))
		}
	}
	for _, c := range p.Status.Conditions {
		if c.Type == corev1.PodReady || c.Type == corev1.DisruptionTarget {
			t.tell(string(c.Type), string(c.Status))
		}
	}
	t.time("deletionTimestamp", p.DeletionTimestamp)
}

func containerState(s corev1.ContainerState) string {
	switch {
	case s.Terminated != nil:
		return fmt.Sprintf("exit %d (%s)", s.Terminated.ExitCode, s.Terminated.Reason)
	case s.Running != nil:
		return "running"
	case s.Waiting != nil:
		return s.Waiting.Reason
	default:
		return ""
	}
}

func (t *teller) event(e *corev1.Event) {
	t.tell("about", e.InvolvedObject.Kind+"/"+e.InvolvedObject.Name)
	t.tell(e.Type, e.Reason)
	t.tell("message", strconv.Quote(e.Message))
	if n := times(e); n > 1 {
		t.number("count", n)
	}
}

func (t *teller) node(n *corev1.Node) {
	for _, c := range n.Status.Conditions {
		if c.Type == corev1.NodeReady {
			t.tell("Ready", fmt.Sprintf("%s (%s)", c.Status, c.Reason))
		}
	}
	t.time("deletionTimestamp", n.DeletionTimestamp)
}
