package judge

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
)

func TestSpecIsKept(t *testing.T) {
	changes := func(change func(*batchv1.JobSpec)) func(*diary) {
		return func(d *diary) {
			d.born(perIndex)
			d.starts(1)
			d.user(change)
		}
	}
	for _, e := range []entry{
		{"parallelism", changes(func(s *batchv1.JobSpec) { s.Parallelism = new(int32(0)) }), ""},
		{"backoffLimit", changes(func(s *batchv1.JobSpec) { s.BackoffLimit = new(int32(0)) }), ""},
		{"maxFailedIndexes", changes(func(s *batchv1.JobSpec) { s.MaxFailedIndexes = nil }), ""},
		{"selector", changes(func(s *batchv1.JobSpec) { s.Selector = &metav1.LabelSelector{} }), "S21"},
		{"completionMode", func(d *diary) {
			d.born(nil)
			d.starts(1)
			d.user(func(s *batchv1.JobSpec) { s.CompletionMode = new(batchv1.IndexedCompletion) })
		}, "S21"},
		{"podFailurePolicy", changes(func(s *batchv1.JobSpec) { s.PodFailurePolicy = &batchv1.PodFailurePolicy{} }), "S21"},
		{"backoffLimitPerIndex", changes(func(s *batchv1.JobSpec) { s.BackoffLimitPerIndex = new(int32(3)) }), "S21"},
		{"successPolicy", changes(func(s *batchv1.JobSpec) { s.SuccessPolicy = &batchv1.SuccessPolicy{} }), "S21"},
		{"managedBy", func(d *diary) {
			d.born(anothers)
			d.by("queue", func(s *batchv1.JobStatus) { s.Active = 1 })
			d.user(func(s *batchv1.JobSpec) { s.ManagedBy = new("example.com/other") })
		}, "S21"},
		{"completions of a Job that is not Indexed", func(d *diary) {
			d.born(nil)
			d.starts(1)
			d.user(func(s *batchv1.JobSpec) { s.Completions, s.Parallelism = new(int32(2)), new(int32(2)) })
		}, "S21"},
		{"completions and parallelism", changes(func(s *batchv1.JobSpec) {
			s.Completions, s.Parallelism = new(int32(3)), new(int32(3))
		}), ""},
		{"completions alone", changes(func(s *batchv1.JobSpec) { s.Completions = new(int32(3)) }), "S21"},
	} {
		e.check(t)
	}
}

func TestTemplateIsKept(t *testing.T) {
	directives := func(s *batchv1.JobSpec) {
		p := &s.Template
		p.Labels, p.Annotations = map[string]string{"a": "b"}, map[string]string{"c": "d"}
		p.Spec.NodeSelector = map[string]string{"zone": "x"}
		p.Spec.Tolerations = []corev1.Toleration{{Key: "gpu"}}
		p.Spec.SchedulingGates = []corev1.PodSchedulingGate{{Name: "wait"}}
		p.Spec.Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{}}
		p.Spec.Containers[0].Resources.Requests = corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("1")}
	}
	image := func(s *batchv1.JobSpec) { s.Template.Spec.Containers[0].Image = "busybox:2" }
	bornSuspended := func(d *diary) { d.born(func(s *batchv1.JobSpec) { s.Suspend = new(true) }) }
	suspends := func(d *diary, active int32, condition bool) {
		d.born(nil)
		d.starts(1)
		d.user(func(s *batchv1.JobSpec) { s.Suspend = new(true) })
		d.controller(func(s *batchv1.JobStatus) {
			s.Active = active
			if condition {
				d.suspended(s, corev1.ConditionTrue)
			}
		})
	}
	for _, e := range []entry{
		{"where its pods go, before it has started", func(d *diary) { bornSuspended(d); d.user(directives) }, ""},
		{"where they go, and taken back", func(d *diary) {
			bornSuspended(d)
			d.user(directives)
			d.user(func(s *batchv1.JobSpec) { s.Template.Spec.Affinity, s.Template.Spec.NodeSelector = nil, nil })
		}, ""},
		{"where its pods go, and it is resumed at once", func(d *diary) {
			bornSuspended(d)
			d.user(func(s *batchv1.JobSpec) { directives(s); s.Suspend = new(false) })
		}, ""},
		{"where its pods go, once it is suspended", func(d *diary) { suspends(d, 0, true); d.user(directives) }, ""},
		{"where its pods go, before the controller has suspended it", func(d *diary) {
			suspends(d, 0, false)
			d.user(directives)
		}, "S21"},
		{"where its pods go, while one is active", func(d *diary) { suspends(d, 1, true); d.user(directives) }, "S21"},
		{"where its pods go, while it runs", func(d *diary) { d.born(nil); d.starts(1); d.user(directives) }, "S21"},
		{"pod affinity, before it has started", func(d *diary) {
			bornSuspended(d)
			d.user(func(s *batchv1.JobSpec) {
				s.Template.Spec.Affinity = &corev1.Affinity{PodAffinity: &corev1.PodAffinity{}}
			})
		}, "S21"},
		{"an image, before it has started", func(d *diary) { bornSuspended(d); d.user(image) }, "S21"},
		{"an image, while it runs", func(d *diary) { d.born(nil); d.starts(1); d.user(image) }, "S21"},
	} {
		e.check(t)
	}
}

