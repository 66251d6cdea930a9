package judge

import (
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// plus is a time some seconds later.
func plus(t metav1.Time, seconds int) *metav1.Time {
	return new(metav1.NewTime(t.Add(time.Duration(seconds) * time.Second)))
}

func TestCompletionTime(t *testing.T) {
	for _, e := range []entry{
		{"it changes", func(d *diary) {
			d.born(anothers)
			d.by("queue", func(s *batchv1.JobStatus) {
				s.StartTime, s.CompletionTime = new(d.now()), new(d.now())
				d.turn(s, batchv1.JobSuccessCriteriaMet, "Mine")
				d.turn(s, batchv1.JobComplete, "Mine")
			})
			d.by("queue", func(s *batchv1.JobStatus) { s.CompletionTime = new(d.now()) })
		}, "S08"},
		{"it is there too early", func(d *diary) {
			succeeds(d)
			d.controller(func(s *batchv1.JobStatus) { s.CompletionTime = new(d.now()) })
		}, "S08"},
		{"a failed Job has one", func(d *diary) {
			failsTwice(d)
			d.controller(func(s *batchv1.JobStatus) {
				counts(s)
				s.CompletionTime = new(d.now())
				d.turn(s, batchv1.JobFailed, batchv1.JobReasonBackoffLimitExceeded)
			})
		}, "S08"},
		{"it is before startTime", func(d *diary) {
			d.born(anothers)
			d.by("queue", func(s *batchv1.JobStatus) {
				s.StartTime, s.CompletionTime = plus(d.now(), 1), new(d.now())
				d.turn(s, batchv1.JobSuccessCriteriaMet, "Mine")
				d.turn(s, batchv1.JobComplete, "Mine")
			})
		}, "S08"},
	} {
		e.check(t)
	}
}

func TestStartTime(t *testing.T) {
	// pauses is a Job that runs, is suspended, keeping its startTime or not, and is to run again.
	pauses := func(d *diary, keeps bool) {
		d.born(nil)
		d.starts(1)
		d.user(func(s *batchv1.JobSpec) { s.Suspend = new(true) })
		d.controller(func(s *batchv1.JobStatus) {
			s.Active = 0
			if !keeps {
				s.StartTime = nil
			}
			d.suspended(s, corev1.ConditionTrue)
		})
		d.user(func(s *batchv1.JobSpec) { s.Suspend = new(false) })
	}
	resumes := func(d *diary, start *metav1.Time) {
		d.controller(func(s *batchv1.JobStatus) {
			s.Active, s.StartTime = 1, start
			d.suspended(s, corev1.ConditionFalse)
		})
	}
	for _, e := range []entry{
		{"it is resumed", func(d *diary) { pauses(d, false); resumes(d, new(d.now())) }, ""},
		{"it is resumed and had kept its startTime", func(d *diary) { pauses(d, true); resumes(d, new(d.now())) }, ""},
		{"the start is written before it is resumed", func(d *diary) {
			pauses(d, false)
			d.controller(func(s *batchv1.JobStatus) { s.StartTime = new(d.now()) })
			resumes(d, new(d.now()))
		}, ""},
		{"it is resumed at an earlier time", func(d *diary) { pauses(d, false); resumes(d, plus(d.now(), -9)) }, "S09"},
		{"it is resumed at an earlier time by another controller manager", func(d *diary) {
			pauses(d, false)
			resumes(d, plus(d.now(), -9))
			d.end.Controller = &history.Controller{Holder: "two", Transitions: 2}
		}, "S09?"},
		{"the start moves before it is resumed", func(d *diary) {
			pauses(d, true)
			d.controller(func(s *batchv1.JobStatus) { s.StartTime = new(d.now()) })
		}, "S09"},
		{"it is cleared before the Job is suspended", func(d *diary) {
			d.born(nil)
			d.starts(1)
			d.user(func(s *batchv1.JobSpec) { s.Suspend = new(true) })
			d.controller(func(s *batchv1.JobStatus) { s.StartTime = nil })
		}, "S09"},
		{"it is cleared while the Job runs", func(d *diary) {
			d.born(nil)
			d.starts(1)
			d.controller(func(s *batchv1.JobStatus) { s.StartTime = nil })
		}, "S09"},
		{"it is set while the Job is suspended", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { s.Suspend = new(true) })
			d.controller(func(s *batchv1.JobStatus) { d.suspended(s, corev1.ConditionTrue) })
			d.controller(func(s *batchv1.JobStatus) { s.StartTime = new(d.now()) })
		}, "S09"},
		{"there is none after the first write", func(d *diary) {
			d.born(nil)
			d.controller(func(s *batchv1.JobStatus) {
				s.Active, s.UncountedTerminatedPods = 1, &batchv1.UncountedTerminatedPods{}
			})
		}, "S09"},
		{"another controller moves it while the Job is suspended", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { anothers(s); s.Suspend = new(true) })
			d.by("queue", func(s *batchv1.JobStatus) { s.StartTime = new(d.now()) })
			d.by("queue", func(s *batchv1.JobStatus) { s.StartTime = plus(d.now(), -9) })
		}, ""},
		{"another controller moves it while the Job runs", func(d *diary) {
			d.born(anothers)
			d.by("queue", func(s *batchv1.JobStatus) { s.StartTime = new(d.now()) })
			d.by("queue", func(s *batchv1.JobStatus) { s.StartTime = new(d.now()) })
		}, "S09"},
	} {
		e.check(t)
	}
}

