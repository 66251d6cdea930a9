package main

import (
	"context"
	"errors"
	"fmt"
	"path"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge/tree"
)

// within bounds each wait. The longest of a scene is for a CronJob's second minute; the rest is for a busy machine.
const within = 4 * time.Minute

// await waits until the recorder sees what a step waits for.
func (s *stage) await(ctx context.Context, a *Await) error {
	fields, err := a.fields()
	if err != nil {
		return err
	}
	var met metav1.Object
	err = s.until(ctx, func(live *history.Live) bool {
		if a.Event != "" {
			return happened(live, a.Event)
		}
		met = nil
		if found := s.find(live, &a.Target, fields); len(found) > 0 {
			met = found[0]
		}
		return (met != nil) != a.Gone
	})
	if err != nil {
		return fmt.Errorf("wait for %+v: %w", *a, err)
	}
	if pod, is := met.(*corev1.Pod); is && a.Call != "" {
		s.pods[a.Call] = pod
	}
	return nil
}

var errOver = errors.New("it did not come about")

func (s *stage) until(ctx context.Context, holds func(*history.Live) bool) error {
	waiting, cancel := context.WithTimeoutCause(ctx, within, errOver)
	defer cancel()
	return s.recorder.Await(waiting, holds)
}

// happened says whether there is an Event with that reason.
func happened(live *history.Live, reason string) bool {
	for _, event := range live.Events() {
		if event.Reason == reason {
			return true
		}
	}
	return false
}

// field is a field that must have a value.
type field struct {
	at   tree.Path
	want *tree.Value
}

// fields are those that the object must have.
func (a *Await) fields() ([]field, error) {
	var fields []field
	add := func(name string, want any) error {
		at, err := tree.ParsePath(name)
		fields = append(fields, field{at, tree.Of(want)})
		return err
	}
	for name, want := range a.When {
		if err := add(name, want); err != nil {
			return nil, err
		}
	}
	if a.Condition == "" {
		return fields, nil
	}
	return fields, add("status.conditions["+a.Condition+"].status", "True")
}

// met says whether an object has the fields.
func met(object []byte, fields []field) bool {
	if len(fields) == 0 {
		return true
	}
	v, err := tree.Parse(object)
	if err != nil {
		return false
	}
	for _, f := range fields {
		have := f.at.In(v)
		there := have != nil && !have.Null()
		if there == f.want.Null() || there && have.String() != f.want.String() {
			return false
		}
	}
	return true
}

// find returns the objects that a target means and that have the fields; the one at Nth if it says which.
func (s *stage) find(live *history.Live, t *Target, fields []field) []metav1.Object {
	var found []metav1.Object
	add := func(object metav1.Object) {
		if v, there := live.Latest(string(object.GetUID())); there && met(v.Object, fields) {
			found = append(found, object)
		}
	}
	switch {
	case t.Job != "":
		for _, job := range jobs(live, t.Job) {
			add(job)
		}
	case t.Pod != "":
		for _, pod := range live.Pods() {
			if called := s.pods[t.Pod]; called != nil && called.UID == pod.UID || called == nil && pod.Name == t.Pod {
				add(pod)
			}
		}
	case t.PodOf != "":
		for _, job := range jobs(live, t.PodOf) {
			for _, pod := range live.PodsOf(string(job.UID)) {
				if t.Index == nil || pod.Annotations[batchv1.JobCompletionIndexAnnotation] == fmt.Sprint(*t.Index) {
					add(pod)
				}
			}
		}
	}
	n := t.Nth
	if n < 0 {
		n += len(found) + 1
	}
	switch {
	case t.Nth == 0:
		return found
	case n < 1 || n > len(found):
		return nil
	}
	return found[n-1 : n]
}

// jobs returns the Jobs whose names fit a pattern.
func jobs(live *history.Live, pattern string) (fit []*batchv1.Job) {
	for _, job := range live.Jobs() {
		if ok, _ := path.Match(pattern, job.Name); ok {
			fit = append(fit, job)
		}
	}
	return fit
}

// one returns the object that a target means now.
func (s *stage) one(t *Target) (metav1.Object, error) {
	if pod := s.pods[t.Pod]; t.Pod != "" && pod != nil {
		return pod, nil
	}
	found := s.find(s.recorder.Live(), t, nil)
	if len(found) == 0 {
		return nil, fmt.Errorf("there is no %+v", *t)
	}
	return found[0], nil
}
