package storm

import (
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
)

func with(failed int32, conditions ...batchv1.JobConditionType) *batchv1.Job {
	job := &batchv1.Job{Status: batchv1.JobStatus{Failed: failed}}
	for _, c := range conditions {
		job.Status.Conditions = append(job.Status.Conditions, batchv1.JobCondition{Type: c, Status: corev1.ConditionTrue})
	}
	return job
}

func pod(phase corev1.PodPhase, marks ...string) *corev1.Pod {
	p := &corev1.Pod{Status: corev1.PodStatus{Phase: phase}}
	for _, mark := range marks {
		switch mark {
		case "tracked":
			p.Finalizers = []string{batchv1.JobTrackingFinalizer}
		case "going":
			p.DeletionTimestamp = &metav1.Time{Time: time.Unix(1, 0)}
		}
	}
	return p
}

func TestPhaseOfAJob(t *testing.T) {
	gone := with(0, batchv1.JobSuspended)
	gone.DeletionTimestamp = &metav1.Time{Time: time.Unix(1, 0)}
	for name, c := range map[string]struct {
		want string
		job  *batchv1.Job
		pods []*corev1.Pod
	}{
		"none":                   {"", nil, nil},
		"new":                    {starting, with(0), nil},
		"created":                {starting, with(0), []*corev1.Pod{pod(corev1.PodPending, "tracked")}},
		"one runs":               {running, with(1), []*corev1.Pod{pod(corev1.PodPending, "tracked"), pod(corev1.PodRunning, "tracked")}},
		"failed and counted":     {backingOff, with(1), []*corev1.Pod{pod(corev1.PodFailed)}},
		"replaced":               {starting, with(1), []*corev1.Pod{pod(corev1.PodFailed), pod(corev1.PodPending, "tracked")}},
		"failed and not counted": {finishing, with(0), []*corev1.Pod{pod(corev1.PodFailed, "tracked")}},
		"terminating":            {finishing, with(0), []*corev1.Pod{pod(corev1.PodRunning, "tracked", "going")}},
		"suspended":              {suspended, with(1, batchv1.JobSuspended), nil},
		"about to fail":          {finishing, with(1, batchv1.JobFailureTarget), []*corev1.Pod{pod(corev1.PodRunning, "tracked")}},
		"complete":               {finished, with(0, batchv1.JobSuccessCriteriaMet, batchv1.JobComplete), nil},
		"deleted":                {deleting, gone, nil},
	} {
		if got := phaseOf(history.State{Job: c.job, Pods: c.pods}); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
