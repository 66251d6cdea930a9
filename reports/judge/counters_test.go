package judge

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/types"
)

// endsWith writes the last status of a Job of one pod that succeeded, changed.
func endsWith(change func(*batchv1.JobStatus)) func(*diary) {
	return func(d *diary) {
		succeeds(d)
		d.controller(func(s *batchv1.JobStatus) {
			counts(s)
			s.CompletionTime = new(d.now())
			d.turn(s, batchv1.JobComplete, batchv1.JobReasonCompletionsReached)
			change(s)
		})
	}
}

func TestNothingIsLeft(t *testing.T) {
	for _, e := range []entry{
		{"active", endsWith(func(s *batchv1.JobStatus) { s.Active = 1 }), "S06"},
		{"terminating", endsWith(func(s *batchv1.JobStatus) { s.Terminating = new(int32(1)) }), "S06"},
		{"ready", endsWith(func(s *batchv1.JobStatus) { s.Ready = new(int32(1)) }), "S06 S07"},
		{"no startTime", endsWith(func(s *batchv1.JobStatus) { s.StartTime = nil }), "S06 S09"},
		{"a suspended Job of no completions has no startTime", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { s.Suspend, s.Completions = new(true), new(int32(0)) })
			d.controller(func(s *batchv1.JobStatus) {
				s.UncountedTerminatedPods = &batchv1.UncountedTerminatedPods{}
				d.turn(s, batchv1.JobSuccessCriteriaMet, batchv1.JobReasonCompletionsReached)
			})
			d.completes()
		}, ""},
		{"it finished before the recording", func(d *diary) {
			d.before(func(j *batchv1.Job) {
				j.Status.Terminating, j.Status.StartTime, j.Status.CompletionTime = new(int32(1)), new(d.now()), new(d.now())
				d.turn(&j.Status, batchv1.JobComplete, "")
			})
		}, "S06?"},
		{"another controller leaves a pod", func(d *diary) {
			d.born(anothers)
			d.by("queue", func(s *batchv1.JobStatus) {
				s.StartTime, s.Active = new(d.now()), 1
				d.turn(s, batchv1.JobFailureTarget, "Mine")
				d.turn(s, batchv1.JobFailed, "Mine")
			})
		}, "S06"},
	} {
		e.check(t)
	}
}

func TestUncountedPods(t *testing.T) {
	full := func(d *diary) {
		d.born(func(s *batchv1.JobSpec) { s.Completions = new(int32(900)) })
		d.starts(1)
		d.controller(func(s *batchv1.JobStatus) { sees(s, uids(500), nil) })
	}
	for _, e := range []entry{
		{"five hundred", full, ""},
		{"one more while finalizers cannot be removed", func(d *diary) {
			full(d)
			d.controller(func(s *batchv1.JobStatus) { sees(s, []types.UID{"a"}, nil) })
			d.controller(func(s *batchv1.JobStatus) { sees(s, nil, []types.UID{"b"}) })
		}, ""},
		{"two more", func(d *diary) {
			full(d)
			d.controller(func(s *batchv1.JobStatus) { sees(s, []types.UID{"a"}, []types.UID{"b"}) })
		}, "S14"},
		{"five hundred and one at once", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { s.Completions = new(int32(900)) })
			d.starts(1)
			d.controller(func(s *batchv1.JobStatus) { sees(s, uids(501), nil) })
		}, "S14"},
		{"another controller lists as many as it likes", func(d *diary) {
			d.born(anothers)
			d.by("queue", func(s *batchv1.JobStatus) {
				s.UncountedTerminatedPods = &batchv1.UncountedTerminatedPods{Succeeded: uids(600)}
			})
		}, ""},
		{"another controller lists one twice", func(d *diary) {
			d.born(anothers)
			d.by("queue", func(s *batchv1.JobStatus) {
				s.UncountedTerminatedPods = &batchv1.UncountedTerminatedPods{Succeeded: uids(2), Failed: uids(1)}
			})
		}, "S14"},
		{"an Indexed Job lists a success", func(d *diary) {
			d.born(perIndex)
			d.starts(1)
			d.controller(func(s *batchv1.JobStatus) { sees(s, uids(1), nil) })
		}, "S14"},
		{"an Indexed Job lists a failure", func(d *diary) {
			d.born(perIndex)
			d.starts(1)
			d.controller(func(s *batchv1.JobStatus) { sees(s, nil, uids(1)) })
		}, ""},
	} {
		e.check(t)
	}
}

func TestCounters(t *testing.T) {
	two := func(d *diary) {
		d.born(func(s *batchv1.JobSpec) { s.Completions, s.Parallelism = new(int32(5)), new(int32(2)) })
		d.starts(2)
		d.controller(func(s *batchv1.JobStatus) { sees(s, uids(2), []types.UID{"a", "b"}) })
	}
	for _, e := range []entry{
		{"some leave and others come", func(d *diary) {
			two(d)
			d.controller(func(s *batchv1.JobStatus) {
				s.Succeeded, s.Failed = 1, 2
				s.UncountedTerminatedPods = &batchv1.UncountedTerminatedPods{
					Succeeded: []types.UID{"pod-1", "pod-7"}, Failed: []types.UID{"c"},
				}
			})
		}, ""},
		{"one leaves uncounted", func(d *diary) {
			two(d)
			d.controller(func(s *batchv1.JobStatus) { s.UncountedTerminatedPods.Failed = []types.UID{"b"} })
		}, "S24"},
		{"one is counted that stays", func(d *diary) {
			two(d)
			d.controller(func(s *batchv1.JobStatus) { s.Succeeded = 1 })
		}, "S24"},
		{"somebody else counts one", func(d *diary) {
			two(d)
			d.by("kubectl-edit", func(s *batchv1.JobStatus) { s.Succeeded = 1 })
		}, ""},
		{"another controller counts", func(d *diary) {
			d.born(anothers)
			d.by("queue", func(s *batchv1.JobStatus) { s.Succeeded, s.Failed = 4, 4 })
		}, ""},
		{"another controller counts backwards", func(d *diary) {
			d.born(anothers)
			d.by("queue", func(s *batchv1.JobStatus) { s.Failed = 4 })
			d.by("queue", func(s *batchv1.JobStatus) { s.Failed = 3 })
		}, "S10"},
		{"an Indexed Job is scaled down", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { perIndex(s); s.BackoffLimitPerIndex, s.MaxFailedIndexes = nil, nil })
			d.starts(4)
			d.controller(func(s *batchv1.JobStatus) { s.Succeeded, s.CompletedIndexes = 3, "0,2,3" })
			d.user(func(s *batchv1.JobSpec) { s.Completions, s.Parallelism = new(int32(2)), new(int32(2)) })
			d.controller(func(s *batchv1.JobStatus) { s.Succeeded, s.CompletedIndexes = 1, "0" })
		}, ""},
		{"succeeded goes down during a gap", func(d *diary) {
			two(d)
			d.controller(counts)
			d.gap()
			d.controller(func(s *batchv1.JobStatus) { s.Succeeded = 1 })
		}, "S11?"},
		{"ready without active", func(d *diary) {
			d.born(nil)
			d.starts(1)
			d.controller(func(s *batchv1.JobStatus) { s.Ready = new(int32(2)) })
		}, "S07"},
	} {
		e.check(t)
	}
}
