package judge

import (
	"encoding/json"
	"fmt"
	"slices"
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

// tale is a history of one Job that is told version by version. Everything happens a second after what was before it.
type tale struct {
	t    *testing.T
	job  *batchv1.Job
	pods map[string]*corev1.Pod
	told []history.Version
}

func newTale(t *testing.T) *tale { return &tale{t: t, pods: map[string]*corev1.Pod{}} }

// moment is a time on the tale's clock.
func moment(seconds int) metav1.Time {
	return metav1.NewTime(time.Date(2026, 1, 1, 0, 0, seconds, 0, time.UTC))
}

// now is when the next version is told.
func (tl *tale) now() metav1.Time { return moment(len(tl.told) + 1) }

// begin tells that the Job is created, as the API server completes it, with 2 pods at once for 3 completions.
func (tl *tale) begin(change func(*batchv1.Job)) {
	j := &batchv1.Job{
		ObjectMeta: metav1.ObjectMeta{Name: "demo", Namespace: "jp-test", UID: "job", Generation: 1, CreationTimestamp: tl.now()},
		Spec: batchv1.JobSpec{
			Parallelism: new(int32(2)), Completions: new(int32(3)), BackoffLimit: new(int32(6)), Suspend: new(false),
			ManualSelector: new(false), CompletionMode: new(batchv1.NonIndexedCompletion),
			PodReplacementPolicy: new(batchv1.TerminatingOrFailed),
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{
					"batch.kubernetes.io/job-name": "demo", "job-name": "demo",
					"batch.kubernetes.io/controller-uid": "job", "controller-uid": "job",
				}},
				Spec: corev1.PodSpec{
					RestartPolicy: corev1.RestartPolicyNever,
					Containers:    []corev1.Container{{Name: "task", Image: "busybox", ImagePullPolicy: corev1.PullIfNotPresent}},
				},
			},
		},
	}
	if change != nil {
		change(j)
	}
	tl.job = j
	tl.tell(history.Added, "Job", j)
}

// spec tells that somebody changes the Job's spec.
func (tl *tale) spec(change func(*batchv1.JobSpec)) {
	change(&tl.job.Spec)
	tl.job.Generation++
	tl.tell(history.Modified, "Job", tl.job)
}

// status tells that the controller writes a status: at least who is active.
func (tl *tale) status(change func(*batchv1.JobStatus)) {
	tl.job.Status.Active++ // so that it differs
	if change != nil {
		change(&tl.job.Status)
	}
	tl.tell(history.Modified, "Job", tl.job)
}

// mark tells that the Job is deleted and stays until its pods are gone.
func (tl *tale) mark() {
	tl.job.DeletionTimestamp = new(tl.now())
	tl.job.Generation++
	tl.tell(history.Modified, "Job", tl.job)
}

// create tells that the controller creates a pod; with an index, one for that index.
func (tl *tale) create(name string, change ...func(*corev1.Pod)) {
	template := tl.job.Spec.Template.DeepCopy()
	p := &corev1.Pod{ObjectMeta: template.ObjectMeta, Spec: template.Spec, Status: corev1.PodStatus{Phase: corev1.PodPending}}
	p.Name, p.Namespace, p.UID, p.CreationTimestamp = tl.job.Name+"-"+name+"xxxx", "jp-test", types.UID("pod-"+name), tl.now()
	p.Finalizers = append(p.Finalizers, batchv1.JobTrackingFinalizer)
	p.OwnerReferences = []metav1.OwnerReference{*metav1.NewControllerRef(tl.job, batchv1.SchemeGroupVersion.WithKind("Job"))}
	for _, one := range change {
		one(p)
	}
	tl.pods[name] = p
	tl.tell(history.Added, "Pod", p)
}

