package judge

import (
	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/jobproof/jobproof/reports/history"
)

// writes is about what one write of a Job can change.
var writes = []Invariant{
	{
		ID: "S26",
		Says: "A write that changes a Job's spec leaves its status as it was, and generation counts up by one with each such " +
			"write, with the mark for deletion and with nothing else.",
		Source: "pkg/registry/batch/job/strategy.go:111-125 and 311-315, PrepareForUpdate; k8s.io/apiserver " +
			"pkg/registry/generic/registry/store.go:1083-1102, markAsDeleting",
		Exceptions: []string{"an API server of a newer version may fill in fields of the spec without counting"},
		Memory:     true,
		Job:        specAndStatusApart,
	},
	{
		ID:     "S28",
		Says:   "A Job is born with generation 1 and without a status.",
		Source: "pkg/registry/batch/job/strategy.go:94-108, PrepareForCreate",
		Job: func(j *Job) Answer {
			if !j.Created() {
				return Answer{}
			}
			if j.Now.Generation != 1 {
				return Broken("it was born with generation %d", j.Now.Generation)
			}
			return Never(!equality.Semantic.DeepEqual(j.Now.Status, batchv1.JobStatus{}), func() string {
				return "it was born with a status"
			})
		},
	},
}

func specAndStatusApart(j *Job) Answer {
	if j.Was == nil || j.Now.Type == history.Deleted {
		return Answer{}
	}
	counted := j.Now.Generation - j.Was.Generation
	changed := j.Now.Spec != j.Was.Spec
	marked := j.Was.Meta.DeletionTimestamp == nil && j.Now.Meta.DeletionTimestamp != nil
	switch {
	case counted == 0 && !changed && !marked:
		return Answer{}
	case counted < 0 || counted > 1:
		return Broken("generation went from %d to %d", j.Was.Generation, j.Now.Generation)
	case counted == 1 && !changed && !marked:
		return Broken("generation went from %d to %d and the spec did not change", j.Was.Generation, j.Now.Generation)
	case counted == 0 && marked:
		return Broken("it was marked for deletion and generation stayed at %d", j.Now.Generation)
	case counted == 1 && !equality.Semantic.DeepEqual(j.Was.Status, j.Now.Status):
		return Broken("spec and status changed in one version")
	case counted == 0:
		return Answer{}
	default:
		return Held
	}
}
