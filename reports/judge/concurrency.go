package judge

// concurrency is about how many pods there may be once another is created. Only a creation is judged: that there are too
// many after the limit was lowered or a pod was adopted is as it should be until the deletions are through.
//
// What the controller does not know yet never makes it create too many: it takes a pod that has ended, or is marked for
// deletion, for one that is active, and of those that it created itself it knows all.
var concurrency = []Invariant{
	{
		ID:   "P03",
		Says: "No pod is created if there are then more active ones than the parallelism.",
		Source: "pkg/controller/job/job_controller.go:1767-1855, manageJob; :924-936, 1132, syncJob; " +
			"pkg/controller/controller_utils.go:195-223, SatisfiedExpectations",
		Exceptions: []string{
			"more are active after a parallelism decrease or an adoption, until the deletions are through",
			"the controller created it before it saw the parallelism lowered",
			"the API server did not say that it had created another: the controller does not know of that one",
		},
		Across: true, Memory: true, OneController: true,
		Job: noteOutlook, Event: noteUnanswered, Pod: counted(withinParallelism),
	},
	{
		ID: "P04",
		Says: "No pod of a NonIndexed Job is created if active ones and successes, counted or not, are then more than the " +
			"completions.",
		Source: "pkg/controller/job/job_controller.go:1777-1787, manageJob; :1041-1043, syncJob; :1726-1734, getNewFinishedPods",
		Exceptions: []string{
			"a success of a pod that was marked for deletion before: the controller took it for terminating and replaced it",
			"a success that will never be counted because the finalizer was taken away: by a suspension, a scale-down or a user",
			"the API server did not say that it had created another: the controller does not know of that one",
		},
		Across: true, Memory: true, OneController: true,
		Job: noteOutlook, Event: noteUnanswered, Pod: accounted(withinCompletions),
	},
	{
		ID: "P05",
		Says: "If only failed pods are replaced, none is created while those that are active or terminating are as many as the " +
			"parallelism, or as the completions that are missing.",
		Source: "pkg/controller/job/job_controller.go:1811-1815, manageJob; :2208-2213, onlyReplaceFailedPods",
		Exceptions: []string{
			"more are active or terminating after a parallelism decrease or an adoption, until the deletions are through",
			"the controller created it before it saw the podReplacementPolicy changed to Failed",
			"the API server did not say that it had created another: the controller does not know of that one",
		},
		Across: true, Memory: true, OneController: true,
		Job: noteOutlook, Event: noteUnanswered, Pod: accounted(withinReplacement),
	},
	{
		ID: "P06",
		Says: "A pod is created only for an index that has no active one, none that is terminating if only failed pods are " +
			"replaced, and that has neither succeeded nor failed.",
		Source: "pkg/controller/job/indexed_job_utils.go:242-273, firstPendingIndexes; :54-94, calculateSucceededIndexes, " +
			"calculateFailedIndexes",
		Exceptions: []string{
			"by default an index has an active pod and any number that are terminating, as on a node that is lost",
			"a success of a pod that was marked for deletion before: the controller took it for terminating and replaced it",
			"a success that will never be counted because the finalizer was taken away: by a suspension, a scale-down or a user",
			"a pod that is adopted may have the index of another",
			"the API server did not say that it had created another: the controller does not know of that one",
		},
		Across: true, Memory: true, OneController: true,
		Job: noteOutlook, Event: noteUnanswered, Pod: accounted(onlyPendingIndex),
	},
}

func withinParallelism(j *Job, _ *Pod) Answer {
	limit := j.outlook().parallelism
	if j.Active <= limit {
		return Held
	}
	return Broken("with it %d pods are active, and the parallelism is %d", j.Active, limit)
}

func withinCompletions(j *Job, _ *Pod) Answer {
	completions := j.Now.Completions()
	if j.Now.Indexed() || completions < 0 {
		return Answer{}
	}
	if succeeded := j.succeeded(); j.Active+succeeded > completions {
		return Broken("with it %d pods are active, %d have succeeded, and the completions are %d",
			j.Active, succeeded, completions)
	}
	return Held
}

func withinReplacement(j *Job, _ *Pod) Answer {
	o := j.outlook()
	if o.early || j.Terminating == 0 {
		return Answer{}
	}
	if j.Active <= o.parallelism && j.Active+j.Terminating > o.parallelism {
		return Broken("with it %d pods are active and %d terminating, and the parallelism is %d",
			j.Active, j.Terminating, o.parallelism)
	}
	completions := j.Now.Completions()
	if j.Now.Indexed() || completions < 0 {
		return Held
	}
	missing := completions - j.succeeded()
	if j.Active <= missing && j.Active+j.Terminating > missing {
		return Broken("with it %d pods are active and %d terminating, and %d completions are missing",
			j.Active, j.Terminating, missing)
	}
	return Held
}

func onlyPendingIndex(j *Job, p *Pod) Answer {
	index := p.Now.Index
	if !j.Now.Indexed() || index < 0 {
		return Answer{}
	}
	switch {
	case j.ActiveAt[index] > 1:
		return Broken("with it %d pods of index %d are active", j.ActiveAt[index], index)
	case j.OpenAt[index] > 1 && !j.outlook().early:
		return Broken("with it %d pods of index %d are active or terminating, and only failed ones are replaced",
			j.OpenAt[index], index)
	case j.Now.Completed.Has(index):
		return Broken("index %d is completed", index)
	case j.Now.FailedIndexes.Has(index):
		return Broken("index %d has failed for good", index)
	case j.unclaimed().at[index] > 0:
		return Broken("a pod of index %d has succeeded", index)
	}
	return Held
}