// withIndex makes a pod one of an Indexed Job's.
func withIndex(index int) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		text := fmt.Sprint(index)
		p.Annotations = map[string]string{batchv1.JobCompletionIndexAnnotation: text}
		p.Labels[batchv1.JobCompletionIndexAnnotation] = text
		p.Spec.Hostname = "demo-" + text
		p.Name = "demo-" + text + strings.TrimPrefix(p.Name, "demo")
		env := corev1.EnvVar{Name: "JOB_COMPLETION_INDEX", Value: text}
		for _, list := range [][]corev1.Container{p.Spec.Containers, p.Spec.InitContainers} {
			for i := range list {
				list[i].Env = append(list[i].Env, env)
			}
		}
	}
}

// pod tells that a pod changes.
func (tl *tale) pod(name string, change func(*corev1.Pod)) {
	change(tl.pods[name])
	tl.tell(history.Modified, "Pod", tl.pods[name])
}

func (tl *tale) succeeds(name string) {
	tl.pod(name, func(p *corev1.Pod) { p.Status.Phase = corev1.PodSucceeded })
}

func (tl *tale) fails(name string) {
	tl.pod(name, func(p *corev1.Pod) { p.Status.Phase = corev1.PodFailed })
}

// deleted tells that a pod is marked for deletion, untracked that it loses its finalizer, gone that it is removed.
func (tl *tale) deleted(name string) {
	tl.pod(name, func(p *corev1.Pod) { p.DeletionTimestamp = new(tl.now()) })
}

func (tl *tale) untracked(name string) {
	tl.pod(name, func(p *corev1.Pod) { p.Finalizers = nil })
}

func (tl *tale) gone(name string) { tl.tell(history.Deleted, "Pod", tl.pods[name]) }

// refused tells of an Event that says that a pod could not be created.
func (tl *tale) refused(message string) {
	tl.tell(history.Added, "Event", &corev1.Event{
		ObjectMeta:     metav1.ObjectMeta{Name: "demo.1", Namespace: "jp-test", UID: "event"},
		InvolvedObject: corev1.ObjectReference{Kind: "Job", Name: "demo", UID: "job"}, Reason: "FailedCreate", Message: message,
	})
}

func (tl *tale) tell(typ, kind string, object metav1.Object) {
	tl.t.Helper()
	rv := len(tl.told) + 1
	object.SetResourceVersion(fmt.Sprint(rv))
	raw, err := json.Marshal(object)
	if err != nil {
		tl.t.Fatal(err)
	}
	tl.told = append(tl.told, history.Version{
		Seen: tl.now().Time, Type: typ, Kind: kind, Namespace: object.GetNamespace(), Name: object.GetName(), UID: string(object.GetUID()),
		RV: uint64(rv), Object: raw,
	})
}

// judged judges what was told by those invariants.
func (tl *tale) judged(invariants ...[]Invariant) verdict.Judgement {
	tl.t.Helper()
	j := asking(history.Header{Kubernetes: "v1.37.0", Order: history.ByRV}, slices.Concat(invariants...))
	for i := range tl.told {
		if err := j.Line(history.Line{Number: i + 2, Version: &tl.told[i]}); err != nil {
			tl.t.Fatal(err)
		}
	}
	return j.End(history.End{At: tl.now().Time})
}

// story is a tale and what is found at its last version: nothing, the invariant that it breaks, or that with a question mark
// if that is not certain.
type story struct {
	name string
	tell func(*tale)
	want string
}

func (s story) check(t *testing.T, invariants ...[]Invariant) {
	t.Run(s.name, func(t *testing.T) {
		tl := newTale(t)
		s.tell(tl)
		judgement := tl.judged(invariants...)
		var got []string
		for _, f := range judgement.Broken {
			got = append(got, f.Invariant)
		}
		for _, f := range judgement.Unsure {
			got = append(got, f.Invariant+"?")
		}
		if strings.Join(got, " ") != s.want {
			t.Errorf("it breaks %q, want %q: %v %v", got, s.want, judgement.Broken, judgement.Unsure)
		}
		for _, f := range slices.Concat(judgement.Broken, judgement.Unsure) {
			if f.RV != uint64(len(tl.told)) {
				t.Errorf("%s at rv %d, want %d: %v", f.Invariant, f.RV, len(tl.told), f)
			}
		}
	})
}
