package judge

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// succeeds is a Job whose one pod succeeds.
func succeeds(d *diary) {
	d.born(nil)
	d.starts(1)
	d.controller(func(s *batchv1.JobStatus) {
		s.Active = 0
		sees(s, []types.UID{"a"}, nil)
		d.turn(s, batchv1.JobSuccessCriteriaMet, batchv1.JobReasonCompletionsReached)
	})
}

// failsTwice is a Job whose two pods have failed, which is more than it may.
func failsTwice(d *diary) {
	d.born(func(s *batchv1.JobSpec) { s.BackoffLimit = new(int32(1)) })
	d.starts(1)
	d.controller(func(s *batchv1.JobStatus) { sees(s, nil, []types.UID{"a"}) })
	d.controller(counts)
	d.controller(func(s *batchv1.JobStatus) {
		s.Active = 0
		sees(s, nil, []types.UID{"b"})
		d.turn(s, batchv1.JobFailureTarget, batchv1.JobReasonBackoffLimitExceeded)
	})
}

func anothers(s *batchv1.JobSpec) { s.ManagedBy = new("example.com/queue") }

func TestConditions(t *testing.T) {
	for _, e := range []entry{
		{"a Job completes", func(d *diary) { succeeds(d); d.completes() }, ""},
		{"a Job fails", func(d *diary) { failsTwice(d); d.fails() }, ""},
		{"another controller writes all conditions at once", func(d *diary) {
			d.born(anothers)
			d.by("queue", func(s *batchv1.JobStatus) {
				s.StartTime, s.CompletionTime = new(d.now()), new(d.now())
				d.turn(s, batchv1.JobSuccessCriteriaMet, "Mine")
				d.turn(s, batchv1.JobComplete, "Other")
			})
		}, ""},
		{"another controller leaves out FailureTarget", func(d *diary) {
			d.born(anothers)
			d.by("queue", func(s *batchv1.JobStatus) {
				s.StartTime = new(d.now())
				d.turn(s, batchv1.JobFailed, "Mine")
			})
		}, "S03"},
		{"a Job had failed without FailureTarget before the recording", func(d *diary) {
			d.before(func(j *batchv1.Job) {
				j.Status.StartTime = new(d.now())
				d.turn(&j.Status, batchv1.JobFailed, batchv1.JobReasonBackoffLimitExceeded)
			})
			d.user(func(s *batchv1.JobSpec) { s.TTLSecondsAfterFinished = new(int32(0)) })
		}, ""},
		{"a Job had completed without SuccessCriteriaMet before the recording", func(d *diary) {
			d.before(func(j *batchv1.Job) {
				j.Status.StartTime, j.Status.CompletionTime = new(d.now()), new(d.now())
				d.turn(&j.Status, batchv1.JobComplete, "")
			})
			d.user(func(s *batchv1.JobSpec) { s.TTLSecondsAfterFinished = new(int32(0)) })
		}, ""},
		{"FailureTarget has a reason that there is none of", func(d *diary) {
			failsTwice(d)
			d.job.Status.Conditions = nil
			d.versions--
			d.lines = d.lines[:len(d.lines)-1]
			d.controller(func(s *batchv1.JobStatus) { d.turn(s, batchv1.JobFailureTarget, "Tired") })
		}, "S03"},
		{"Failed has another reason", func(d *diary) {
			failsTwice(d)
			d.controller(func(s *batchv1.JobStatus) {
				counts(s)
				d.turn(s, batchv1.JobFailed, batchv1.JobReasonDeadlineExceeded)
			})
		}, "S03"},
		{"Failed comes with FailureTarget", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { s.ActiveDeadlineSeconds = new(int64(1)) })
			d.starts(1)
			d.controller(func(s *batchv1.JobStatus) {
				s.Active = 0
				d.turn(s, batchv1.JobFailureTarget, batchv1.JobReasonDeadlineExceeded)
				d.turn(s, batchv1.JobFailed, batchv1.JobReasonDeadlineExceeded)
			})
		}, "S03"},
		{"Failed comes with FailureTarget after a gap", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { s.ActiveDeadlineSeconds = new(int64(1)) })
			d.starts(1)
			d.gap()
			d.controller(func(s *batchv1.JobStatus) {
				s.Active = 0
				d.turn(s, batchv1.JobFailureTarget, batchv1.JobReasonDeadlineExceeded)
				d.turn(s, batchv1.JobFailed, batchv1.JobReasonDeadlineExceeded)
			})
		}, "S03?"},
		{"Complete has another message", func(d *diary) {
			succeeds(d)
			d.controller(func(s *batchv1.JobStatus) {
				counts(s)
				s.CompletionTime = new(d.now())
				d.turn(s, batchv1.JobComplete, batchv1.JobReasonCompletionsReached)
				s.Conditions[1].Message = "otherwise"
			})
		}, "S04"},
		{"SuccessCriteriaMet has a reason that there is none of", func(d *diary) {
			d.born(nil)
			d.starts(1)
			d.controller(func(s *batchv1.JobStatus) {
				s.Active = 0
				d.turn(s, batchv1.JobSuccessCriteriaMet, "Enough")
			})
		}, "S04"},
		{"SuccessCriteriaMet goes back", func(d *diary) {
			succeeds(d)
			d.controller(func(s *batchv1.JobStatus) { s.Conditions[0].Status = corev1.ConditionFalse })
		}, "S02"},
	} {
		e.check(t)
	}
}

