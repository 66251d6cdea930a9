package judge

import (
	"slices"
	"strconv"

	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/types"
)

// counters is about the numbers in a Job's status and the lists of pods that are still to be counted.
var counters = []Invariant{
	{
		ID:   "S06",
		Says: "A finished Job has no active, ready, terminating or uncounted pods, and it has a startTime.",
		Source: "pkg/apis/batch/validation/validation.go:552-566 and 601-610, validateJobStatus; " +
			"pkg/controller/job/job_controller.go:1604-1625, enactJobFinished",
		Exceptions: []string{
			"a suspended Job with completions of 0 may finish without startTime (pkg/registry/batch/job/strategy.go:384)",
			"a Job that had finished before the recording began may have done so under Kubernetes 1.30 or older",
		},
		Job: nothingIsLeft,
	},
	{
		ID:     "S07",
		Says:   "A Job never has more ready pods than active ones.",
		Source: "pkg/apis/batch/validation/validation.go:606-610, validateJobStatus (RejectMoreReadyThanActivePods)",
		Job: func(j *Job) Answer {
			ready := j.Now.Ready()
			if ready == 0 {
				return Answer{}
			}
			return Never(ready > int(j.Now.Status.Active), func() string {
				return "ready is " + strconv.Itoa(ready) + " and active " + strconv.Itoa(int(j.Now.Status.Active))
			})
		},
	},
	{
		ID:     "S10",
		Says:   "The count of failed pods never goes down.",
		Source: "pkg/apis/batch/validation/validation.go:827-831, ValidateJobStatusUpdate (RejectDecreasingFailedCounter)",
		Job: func(j *Job) Answer {
			if j.Was == nil || j.Now.Status.Failed == j.Was.Status.Failed {
				return Answer{}
			}
			return Never(j.Now.Status.Failed < j.Was.Status.Failed, func() string {
				return wentDown("failed", j.Was.Status.Failed, j.Now.Status.Failed)
			})
		},
	},
	{
		ID:   "S11",
		Says: "The count of succeeded pods never goes down, unless the Job is Indexed and its completions equal its parallelism.",
		Source: "pkg/apis/batch/validation/validation.go:832-836, ValidateJobStatusUpdate; " +
			"pkg/registry/batch/job/strategy.go:371-373",
		Exceptions: []string{"an Indexed Job that is scaled down forgets the indexes that it no longer has"},
		Memory:     true, // a scale-down that was not seen excuses it too
		Job: func(j *Job) Answer {
			if j.Was == nil || j.Now.Status.Succeeded == j.Was.Status.Succeeded {
				return Answer{}
			}
			elastic := j.Now.Indexed() && j.Now.Completions() == j.Now.Parallelism()
			return Never(j.Now.Status.Succeeded < j.Was.Status.Succeeded && !elastic, func() string {
				return wentDown("succeeded", j.Was.Status.Succeeded, j.Now.Status.Succeeded)
			})
		},
	},
	{
		ID:   "S14",
		Says: "uncountedTerminatedPods names each pod once, not more than 500, and of an Indexed Job only failed ones.",
		Source: "pkg/apis/batch/validation/validation.go:492-515, validateJobStatus; " +
			"pkg/controller/job/job_controller.go:1342-1383, trackJobStatusAndRemoveFinalizers",
		Exceptions: []string{
			"while the removal of finalizers fails, each attempt may add one more to a list that is full",
			"another controller (spec.managedBy) may list more than 500, and succeeded pods of an Indexed Job",
		},
		Job: uncountedOnce,
	},
	{
		ID:     "S16",
		Says:   "No counter of a Job is below 0.",
		Source: "pkg/apis/batch/validation/validation.go:483-491, validateJobStatus",
		Job: func(j *Job) Answer {
			s := &j.Now.Status
			ready, terminating := int32(j.Now.Ready()), int32(j.Now.Terminating())
			lowest := min(s.Active, ready, terminating, s.Succeeded, s.Failed)
			if lowest == 0 && max(s.Active, ready, terminating, s.Succeeded, s.Failed) == 0 {
				return Answer{}
			}
			return Never(lowest < 0, func() string { return "a counter is " + strconv.Itoa(int(lowest)) })
		},
	},
	{
		ID: "S24",
		Says: "The counters go up by exactly the pods that leave uncountedTerminatedPods; an Indexed Job counts its successes " +
			"by index instead.",
		Source: "pkg/controller/job/job_controller.go:1538-1554, cleanUncountedPodsWithoutFinalizers, the only place that moves " +
			"them",
		Exceptions: []string{
			"another controller (spec.managedBy) may count as it likes",
			"a counter that goes down is left to S10 and S11",
		},
		Memory: true,
		Job:    countersFollowLists,
	},
}

