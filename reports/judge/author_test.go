package judge

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/reports/history"
)

func TestWhoWroteTheStatus(t *testing.T) {
	// writes is a Job whose status one writes and then, with a failure from nowhere, another.
	writes := func(first, then string) func(*diary) {
		return func(d *diary) {
			d.born(nil)
			d.by(first, func(s *batchv1.JobStatus) {
				s.StartTime, s.UncountedTerminatedPods = new(d.now()), &batchv1.UncountedTerminatedPods{}
			})
			d.by(then, func(s *batchv1.JobStatus) { s.Failed = 1 })
		}
	}
	for _, e := range []entry{
		{"the controller", writes(controllerManager, controllerManager), "S24"},
		{"somebody else", writes(controllerManager, "kubectl-edit"), ""},
		{"the controller, after somebody else", writes("kubectl-edit", controllerManager), "S24?"},
		{"the controller under another name", writes("job-controller", "job-controller"), "S24"},
		{"the controller, and whoever wrote before is named no more", func(d *diary) {
			d.born(nil)
			d.starts(1)
			d.by("kubectl-edit", func(s *batchv1.JobStatus) { s.Active = 0 })
			d.job.ManagedFields = d.job.ManagedFields[:1]
			d.controller(func(s *batchv1.JobStatus) { s.Failed = 1 })
		}, "S24?"},
		{"nobody is named", func(d *diary) {
			d.born(nil)
			d.starts(1)
			d.job.Status.Failed = 1
			d.job.ManagedFields = nil
			d.add(history.Modified)
		}, "S24"},
	} {
		e.check(t)
	}
}
