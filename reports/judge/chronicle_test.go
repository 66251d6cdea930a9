package judge

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/verdict"
)

// chronicle is the history of one Job with its pods and Events, told version by version on a clock that is set by hand.
type chronicle struct {
	t      *testing.T
	header history.Header
	clock  time.Time
	rv     uint64
	job    *batchv1.Job
	pods   map[string]*corev1.Pod
	lines  []history.Line
}

func newChronicle(t *testing.T) *chronicle {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return &chronicle{
		t: t, clock: start, pods: map[string]*corev1.Pod{},
		header: history.Header{Kubernetes: "v1.37.0", Order: history.ByRV, Start: start},
	}
}

// at sets the clock, in seconds from the start.
func (c *chronicle) at(seconds float64) {
	c.clock = c.header.Start.Add(time.Duration(seconds * float64(time.Second)))
}

// now is the time on the cluster's clock.
func (c *chronicle) now() metav1.Time { return metav1.NewTime(c.clock.Truncate(time.Second)) }

func (c *chronicle) version(typ, kind string, object metav1.Object) {
	c.rv++
	c.clock = c.clock.Add(time.Millisecond)
	object.SetResourceVersion(strconv.FormatUint(c.rv, 10))
	raw, err := json.Marshal(object)
	if err != nil {
		c.t.Fatal(err)
	}
	c.lines = append(c.lines, history.Line{Number: len(c.lines) + 2, Version: &history.Version{
		Seen: c.clock, Type: typ, Kind: kind, Namespace: object.GetNamespace(), Name: object.GetName(),
		UID: string(object.GetUID()), RV: c.rv, Object: raw,
	}})
}

// begins tells of a Job with one pod for one completion.
func (c *chronicle) begins(change func(*batchv1.Job)) {
	c.job = &batchv1.Job{
		ObjectMeta: metav1.ObjectMeta{Name: "demo", Namespace: "jp-test", UID: "job", CreationTimestamp: c.now()},
		Spec: batchv1.JobSpec{
			Parallelism: new(int32(1)), Completions: new(int32(1)), BackoffLimit: new(int32(6)),
			Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"batch.kubernetes.io/controller-uid": "job"}},
			Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{RestartPolicy: corev1.RestartPolicyNever}},
		},
	}
	if change != nil {
		change(c.job)
	}
	c.version(history.Added, "Job", c.job)
}

// changes tells of another version of the Job, removes that it is gone.
func (c *chronicle) changes(change func(*batchv1.Job)) {
	change(c.job)
	c.version(history.Modified, "Job", c.job)
}

func (c *chronicle) removes() { c.version(history.Deleted, "Job", c.job) }

// turns makes conditions of the Job True.
func (c *chronicle) turns(reason string, conditions ...batchv1.JobConditionType) {
	c.changes(func(j *batchv1.Job) {
		for _, t := range conditions {
			j.Status.Conditions = append(j.Status.Conditions, batchv1.JobCondition{
				Type: t, Status: corev1.ConditionTrue, Reason: reason, LastTransitionTime: c.now(),
			})
		}
	})
}

// pod tells of a new pod, which runs, or of another version of one that is there.
func (c *chronicle) pod(name string, change ...func(*corev1.Pod)) {
	p, there := c.pods[name]
	if !there {
		p = &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{
				Name: "demo-" + name, Namespace: "jp-test", UID: types.UID("pod-" + name), CreationTimestamp: c.now(),
				Finalizers:      []string{batchv1.JobTrackingFinalizer},
				Labels:          map[string]string{"batch.kubernetes.io/controller-uid": "job"},
				OwnerReferences: []metav1.OwnerReference{*metav1.NewControllerRef(c.job, batchv1.SchemeGroupVersion.WithKind("Job"))},
			},
			Spec: corev1.PodSpec{NodeName: "worker", Containers: []corev1.Container{{Name: "main"}}},
			Status: corev1.PodStatus{
				Phase:      corev1.PodRunning,
				Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}},
				ContainerStatuses: []corev1.ContainerStatus{
					{Name: "main", State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}},
				},
			},
		}
		c.pods[name] = p
	}
	for _, one := range change {
		one(p)
	}
	if there {
		c.version(history.Modified, "Pod", p)
	} else {
		c.version(history.Added, "Pod", p)
	}
}

// goes tells that a pod is gone.
func (c *chronicle) goes(name string) { c.version(history.Deleted, "Pod", c.pods[name]) }

// ended lets a pod's container end, ends as well the pod.
func (c *chronicle) ended(phase corev1.PodPhase) func(*corev1.Pod) {
	at := c.now()
	return func(p *corev1.Pod) {
		p.Status.Phase = phase
		p.Status.Conditions[0].Status, p.Status.Conditions[0].LastTransitionTime = corev1.ConditionFalse, at
		p.Status.ContainerStatuses[0].State = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{FinishedAt: at}}
	}
}