func nothingIsLeft(j *Job) Answer {
	if len(j.Now.Status.Conditions) == 0 || !j.Now.Finished() {
		return Answer{}
	}
	s := &j.Now.Status
	succeeded, failed := j.Now.Uncounted()
	finishes := j.Turned(batchv1.JobComplete) || j.Turned(batchv1.JobFailed)
	var a Answer
	switch {
	case s.Active > 0:
		a = Broken("it is finished and active is %d", s.Active)
	case j.Now.Ready() > 0:
		a = Broken("it is finished and ready is %d", j.Now.Ready())
	case j.Now.Terminating() > 0:
		a = Broken("it is finished and terminating is %d", j.Now.Terminating())
	case len(succeeded)+len(failed) > 0:
		a = Broken("it is finished and %d pods are not counted yet", len(succeeded)+len(failed))
	case s.StartTime == nil && finishes && !(j.Now.Suspended() && j.Now.Completions() == 0):
		a = Broken("it is finished and has no startTime")
	case finishes:
		return Held
	default:
		return Answer{}
	}
	if j.Was == nil && !j.Created() {
		return Unsure("it had finished before the recording began")
	}
	return a
}

func wentDown(counter string, from, to int32) string {
	return counter + " went from " + strconv.Itoa(int(from)) + " to " + strconv.Itoa(int(to))
}

func uncountedOnce(j *Job) Answer {
	succeeded, failed := j.Now.Uncounted()
	if len(succeeded)+len(failed) == 0 {
		return Answer{}
	}
	before := 0
	if j.Was != nil {
		wasSucceeded, wasFailed := j.Was.Uncounted()
		if slices.Equal(succeeded, wasSucceeded) && slices.Equal(failed, wasFailed) {
			return Answer{}
		}
		before = len(wasSucceeded) + len(wasFailed)
	}
	if uid, twice := repeated(succeeded, failed); twice {
		return Broken("pod %s is in uncountedTerminatedPods twice", uid)
	}
	if !j.Own() {
		return Held
	}
	if n := len(succeeded) + len(failed); j.FromBirth && n > max(maxUncounted, before+1) {
		return j.ofController(Broken("%d pods are in uncountedTerminatedPods, after %d", n, before))
	}
	return j.ofController(Never(j.Now.Indexed() && len(succeeded) > 0, func() string {
		return "an Indexed Job has succeeded pods in uncountedTerminatedPods"
	}))
}

// repeated returns a uid that stands in the lists twice.
func repeated(lists ...[]types.UID) (types.UID, bool) {
	seen := map[types.UID]bool{}
	for _, list := range lists {
		for _, uid := range list {
			if seen[uid] {
				return uid, true
			}
			seen[uid] = true
		}
	}
	return "", false
}

func countersFollowLists(j *Job) Answer {
	if j.Was == nil || !j.Own() {
		return Answer{}
	}
	wasSucceeded, wasFailed := j.Was.Uncounted()
	succeeded, failed := j.Now.Uncounted()
	left, more := missing(wasFailed, failed), int(j.Now.Status.Failed-j.Was.Status.Failed)
	if left != more && more >= 0 {
		return j.ofController(Broken("%d pods left uncountedTerminatedPods.failed and failed went up by %d", left, more))
	}
	asked := left > 0
	if !j.Now.Indexed() {
		left, more = missing(wasSucceeded, succeeded), int(j.Now.Status.Succeeded-j.Was.Status.Succeeded)
		if left != more && more >= 0 {
			return j.ofController(Broken("%d pods left uncountedTerminatedPods.succeeded and succeeded went up by %d", left, more))
		}
		asked = asked || left > 0
	}
	if !asked {
		return Answer{}
	}
	return Held
}

// missing is how many of before are not in now. Both are in the order in which the controller added to them, so what is left
// of before is where now begins.
func missing(before, now []types.UID) int {
	kept := 0
	for _, uid := range before {
		if kept < len(now) && now[kept] == uid {
			kept++
		}
	}
	return len(before) - kept
}
