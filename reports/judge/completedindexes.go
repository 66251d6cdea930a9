package judge

// indexLists is about completedIndexes and failedIndexes.
var indexLists = []Invariant{
	{
		ID: "S12",
		Says: "succeeded of an Indexed Job is the number of its completedIndexes, which are below completions, written in one " +
			"form, and never fewer; other Jobs have none.",
		Source: "pkg/controller/job/job_controller.go:1384-1391, trackJobStatusAndRemoveFinalizers; " +
			"pkg/controller/job/indexed_job_utils.go:59-73 and 165-182; pkg/apis/batch/validation/validation.go:567-586",
		Exceptions: []string{
			"an Indexed Job that is scaled down loses the indexes that it no longer has, and until the controller sees it keeps " +
				"them in the list (pkg/registry/batch/job/strategy.go:339-348)",
			"another controller (spec.managedBy) may count otherwise, take indexes back and write the list in another form",
		},
		Memory: true,
		Job:    completedIndexesAreKept,
	},
	{
		ID: "S13",
		Says: "A Job has failedIndexes only with backoffLimitPerIndex; none of them is in completedIndexes, and none is taken " +
			"back.",
		Source: "pkg/controller/job/job_controller.go:1392-1399, trackJobStatusAndRemoveFinalizers; " +
			"pkg/controller/job/indexed_job_utils.go:78-94; pkg/apis/batch/validation/validation.go:574-600",
		Exceptions: []string{
			"with backoffLimitPerIndex it has them from the first write of the controller on",
			"an Indexed Job that is scaled down loses the indexes that it no longer has",
			"another controller (spec.managedBy) may take them back and write them in another form",
		},
		Memory: true,
		Job:    failedIndexesAreKept,
	},
}

func completedIndexesAreKept(j *Job) Answer {
	text := j.Now.Status.CompletedIndexes
	if !j.Now.Indexed() {
		if text != "" {
			return Broken("completedIndexes are %q and the Job is not Indexed", text)
		}
		return Answer{}
	}
	changed := j.Was == nil && text != "" || j.Was != nil && text != j.Was.Status.CompletedIndexes
	if changed {
		if a := completedIndexesGrow(j, text); a.broken != "" {
			return a
		}
	}
	if j.Own() && j.Now.Completed != nil && int(j.Now.Status.Succeeded) != j.Now.Completed.Len() {
		return j.ofController(Broken("succeeded is %d and completedIndexes are %q", j.Now.Status.Succeeded, text))
	}
	if changed {
		return Held
	}
	return Answer{}
}

func completedIndexesGrow(j *Job, text string) Answer {
	switch {
	case j.Now.Completed == nil:
		if j.Own() {
			return j.ofController(Broken("completedIndexes are %q, which the controller does not write", text))
		}
	case j.Was == nil:
	case j.Now.Completed.Max() >= j.Now.Completions():
		return Broken("completedIndexes are %q and completions %d", text, j.Now.Completions())
	case j.Own():
		if index, lost := j.Was.Completed.Missing(j.Now.Completed); lost && index < j.Now.Completions() {
			return j.ofController(Broken("index %d was completed and is no longer", index))
		}
	}
	return Held
}

func failedIndexesAreKept(j *Job) Answer {
	if j.Now.Status.FailedIndexes == nil {
		return failedIndexesAreThere(j)
	}
	text := *j.Now.Status.FailedIndexes
	if j.Now.Spec.BackoffLimitPerIndex == nil {
		return Broken("failedIndexes are %q and there is no backoffLimitPerIndex", text)
	}
	changed := j.Was == nil || failedText(j.Was) != quoted(text)
	if !changed && j.Was.Status.CompletedIndexes == j.Now.Status.CompletedIndexes {
		return Answer{}
	}
	if index, both := j.Now.FailedIndexes.Common(j.Now.Completed); both && index < j.Now.Completions() {
		return Broken("index %d is in failedIndexes and in completedIndexes", index)
	}
	if changed && j.Was != nil {
		return failedIndexesGrow(j, text)
	}
	return Held
}

func failedIndexesGrow(j *Job, text string) Answer {
	switch {
	case j.Now.FailedIndexes == nil:
		if j.Own() {
			return j.ofController(Broken("failedIndexes are %q, which the controller does not write", text))
		}
	case j.Now.FailedIndexes.Max() >= j.Now.Completions():
		return Broken("failedIndexes are %q and completions %d", text, j.Now.Completions())
	case j.Own():
		if index, lost := j.Was.FailedIndexes.Missing(j.Now.FailedIndexes); lost && index < j.Now.Completions() {
			return j.ofController(Broken("index %d had failed and has no longer", index))
		}
	}
	return Held
}

// failedIndexesAreThere says of a Job without failedIndexes that it has none to have.
func failedIndexesAreThere(j *Job) Answer {
	begun := j.Now.Status.UncountedTerminatedPods != nil
	if j.Now.Spec.BackoffLimitPerIndex == nil || !j.Own() || !begun {
		return Answer{}
	}
	return j.ofController(Broken("it has backoffLimitPerIndex, the controller has begun and there are no failedIndexes"))
}
