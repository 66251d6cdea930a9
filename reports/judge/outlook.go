package judge

import (
	"reflect"

	batchv1 "k8s.io/api/batch/v1"
)

// outlook is what the Job controller can take a Job for when it creates a pod: any of the Job's versions from the status
// that the controller wrote last to the latest.
//
// Its cache lags behind etcd, but not behind its own writes: a sync does not begin before the cache holds what the one
// before it wrote (syncJob and updateJobStatus in pkg/controller/job/job_controller.go, EnsureReady in
// pkg/controller/util/consistency/consistency.go; StaleControllerConsistencyJob is on from 1.36). And the API server
// takes a status only for the version that it was made from, so who writes it has seen all that was before. Pods are
// created before their sync writes a status. A status that somebody else writes is taken for the controller's; see doubted.
type outlook struct {
	spec     *batchv1.JobSpec // of the latest version
	deleting bool             // it is marked for deletion
	several  bool             // not all versions that the controller can take the Job for are like the latest

	// exists says that one of them is not marked for deletion; open, that such a one is not suspended either. What
	// follows is of those that are open: no pod is created for any other.
	exists, open bool
	// parallelism and completions are the highest; completions is -1 if there is none.
	parallelism, completions int
	// early says that one of them replaces pods that are still terminating.
	early bool
	// templates are those of them that differ, the latest last.
	templates []*template
}

// outlook returns what the controller can take the Job for now. It must be asked for at each version of the Job.
func (j *Job) outlook() *outlook {
	o := remember[outlook](&j.memory, "outlook")
	now, deleting := j.Now, j.Now.Meta.DeletionTimestamp != nil
	switch {
	case o.spec == now.Spec && o.deleting == deleting && !o.several:
		return o
	case o.spec == nil, wroteStatus(j.Was, now):
		*o = outlook{completions: -1}
	case o.spec == now.Spec && o.deleting == deleting:
		return o
	default:
		o.several = true
	}
	o.spec, o.deleting = now.Spec, deleting
	o.add(now)
	return o
}

// wroteStatus says whether a version has another status than the one before it, which is then all that is new in it.
func wroteStatus(was, now *JobVersion) bool {
	return was != nil && !reflect.DeepEqual(&was.Status, &now.Status)
}

// noteOutlook is the hook of the invariants that need to know what a Job was before its latest version.
func noteOutlook(j *Job) Answer {
	j.outlook()
	return Answer{}
}

func (o *outlook) add(v *JobVersion) {
	if o.deleting {
		return
	}
	o.exists = true
	if v.Suspended() {
		return
	}
	o.open = true
	o.parallelism = max(o.parallelism, v.Parallelism())
	o.completions = max(o.completions, v.Completions())
	o.early = o.early || !v.ReplacesFailedOnly()
	t := newTemplate(v)
	for _, known := range o.templates {
		if known.same(t) {
			return
		}
	}
	o.templates = append(o.templates, t)
}