func TestJobsOfOthers(t *testing.T) {
	for _, e := range []entry{
		{"another controller writes its status", func(d *diary) {
			d.born(anothers)
			d.by("queue", func(s *batchv1.JobStatus) { s.Active = 1 })
		}, ""},
		{"the built-in controller writes its status", func(d *diary) {
			d.born(anothers)
			d.by("queue", func(s *batchv1.JobStatus) { s.Active = 1 })
			d.controller(func(s *batchv1.JobStatus) { s.Active = 2 })
		}, "S22"},
		{"the built-in controller is named", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { s.ManagedBy = new(batchv1.JobControllerName) })
			d.starts(1)
		}, ""},
		{"somebody changes the status of a finished Job", func(d *diary) {
			succeeds(d)
			d.completes()
			d.by("kubectl-edit", func(s *batchv1.JobStatus) { s.Conditions[1].Message = "well done" })
		}, ""},
		{"somebody changes the spec of a finished Job", func(d *diary) {
			succeeds(d)
			d.completes()
			d.user(func(s *batchv1.JobSpec) { s.TTLSecondsAfterFinished = new(int32(1)) })
		}, ""},
		{"another controller changes the status of a finished Job", func(d *diary) {
			d.born(anothers)
			d.by("queue", func(s *batchv1.JobStatus) {
				s.StartTime = new(d.now())
				d.turn(s, batchv1.JobFailureTarget, "Mine")
				d.turn(s, batchv1.JobFailed, "Mine")
			})
			d.by("queue", func(s *batchv1.JobStatus) { s.Conditions[0].Message = "well" })
		}, ""},
	} {
		e.check(t)
	}
}

func TestPodsOfOthers(t *testing.T) {
	byController, byOther := []history.Write{{User: jobController}}, []history.Write{{User: "queue"}}
	for name, c := range map[string]struct {
		manager *string
		deletes []history.Write
		want    Answer
	}{
		"the Job controller deleted it": {
			new("example.com/queue"), byController,
			Broken("the Job controller deleted a pod of a Job that example.com/queue manages"),
		},
		"another one did":  {new("example.com/queue"), byOther, Held},
		"nobody is known":  {new("example.com/queue"), nil, Held},
		"it is its own":    {nil, byController, Answer{}},
		"it says it is so": {new(batchv1.JobControllerName), byController, Answer{}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(history.Header{})
			pod := &Pod{
				World: w, Job: &Job{World: w, Now: &JobVersion{Spec: &batchv1.JobSpec{ManagedBy: c.manager}}},
				Now: &PodVersion{Type: history.Deleted}, Deletes: c.deletes,
			}
			if got := foreignPodsUntouched(pod); got != c.want {
				t.Errorf("it says %+v, want %+v", got, c.want)
			}
		})
	}
}
