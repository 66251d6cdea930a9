package judge

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// is adds conditions to a status.
func is(types ...batchv1.JobConditionType) func(*batchv1.JobStatus) {
	return func(s *batchv1.JobStatus) {
		for _, one := range types {
			s.Conditions = append(s.Conditions, batchv1.JobCondition{Type: one, Status: corev1.ConditionTrue})
		}
	}
}

// over tells of a Job that has lost one of its pods, and gets another once it has those conditions.
func over(types ...batchv1.JobConditionType) func(*tale) {
	return func(tl *tale) {
		tl.begin(nil)
		tl.create("a")
		tl.fails("a")
		tl.status(is(types...))
		tl.create("b")
	}
}

// writtenBy tells of a Job whose status has those writers, and that gets a pod after it failed.
func writtenBy(managers ...string) func(*tale) {
	return func(tl *tale) {
		tl.begin(func(j *batchv1.Job) {
			for _, one := range managers {
				j.ManagedFields = append(j.ManagedFields, metav1.ManagedFieldsEntry{Manager: one, Subresource: "status"})
			}
		})
		tl.status(is(batchv1.JobFailureTarget))
		tl.create("a")
	}
}

func suspend(s *batchv1.JobSpec) { s.Suspend = new(true) }

func resume(s *batchv1.JobSpec) { s.Suspend = new(false) }

func TestWhenNoPodIsCreated(t *testing.T) {
	workQueue := func(j *batchv1.Job) { j.Spec.Completions = nil }
	for _, s := range []story{
		{"nothing decided", over(), ""},
		{"success decided", over(batchv1.JobSuccessCriteriaMet), "P07"},
		{"failure decided", over(batchv1.JobFailureTarget), "P07"},
		{"complete", over(batchv1.JobSuccessCriteriaMet, batchv1.JobComplete), "P07"},
		{"failed", over(batchv1.JobFailureTarget, batchv1.JobFailed), "P07"},
		{"failed, and the API server had not answered", func(tl *tale) {
			tl.begin(nil)
			tl.create("a")
			tl.refused("Error creating: context deadline exceeded")
			tl.status(is(batchv1.JobFailureTarget))
			tl.create("b")
		}, "P07?"},
		{"failed as somebody else may have written", writtenBy("kube-controller-manager", "kubectl"), "P07?"},
		{"failed as a controller of another name wrote", writtenBy("cloud-controller"), "P07"},
		{"failed, of another controller's", func(tl *tale) {
			tl.begin(func(j *batchv1.Job) { j.Spec.ManagedBy = new("example.com/other") })
			tl.status(is(batchv1.JobFailureTarget))
			tl.create("a")
		}, ""},

		{"suspended while pods are created", func(tl *tale) {
			tl.begin(nil)
			tl.create("a")
			tl.spec(suspend)
			tl.create("b")
		}, ""},
		{"suspended before", func(tl *tale) {
			tl.begin(nil)
			tl.spec(suspend)
			tl.status(is(batchv1.JobSuspended))
			tl.create("a")
		}, "P08"},
		{"born suspended", func(tl *tale) {
			tl.begin(func(j *batchv1.Job) { suspend(&j.Spec) })
			tl.create("a")
		}, "P08"},
		{"resumed", func(tl *tale) {
			tl.begin(func(j *batchv1.Job) { suspend(&j.Spec) })
			tl.status(is(batchv1.JobSuspended))
			tl.spec(resume)
			tl.create("a")
		}, ""},
		{"resumed and suspended again while pods are created", func(tl *tale) {
			tl.begin(func(j *batchv1.Job) { suspend(&j.Spec) })
			tl.status(is(batchv1.JobSuspended))
			tl.spec(resume)
			tl.spec(suspend)
			tl.create("a")
		}, ""},

		{"deleted while pods are created", func(tl *tale) {
			tl.begin(nil)
			tl.mark()
			tl.create("a")
		}, ""},
		{"deleted before", func(tl *tale) {
			tl.begin(nil)
			tl.mark()
			tl.status(nil)
			tl.create("a")
		}, "P09"},
		{"deleted while it was suspended", func(tl *tale) {
			tl.begin(func(j *batchv1.Job) { suspend(&j.Spec) })
			tl.mark()
			tl.create("a")
		}, "P08"},
		{"removed at once while pods are created", func(tl *tale) {
			tl.begin(nil)
			tl.tell("DELETED", "Job", tl.job)
			tl.create("a")
		}, ""},

		{"one success of a work queue, not counted yet", func(tl *tale) {
			tl.begin(workQueue)
			tl.create("a")
			tl.succeeds("a")
			tl.create("b")
		}, ""},
		{"one success of a work queue, being counted", func(tl *tale) {
			tl.begin(workQueue)
			tl.create("a")
			tl.succeeds("a")
			tl.status(uncounted("a"))
			tl.create("b")
		}, "P10"},
		{"one success of a work queue, counted", func(tl *tale) {
			tl.begin(workQueue)
			tl.status(func(s *batchv1.JobStatus) { s.Succeeded = 1 })
			tl.create("a")
		}, "P10"},

		{"a pod of a finished Job is deleted", func(tl *tale) {
			tl.begin(nil)
			tl.create("a")
			tl.status(is(batchv1.JobFailureTarget, batchv1.JobFailed))
			tl.gone("a")
			tl.create("b")
		}, "P24"},
		{"a pod of a finished Job is marked for deletion", func(tl *tale) {
			tl.begin(nil)
			tl.create("a")
			tl.status(is(batchv1.JobFailureTarget, batchv1.JobFailed))
			tl.deleted("a")
			tl.create("b")
		}, "P24"},
		{"a pod was deleted before the Job was finished", func(tl *tale) {
			tl.begin(nil)
			tl.create("a")
			tl.gone("a")
			tl.status(is(batchv1.JobFailureTarget, batchv1.JobFailed))
			tl.create("b")
		}, "P07"},
		{"a deleted pod of a finished Job changes a counter", func(tl *tale) {
			tl.begin(nil)
			tl.create("a")
			tl.status(is(batchv1.JobFailureTarget, batchv1.JobFailed))
			tl.gone("a")
			tl.status(func(s *batchv1.JobStatus) { s.Failed++ })
		}, "P24"},
	} {
		s.check(t, birth, concurrency, creations)
	}
}

// TestOccasions sees to it that each invariant speaks where it is kept.
func TestOccasions(t *testing.T) {
	tl := newTale(t)
	tl.begin(func(j *batchv1.Job) { j.Spec.Completions = nil; suspend(&j.Spec) })
	tl.status(is(batchv1.JobSuspended))
	tl.spec(resume)
	tl.create("a")
	tl.succeeds("a")
	tl.status(uncounted("a"))
	tl.status(is(batchv1.JobSuccessCriteriaMet))
	tl.status(is(batchv1.JobComplete))
	tl.gone("a")
	tl.mark()
	tl.tell("DELETED", "Job", tl.job)
	judgement := tl.judged(birth, concurrency, creations)
	for id, want := range map[string]int{
		"P01": 1, "P02": 0, "P25": 1, "P03": 1, "P04": 0, "P05": 0, "P06": 0, "P07": 1, "P08": 1, "P09": 1, "P10": 1, "P24": 1,
	} {
		if got := judgement.Held[id]; got != want {
			t.Errorf("%s was kept %d times, want %d", id, got, want)
		}
	}
}
