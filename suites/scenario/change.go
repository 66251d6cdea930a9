package scenario

import (
	"context"
	"fmt"

	"github.com/onsi/ginkgo/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/e2e-framework/klient/k8s"
	"sigs.k8s.io/e2e-framework/klient/k8s/resources"

	"github.com/jobproof/jobproof/reports/history"
)

// Suspend sets spec.suspend and returns when the recorder has seen it.
func (j *Job) Suspend(ctx context.Context) {
	ginkgo.GinkgoHelper()
	j.patch(ctx, `{"spec":{"suspend":true}}`)
}

// Resume clears spec.suspend and returns when the recorder has seen it.
func (j *Job) Resume(ctx context.Context) {
	ginkgo.GinkgoHelper()
	j.patch(ctx, `{"spec":{"suspend":false}}`)
}

// patch merges a patch into the Job.
func (j *Job) patch(ctx context.Context, patch string) {
	ginkgo.GinkgoHelper()
	job := j.object()
	err := j.scenario.resources.Patch(ctx, job, k8s.Patch{PatchType: types.MergePatchType, Data: []byte(patch)})
	if err == nil {
		err = j.scenario.seen(ctx, history.Jobs, job.ResourceVersion)
	}
	if err != nil {
		j.scenario.cannotTell(fmt.Errorf("patch the Job %s with %s: %w", j.name, patch, err))
	}
}

// Delete deletes the Job and, in the background, its pods, as kubectl does. It returns when the recorder has seen the
// deletion begin.
func (j *Job) Delete(ctx context.Context) {
	ginkgo.GinkgoHelper()
	err := j.scenario.resources.Delete(ctx, j.object(),
		resources.WithDeletePropagation(string(metav1.DeletePropagationBackground)))
	if err == nil {
		err = j.scenario.until(ctx, "the deletion", func(live *history.Live) bool {
			job := j.state(live).Job
			return job == nil || job.DeletionTimestamp != nil
		})
	}
	if err != nil {
		j.scenario.cannotTell(fmt.Errorf("delete the Job %s: %w", j.name, err))
	}
}

func (j *Job) object() *batchv1.Job {
	return &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: j.name, Namespace: j.scenario.namespace}}
}

// DeletePod deletes a pod as a user would, with the pod's own grace period. It returns when the recorder has seen the
// deletion begin.
func (s *Scenario) DeletePod(ctx context.Context, name string) {
	ginkgo.GinkgoHelper()
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: s.namespace}}
	err := s.resources.Delete(ctx, pod)
	if err == nil {
		err = s.until(ctx, "the deletion", func(live *history.Live) bool {
			pod := podNamed(live, name)
			return pod == nil || pod.DeletionTimestamp != nil
		})
	}
	if err != nil {
		s.cannotTell(fmt.Errorf("delete the pod %s: %w", name, err))
	}
}

// podNamed returns a pod that exists, or nil.
func podNamed(live *history.Live, name string) *corev1.Pod {
	for _, pod := range live.Pods() {
		if pod.Name == name {
			return pod
		}
	}
	return nil
}
