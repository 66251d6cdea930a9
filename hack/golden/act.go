package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"

	fixtures "github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/reports/history"
)

// resources are the kinds that a scene may create, and under which name the API serves them.
var resources = map[string]schema.GroupVersionResource{
	"Job":                 batchv1.SchemeGroupVersion.WithResource("jobs"),
	"CronJob":             batchv1.SchemeGroupVersion.WithResource("cronjobs"),
	"Pod":                 corev1.SchemeGroupVersion.WithResource("pods"),
	"Service":             corev1.SchemeGroupVersion.WithResource("services"),
	"ResourceQuota":       corev1.SchemeGroupVersion.WithResource("resourcequotas"),
	"PodDisruptionBudget": policyv1.SchemeGroupVersion.WithResource("poddisruptionbudgets"),
}

// do does one step.
func (s *stage) do(ctx context.Context, step Step) error {
	switch {
	case step.Apply != nil:
		for _, object := range step.Apply {
			if err := s.apply(ctx, object, step.Gated); err != nil {
				return err
			}
		}
		return nil
	case step.Await != nil:
		return s.await(ctx, step.Await)
	case step.Release != nil:
		pod, err := s.one(&step.Release.Target)
		if err != nil {
			return err
		}
		return fixtures.Release(ctx, s, step.Release.Code, pod.GetName())
	case step.Patch != nil:
		return s.patch(ctx, step.Patch)
	case step.Delete != nil:
		return s.delete(ctx, step.Delete)
	case step.Evict != nil:
		return s.evict(ctx, step.Evict)
	default:
		_, err := s.kubectl(ctx, step.Kubectl)
		return err
	}
}

// of returns the client for a kind in the scene's namespace.
func (s *stage) of(kind string) (dynamic.ResourceInterface, error) {
	resource, known := resources[kind]
	if !known {
		return nil, fmt.Errorf("a scene has no objects of kind %q", kind)
	}
	return s.objects.Resource(resource).Namespace(s.namespace), nil
}

// apply creates an object and returns when the recorder has seen it.
func (s *stage) apply(ctx context.Context, content map[string]any, gated bool) error {
	object := &unstructured.Unstructured{Object: runtime.DeepCopyJSON(content)}
	if gated {
		if err := gate(object); err != nil {
			return err
		}
	}
	of, err := s.of(object.GetKind())
	if err != nil {
		return err
	}
	made, err := of.Create(ctx, object, metav1.CreateOptions{FieldValidation: metav1.FieldValidationStrict})
	if err != nil {
		return fmt.Errorf("create %s %s: %w", object.GetKind(), object.GetName(), err)
	}
	return s.seen(ctx, object.GetKind(), made)
}

// gate puts the containers of a Job, or of a CronJob's Jobs, behind a gate.
func gate(object *unstructured.Unstructured) error {
	path := []string{"spec"}
	if object.GetKind() == history.CronJobs.Name {
		path = []string{"spec", "jobTemplate", "spec"}
	}
	spec, _, err := unstructured.NestedMap(object.Object, path...)
	if err != nil {
		return err
	}
	job := new(batchv1.Job)
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(spec, &job.Spec); err != nil {
		return err
	}
	fixtures.Gated(job)
	if spec, err = runtime.DefaultUnstructuredConverter.ToUnstructured(&job.Spec); err != nil {
		return err
	}
	return unstructured.SetNestedMap(object.Object, spec, path...)
}

// seen waits until the recorder has come to what the API server has just answered, if such objects are recorded.
func (s *stage) seen(ctx context.Context, kind string, object *unstructured.Unstructured) error {
	rv, err := strconv.ParseUint(object.GetResourceVersion(), 10, 64)
	if err != nil {
		return fmt.Errorf("resource version of %s: %w", object.GetName(), err)
	}
	for _, recorded := range []history.Kind{history.Jobs, history.Pods} {
		if recorded.Name == kind {
			return s.until(ctx, func(live *history.Live) bool { return live.Reached(recorded) >= rv })
		}
	}
	return nil
}

