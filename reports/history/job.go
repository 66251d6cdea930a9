package history

import batchv1 "k8s.io/api/batch/v1"

// Job is the view of one Job in a history.
type Job struct {
	// Name is the Job's name and UID its identity; UID is empty if no such Job was recorded.
	Name, UID string

	history *History
	indexes []int // of the Job's versions in the history
}

// Job returns the view of the first Job of that name. It is never nil: the view of a Job that was not recorded has no
// versions, no pods and no conditions.
func (h *History) Job(name string) *Job {
	for _, job := range h.Jobs() {
		if job.Name == name {
			return job
		}
	}
	return &Job{Name: name, history: h}
}

// Jobs returns a view of every Job in the order of their creation.
func (h *History) Jobs() []*Job {
	var jobs []*Job
	byUID := map[string]*Job{}
	for i, v := range h.versions {
		if v.Job() == nil {
			continue
		}
		job := byUID[v.UID]
		if job == nil {
			job = &Job{Name: v.Name, UID: v.UID, history: h}
			byUID[v.UID] = job
			jobs = append(jobs, job)
		}
		job.indexes = append(job.indexes, i)
	}
	return jobs
}

// History returns the history the view belongs to.
func (j *Job) History() *History { return j.history }

// Versions returns the Job's own versions, the Deleted one included.
func (j *Job) Versions() []Version {
	versions := make([]Version, len(j.indexes))
	for i, index := range j.indexes {
		versions[i] = j.history.versions[index]
	}
	return versions
}

// First returns the Job as it was first seen, or nil if it never was.
func (j *Job) First() *batchv1.Job {
	if len(j.indexes) == 0 {
		return nil
	}
	return j.history.versions[j.indexes[0]].Job()
}

// Last returns the Job as it was last seen, or nil if it never was.
func (j *Job) Last() *batchv1.Job {
	if len(j.indexes) == 0 {
		return nil
	}
	return j.history.versions[j.indexes[len(j.indexes)-1]].Job()
}

// Created is the first version of the Job; At is its creationTimestamp.
func (j *Job) Created() Step {
	if len(j.indexes) == 0 {
		return Step{}
	}
	step := j.history.step(j.indexes[0])
	step.At = j.First().CreationTimestamp.Time
	return step
}

// Gone is the Job's removal from the API server.
func (j *Job) Gone() Step {
	if len(j.indexes) == 0 {
		return Step{}
	}
	last := j.indexes[len(j.indexes)-1]
	if j.history.versions[last].Type != Deleted {
		return Step{}
	}
	return j.history.step(last)
}