func (c *chronicle) marked(grace int64) func(*corev1.Pod) {
	at := metav1.NewTime(c.now().Add(time.Duration(grace) * time.Second))
	return func(p *corev1.Pod) { p.DeletionTimestamp, p.DeletionGracePeriodSeconds = &at, &grace }
}

func untracked(p *corev1.Pod) { p.Finalizers = nil }

// unready makes a pod unready from now on.
func (c *chronicle) unready() func(*corev1.Pod) {
	at := c.now()
	return func(p *corev1.Pod) {
		p.Status.Conditions[0].Status, p.Status.Conditions[0].LastTransitionTime = corev1.ConditionFalse, at
	}
}

func disrupted(reason string) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Status.Conditions = append(p.Status.Conditions, corev1.PodCondition{
			Type: corev1.DisruptionTarget, Status: corev1.ConditionTrue, Reason: reason,
		})
	}
}

// tallied says of which index a pod is, and how many failures it had before.
func tallied(index, counted, ignored int) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Annotations = map[string]string{
			batchv1.JobCompletionIndexAnnotation:   strconv.Itoa(index),
			batchv1.JobIndexFailureCountAnnotation: strconv.Itoa(counted),
		}
		if ignored > 0 {
			p.Annotations[batchv1.JobIndexIgnoredFailureCountAnnotation] = strconv.Itoa(ignored)
		}
	}
}

// lists tells that the controller lists pods as failed, counts that it takes off their finalizers and counts them.
func (c *chronicle) lists(names ...string) {
	c.changes(func(j *batchv1.Job) {
		if j.Status.UncountedTerminatedPods == nil {
			j.Status.UncountedTerminatedPods = &batchv1.UncountedTerminatedPods{}
		}
		for _, name := range names {
			j.Status.UncountedTerminatedPods.Failed = append(j.Status.UncountedTerminatedPods.Failed, c.pods[name].UID)
		}
	})
}

func (c *chronicle) counts(names ...string) {
	for _, name := range names {
		c.pod(name, untracked)
	}
	c.changes(func(j *batchv1.Job) {
		j.Status.Failed += int32(len(j.Status.UncountedTerminatedPods.Failed))
		j.Status.UncountedTerminatedPods = nil
	})
}

// fails tells that pods fail, each a second after the one before, and are counted together.
func (c *chronicle) fails(names ...string) {
	for i, name := range names {
		if i > 0 {
			c.clock = c.clock.Add(time.Second)
		}
		c.pod(name, c.ended(corev1.PodFailed))
	}
	c.lists(names...)
	c.counts(names...)
}

// tells adds an Event about the Job.
func (c *chronicle) tells(kind, reason, message string, change ...func(*corev1.Event)) {
	e := &corev1.Event{
		ObjectMeta: metav1.ObjectMeta{
			Name: fmt.Sprintf("demo.%d", c.rv), Namespace: "jp-test", UID: types.UID(fmt.Sprintf("event-%d", c.rv)),
		},
		InvolvedObject: corev1.ObjectReference{Kind: "Job", Name: "demo", Namespace: "jp-test", UID: "job"},
		Type:           kind, Reason: reason, Message: message, Count: 1, Source: corev1.EventSource{Component: "job-controller"},
	}
	for _, one := range change {
		one(e)
	}
	c.version(history.Added, "Event", e)
}

// asks adds a request from the audit log that was granted.
func (c *chronicle) asks(user, verb, resource, name, subresource string) {
	c.header.Audited = true
	c.clock = c.clock.Add(time.Millisecond)
	c.lines = append(c.lines, history.Line{Number: len(c.lines) + 2, Write: &history.Write{
		At: c.clock, User: user, Verb: verb, Resource: resource, Subresource: subresource, Namespace: "jp-test",
		Name: "demo" + name, Code: 200,
	}})
}

// judge judges it by some invariants, some time after its last version.
func (c *chronicle) judge(invariants []Invariant) verdict.Judgement {
	j := asking(c.header, invariants)
	for _, l := range c.lines {
		if err := j.Line(l); err != nil {
			c.t.Fatal(err)
		}
	}
	return j.End(history.End{At: c.clock})
}

// report is something that happened, and what is found in it: "P20 Pod/demo-b", "unsure P23 Job/demo", or nothing.
type report struct {
	name string
	tell func(*chronicle)
	want string
}

// judged judges reports by a family and by itself.
func judged(t *testing.T, family []Invariant, reports []report) {
	t.Helper()
	for _, r := range reports {
		t.Run(r.name, func(t *testing.T) {
			c := newChronicle(t)
			r.tell(c)
			got := c.judge(family)
			var found []string
			for mark, findings := range map[string][]verdict.Finding{
				"": got.Broken, "unsure ": got.Unsure, "told ": got.Told, "blocked ": got.Blocked,
			} {
				for _, f := range findings {
					found = append(found, mark+f.Invariant+" "+f.Object)
				}
			}
			slices.Sort(found)
			if strings.Join(found, ", ") != r.want {
				t.Errorf("found %q, want %q: broken %v, unsure %v, told %v", found, r.want, got.Broken, got.Unsure, got.Told)
			}
		})
	}
}