// object returns the kind and the name of what a step is about.
func (s *stage) object(t *Target, kind, name string) (string, string, error) {
	if kind != "" {
		return kind, name, nil
	}
	object, err := s.one(t)
	if err != nil {
		return "", "", err
	}
	if t.Job != "" {
		return history.Jobs.Name, object.GetName(), nil
	}
	return history.Pods.Name, object.GetName(), nil
}

func (s *stage) patch(ctx context.Context, p *Patch) error {
	kind, name, err := s.object(&p.Target, p.Kind, p.Name)
	if err != nil {
		return err
	}
	of, err := s.of(kind)
	if err != nil {
		return err
	}
	var subresources []string
	if p.Subresource != "" {
		subresources = append(subresources, p.Subresource)
	}
	with := bytes.ReplaceAll(p.With, []byte("$(now)"), []byte(time.Now().UTC().Format(time.RFC3339)))
	options := metav1.PatchOptions{FieldValidation: metav1.FieldValidationStrict}
	patched, err := of.Patch(ctx, name, types.MergePatchType, with, options, subresources...)
	if err != nil {
		return fmt.Errorf("patch %s %s with %s: %w", kind, name, p.With, err)
	}
	return s.seen(ctx, kind, patched)
}

// delete deletes an object and returns when the recorder has seen the deletion begin.
func (s *stage) delete(ctx context.Context, d *Delete) error {
	if d.Namespace {
		return s.clients.CoreV1().Namespaces().Delete(ctx, s.namespace, metav1.DeleteOptions{})
	}
	kind, name, err := s.object(&d.Target, d.Kind, d.Name)
	if err != nil {
		return err
	}
	of, err := s.of(kind)
	if err != nil {
		return err
	}
	propagation := metav1.DeletePropagationBackground
	if d.Propagation != "" {
		propagation = metav1.DeletionPropagation(d.Propagation)
	}
	options := metav1.DeleteOptions{GracePeriodSeconds: d.Grace, PropagationPolicy: &propagation}
	if err := of.Delete(ctx, name, options); err != nil {
		return fmt.Errorf("delete %s %s: %w", kind, name, err)
	}
	if d.Kind != "" {
		return nil
	}
	return s.going(ctx, &d.Target)
}

// going waits until an object is marked for deletion, or gone.
func (s *stage) going(ctx context.Context, t *Target) error {
	err := s.until(ctx, func(live *history.Live) bool {
		found := s.find(live, t, nil)
		return len(found) == 0 || found[0].GetDeletionTimestamp() != nil
	})
	if err != nil {
		return fmt.Errorf("the deletion of %+v: %w", *t, err)
	}
	return nil
}

// evict asks for the eviction of a pod.
func (s *stage) evict(ctx context.Context, t *Target) error {
	pod, err := s.one(t)
	if err != nil {
		return err
	}
	eviction := &policyv1.Eviction{ObjectMeta: metav1.ObjectMeta{Name: pod.GetName(), Namespace: s.namespace}}
	if err := s.clients.PolicyV1().Evictions(s.namespace).Evict(ctx, eviction); err != nil {
		return fmt.Errorf("evict %s: %w", pod.GetName(), err)
	}
	return s.going(ctx, &Target{Pod: pod.GetName()})
}

// Exec runs a command in the first container of a pod and returns its standard output, for fixtures/jobs.
func (s *stage) Exec(ctx context.Context, pod string, args ...string) (string, error) {
	return s.kubectl(ctx, append([]string{"exec", pod, "--"}, args...))
}

func (s *stage) kubectl(ctx context.Context, args []string) (string, error) {
	out, err := s.cluster.Kubectl(ctx, nil, append([]string{"--namespace=" + s.namespace}, args...)...)
	if err != nil {
		return out, errors.Join(fmt.Errorf("kubectl %s: %w", strings.Join(args, " "), err), errors.New(strings.TrimSpace(out)))
	}
	return out, nil
}