func TestConditionsAreKept(t *testing.T) {
	suspended := func(d *diary) {
		d.born(nil)
		d.starts(1)
		d.user(func(s *batchv1.JobSpec) { s.Suspend = new(true) })
		d.controller(func(s *batchv1.JobStatus) {
			s.Active, s.StartTime = 0, nil
			d.suspended(s, corev1.ConditionTrue)
		})
	}
	for _, e := range []entry{
		{"a Job is suspended and resumed", func(d *diary) {
			suspended(d)
			d.user(func(s *batchv1.JobSpec) { s.Suspend = new(false) })
			d.controller(func(s *batchv1.JobStatus) {
				s.Active, s.StartTime = 1, new(d.now())
				d.suspended(s, corev1.ConditionFalse)
			})
		}, ""},
		{"it is said to be resumed while it is suspended", func(d *diary) {
			suspended(d)
			d.controller(func(s *batchv1.JobStatus) { d.suspended(s, corev1.ConditionFalse) })
		}, "S15"},
		{"it is said to be suspended while it is not", func(d *diary) {
			d.born(nil)
			d.starts(1)
			d.controller(func(s *batchv1.JobStatus) { d.suspended(s, corev1.ConditionTrue) })
		}, "S15"},
		{"Suspended is False from the beginning", func(d *diary) {
			d.born(nil)
			d.starts(1)
			d.controller(func(s *batchv1.JobStatus) { d.suspended(s, corev1.ConditionFalse) })
		}, "S15"},
		{"Suspended is gone", func(d *diary) {
			suspended(d)
			d.controller(func(s *batchv1.JobStatus) { s.Conditions = nil })
		}, "S15"},
		{"a condition stands there twice", func(d *diary) {
			succeeds(d)
			d.controller(func(s *batchv1.JobStatus) {
				counts(s)
				s.Conditions = append(s.Conditions, s.Conditions[0])
			})
		}, "S15"},
		{"somebody else put it there twice", func(d *diary) {
			succeeds(d)
			d.by("kubectl-edit", func(s *batchv1.JobStatus) { s.Conditions = append(s.Conditions, s.Conditions[0]) })
		}, ""},
		{"somebody else made FailureTarget False and the controller added another that is True", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { s.ActiveDeadlineSeconds = new(int64(1)) })
			d.starts(1)
			d.by("kubectl-edit", func(s *batchv1.JobStatus) {
				s.Active = 0
				d.turn(s, batchv1.JobFailureTarget, "Mine")
				s.Conditions[0].Status = corev1.ConditionFalse
				d.turn(s, batchv1.JobFailureTarget, batchv1.JobReasonDeadlineExceeded)
			})
			d.controller(func(s *batchv1.JobStatus) { d.turn(s, batchv1.JobFailed, batchv1.JobReasonDeadlineExceeded) })
		}, "S15?"},
		{"another controller says it twice", func(d *diary) {
			d.born(anothers)
			d.by("queue", func(s *batchv1.JobStatus) { d.suspended(s, corev1.ConditionFalse) })
			d.by("queue", func(s *batchv1.JobStatus) { s.Conditions = append(s.Conditions, s.Conditions[0]) })
		}, ""},
	} {
		e.check(t)
	}
}
