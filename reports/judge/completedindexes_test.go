package judge

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
)

func TestCompletedIndexes(t *testing.T) {
	four := func(s *batchv1.JobSpec) { perIndex(s); s.BackoffLimitPerIndex, s.MaxFailedIndexes = nil, nil }
	// changes is a Job of four indexes, three of which complete, and what is written then.
	changes := func(change func(*batchv1.JobStatus)) func(*diary) {
		return func(d *diary) {
			d.born(four)
			d.starts(4)
			d.controller(func(s *batchv1.JobStatus) { s.Succeeded, s.CompletedIndexes = 3, "0,2,3" })
			d.controller(change)
		}
	}
	scaledDown := func(d *diary) {
		changes(func(s *batchv1.JobStatus) { s.Active = 1 })(d)
		d.user(func(s *batchv1.JobSpec) { s.Completions, s.Parallelism = new(int32(3)), new(int32(3)) })
	}
	for _, e := range []entry{
		{"the last one completes", changes(func(s *batchv1.JobStatus) { s.Succeeded, s.CompletedIndexes = 4, "0-3" }), ""},
		{"it is scaled down and the list not yet cut", scaledDown, ""},
		{"it is scaled down and the list cut", func(d *diary) {
			scaledDown(d)
			d.controller(func(s *batchv1.JobStatus) { s.Succeeded, s.CompletedIndexes = 2, "0,2" })
		}, ""},
		{"it is scaled down and more than that is cut", func(d *diary) {
			scaledDown(d)
			d.controller(func(s *batchv1.JobStatus) { s.Succeeded, s.CompletedIndexes = 1, "0" })
		}, "S12"},
		{"it is scaled down and up again before the controller sees it", func(d *diary) {
			scaledDown(d)
			d.user(four)
			d.controller(func(s *batchv1.JobStatus) { s.Succeeded, s.CompletedIndexes = 4, "0-3" })
		}, ""},
		{"the list cannot be cut during a gap and be longer before", func(d *diary) {
			changes(func(s *batchv1.JobStatus) { s.Active = 1 })(d)
			d.gap()
			d.controller(func(s *batchv1.JobStatus) { s.Succeeded, s.CompletedIndexes = 1, "0" })
		}, "S12?"},
		{"the count differs", changes(func(s *batchv1.JobStatus) { s.Succeeded = 4 }), "S12"},
		{"written otherwise", changes(func(s *batchv1.JobStatus) { s.CompletedIndexes = "0,2-3" }), "S12"},
		{"no list at all", changes(func(s *batchv1.JobStatus) { s.CompletedIndexes = "some" }), "S12"},
		{"an index that there is none of", changes(func(s *batchv1.JobStatus) {
			s.Succeeded, s.CompletedIndexes = 4, "0,2-4"
		}), "S12"},
		{"a Job that is not Indexed", func(d *diary) {
			d.born(anothers)
			d.by("queue", func(s *batchv1.JobStatus) { s.CompletedIndexes = "0" })
		}, "S12"},
		{"another controller takes one back and writes otherwise", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { four(s); anothers(s) })
			d.by("queue", func(s *batchv1.JobStatus) { s.CompletedIndexes = "0-1,3" })
			d.by("queue", func(s *batchv1.JobStatus) { s.CompletedIndexes = "0-1" })
		}, ""},
		{"another controller writes an index that there is none of", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { four(s); anothers(s) })
			d.by("queue", func(s *batchv1.JobStatus) { s.CompletedIndexes = "4" })
		}, "S12"},
	} {
		e.check(t)
	}
}

func TestFailedIndexesAreKept(t *testing.T) {
	// changes is a Job of four indexes, of which one completes and one fails, and what is written then.
	changes := func(completed, failed string, n int32) func(*diary) {
		return func(d *diary) {
			d.born(perIndex)
			d.starts(4)
			d.controller(func(s *batchv1.JobStatus) { indexes(s, 1, "0", "3") })
			d.controller(func(s *batchv1.JobStatus) { indexes(s, n, completed, failed) })
		}
	}
	for _, e := range []entry{
		{"another one fails", changes("0", "2,3", 1), ""},
		{"one has failed and completed", changes("0,3", "3", 2), "S13"},
		{"one has completed and failed", changes("0", "0,3", 1), "S13"},
		{"one is taken back", changes("0", "", 1), "S13"},
		{"written otherwise", changes("0", "2-3", 1), "S13"},
		{"one that there is none of", changes("0", "3,4", 1), "S13"},
		{"it is scaled down", func(d *diary) {
			changes("0", "2,3", 1)(d)
			d.user(func(s *batchv1.JobSpec) { s.Completions, s.Parallelism = new(int32(3)), new(int32(3)) })
			d.controller(func(s *batchv1.JobStatus) { indexes(s, 1, "0", "2") })
		}, ""},
		{"there are none before the first write", func(d *diary) { d.born(perIndex) }, ""},
		{"there are none after the first write", func(d *diary) {
			d.born(perIndex)
			d.controller(func(s *batchv1.JobStatus) {
				s.StartTime, s.UncountedTerminatedPods = new(d.now()), &batchv1.UncountedTerminatedPods{}
			})
		}, "S13"},
		{"another controller takes one back and writes otherwise", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { perIndex(s); anothers(s) })
			d.by("queue", func(s *batchv1.JobStatus) { s.FailedIndexes = new("0-1,3") })
			d.by("queue", func(s *batchv1.JobStatus) { s.FailedIndexes = new("0-1") })
		}, ""},
		{"another controller has one both failed and completed", func(d *diary) {
			d.born(func(s *batchv1.JobSpec) { perIndex(s); anothers(s) })
			d.by("queue", func(s *batchv1.JobStatus) { s.FailedIndexes, s.CompletedIndexes = new("1"), "0,1" })
		}, "S13"},
	} {
		e.check(t)
	}
}