func TestMoments(t *testing.T) {
	completes := func(at, condition int) func(*diary) {
		return func(d *diary) {
			succeeds(d)
			d.controller(func(s *batchv1.JobStatus) {
				counts(s)
				s.CompletionTime = plus(d.now(), at)
				d.turn(s, batchv1.JobComplete, batchv1.JobReasonCompletionsReached)
				s.Conditions[1].LastTransitionTime = *plus(d.now(), condition)
			})
		}
	}
	for _, e := range []entry{
		{"Complete a second before completionTime", completes(0, -1), ""},
		{"Complete two seconds before completionTime", completes(0, -2), "S27"},
		{"completionTime in the second of SuccessCriteriaMet", completes(-1, 0), ""},
		{"Failed before FailureTarget", func(d *diary) {
			failsTwice(d)
			d.controller(func(s *batchv1.JobStatus) {
				counts(s)
				d.turn(s, batchv1.JobFailed, batchv1.JobReasonBackoffLimitExceeded)
				s.Conditions[1].LastTransitionTime = *plus(d.now(), -3)
			})
		}, "S27"},
		{"FailureTarget before startTime", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { s.BackoffLimit = new(int32(0)) })
			d.starts(1)
			d.controller(func(s *batchv1.JobStatus) { sees(s, nil, uids(1)) })
			d.controller(func(s *batchv1.JobStatus) {
				s.Active = 0
				d.turn(s, batchv1.JobFailureTarget, batchv1.JobReasonBackoffLimitExceeded)
				s.Conditions[0].LastTransitionTime = *plus(*s.StartTime, -2)
			})
		}, "S27"},
		{"it is resumed after it was decided that it fails", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { s.BackoffLimit = new(int32(0)) })
			d.starts(1)
			d.user(func(s *batchv1.JobSpec) { s.Suspend = new(true) })
			d.controller(func(s *batchv1.JobStatus) {
				s.Active, s.StartTime = 0, nil
				d.suspended(s, corev1.ConditionTrue)
			})
			d.controller(func(s *batchv1.JobStatus) {
				sees(s, nil, uids(1))
				d.turn(s, batchv1.JobFailureTarget, batchv1.JobReasonBackoffLimitExceeded)
			})
			d.user(func(s *batchv1.JobSpec) { s.Suspend = new(false) })
			d.controller(func(s *batchv1.JobStatus) { s.StartTime = new(d.now()) })
			d.fails()
		}, ""},
	} {
		e.check(t)
	}
}
