package judge

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/reports/history"
)

func TestWrites(t *testing.T) {
	marks := func(d *diary) {
		d.job.DeletionTimestamp = new(d.now())
		d.job.Generation++
		d.add(history.Modified)
	}
	for _, e := range []entry{
		{"it is marked for deletion and removed", func(d *diary) {
			succeeds(d)
			marks(d)
			d.add(history.Deleted)
		}, ""},
		{"it is marked for deletion and generation stays", func(d *diary) {
			succeeds(d)
			d.job.DeletionTimestamp = new(d.now())
			d.add(history.Modified)
		}, "S26"},
		{"generation counts and nothing changes", func(d *diary) {
			succeeds(d)
			d.job.Generation++
			d.add(history.Modified)
		}, "S26"},
		{"generation goes back", func(d *diary) {
			succeeds(d)
			d.job.Generation--
			d.add(history.Modified)
		}, "S26"},
		{"a change was not recorded", func(d *diary) {
			succeeds(d)
			d.job.Generation += 2
			d.user(func(s *batchv1.JobSpec) { s.TTLSecondsAfterFinished = new(int32(1)) })
		}, "S26"},
		{"a change was not recorded, as is noted", func(d *diary) {
			succeeds(d)
			d.gap()
			d.job.Generation += 2
			d.user(func(s *batchv1.JobSpec) { s.TTLSecondsAfterFinished = new(int32(1)) })
		}, "S26?"},
		{"spec and status change at once", func(d *diary) {
			succeeds(d)
			d.job.Status.Terminating = new(int32(1))
			d.user(func(s *batchv1.JobSpec) { s.TTLSecondsAfterFinished = new(int32(1)) })
		}, "S26"},
		{"a newer API server fills in a field", func(d *diary) {
			succeeds(d)
			d.job.Spec.PodReplacementPolicy = new(batchv1.TerminatingOrFailed)
			d.add(history.Modified)
		}, ""},
	} {
		e.check(t)
	}
}

func TestBirth(t *testing.T) {
	for _, e := range []entry{
		{"it is created", func(d *diary) { d.born(nil) }, ""},
		{"it was there before", func(d *diary) { d.before(func(j *batchv1.Job) { j.Generation, j.Status.Failed = 7, 3 }) }, ""},
		{"with a status", func(d *diary) {
			d.born(nil)
			d.job.Status.Failed = 1
			d.lines[0].Version.Object = d.raw()
		}, "S28"},
		{"with generation 2", func(d *diary) {
			d.born(nil)
			d.job.Generation = 2
			d.lines[0].Version.Object = d.raw()
		}, "S28"},
	} {
		e.check(t)
	}
}
