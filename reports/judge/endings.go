package judge

import (
	"strings"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// endings is about the pods that are left when a Job ends or is removed, and about when that may be.
var endings = []Invariant{
	{
		ID: "P22",
		Says: "When FailureTarget or SuccessCriteriaMet is written no pod of the Job is active: each has finished or is marked " +
			"for deletion.",
		Source: "pkg/controller/job/job_controller.go:1119-1129 and 1137-1154, syncJob; 1217-1238, deleteActivePods",
		Exceptions: []string{
			"a pod that no longer matches the selector of a Job that is being deleted",
		},
		Across: true,
		Job:    decidedWithoutActive, Event: noteTold,
	},
	{
		ID:     "P23",
		Says:   "When a Job is Complete or Failed no pod of it is active or terminating.",
		Source: "pkg/controller/job/job_controller.go:1604-1625, enactJobFinished; 1119-1129, syncJob",
		Exceptions: []string{
			"a pod that no longer matches the selector of a Job that is being deleted",
			"a pod that somebody adds to the Job when it has finished",
		},
		Across: true,
		Job:    finishedWithoutPods,
	},
	{
		ID: "P26",
		Says: "The TTL controller deletes a Job only once it has finished and ttlSecondsAfterFinished have passed since, and a " +
			"Job that is deleted in the foreground goes after its pods.",
		Source: "pkg/controller/ttlafterfinished/ttlafterfinished_controller.go:206-317, processJob; " +
			"pkg/controller/garbagecollector/garbagecollector.go, processDeletingDependentsItem",
		Exceptions: []string{
			"somebody else may delete it at any time",
			"somebody may lengthen the ttl while the TTL controller deletes the Job",
			"a pod that does not block its owner's deletion stays",
			"a pod that was created in the last seconds and that the garbage collector did not know of stays",
			"who deletes the Job once more in another way, or takes off the finalizer, lets it go at once",
		},
		Across: true,
		Job:    goesInTime,
	},
	{
		ID: "P27",
		Says: "A Job that is deleted and leaves its pods as orphans goes after they have lost their reference to it, and the " +
			"garbage collector deletes none of them.",
		Source: "pkg/controller/garbagecollector/garbagecollector.go, orphanDependents and attemptToOrphanWorker",
		Exceptions: []string{
			"a pod that was created in the last seconds and that the garbage collector did not know of keeps the reference, " +
				"and is deleted for it",
			"who deletes the Job once more in another way, or takes off the finalizer, lets it go at once",
			"who deletes the orphans is not the garbage collector",
		},
		Across: true,
		Job:    leavesOrphans, Pod: staysAnOrphan,
	},
	{
		ID: "P28",
		Says: "A pod that is evicted, preempted, deleted for a taint or deleted with its node has the condition " +
			"DisruptionTarget by then.",
		Source: "pkg/registry/core/pod/storage/eviction.go:318-373, addConditionAndDeletePod; " +
			"pkg/scheduler/framework/preemption/executor.go:121-145; pkg/controller/tainteviction/taint_eviction.go:129-148; " +
			"pkg/controller/devicetainteviction/device_taint_eviction.go:480-496; " +
			"pkg/controller/podgc/gc_controller.go:252-267 and 346-366",
		Exceptions: []string{
			"who just deletes a pod leaves no condition",
			"pods that are terminating and have no node, or are on one that is out of service, and finished pods that are " +
				"too many, are deleted without it",
			"a pod that two delete at the same time",
			"an eviction that is only tried",
		},
		Audited: true,
		Pod:     saysWhyItIsDisrupted,
	},
}

// seenInTime is the age at which a pod is known to the controllers, whatever happens to their watches. The controller
// manager gives up if it does not reach an API server for 10 s (RenewDeadline in k8s.io/component-base
// config/v1alpha1/defaults.go), and a watch that was cut is resumed after at most twice as long as it has waited before
// (client-go, tools/cache/reflector.go). A younger pod may be unknown if somebody else has made it, or if the answer to its
// creation was lost.
const seenInTime = 30 * time.Second

// noteTold notes which pods the controller says that it has created: it knows of those.
func noteTold(e *Event) Answer {
	name, created := strings.CutPrefix(plain(e.Message), "Created pod: ")
	if !created || e.Job == nil || e.Reason != "SuccessfulCreate" || e.Component != jobEvents {
		return Answer{}
	}
	if p := e.World.PodNamed(e.Namespace, name); p != nil && p.Job == e.Job {
		*remember[bool](&p.memory, "told") = true
	}
	return Answer{}
}

func decidedWithoutActive(j *Job) Answer {
	if !j.Own() || !j.Turned(batchv1.JobFailureTarget) && !j.Turned(batchv1.JobSuccessCriteriaMet) {
		return Answer{}
	}
	if j.Active == 0 {
		return Held
	}
	return j.left("its outcome is decided", (*PodVersion).Active)
}

func finishedWithoutPods(j *Job) Answer {
	if !j.Own() || !j.Turned(batchv1.JobComplete) && !j.Turned(batchv1.JobFailed) {
		return Answer{}
	}
	if j.Active+j.Terminating == 0 {
		return Held
	}
	return j.left("it has finished", func(v *PodVersion) bool { return v.Active() || v.Terminating() })
}

// left names a pod that should not be there any more, the first of those that the controller must have known of.
func (j *Job) left(when string, still func(*PodVersion) bool) Answer {
	found := Held
	for _, p := range j.EachPod() {
		if !still(p.Now) || !j.claims(p) {
			continue
		}
		state := "active"
		if p.Now.Terminating() {
			state = "terminating"
		}
		broken := j.doubted(j.ofController(Broken("%s and %s is still %s", when, p.Name, state)))
		if *remember[bool](&p.memory, "told") || j.Now.Seen.Sub(p.Birth) > seenInTime {
			return broken
		}
		if found.unsure == "" {
			broken.unsure = "the controller may not have known of " + p.Name
			found = broken
		}
	}
	return found
}

// claims says whether the controller takes a pod with the Job's reference for one of the Job's. It releases one that does
// not match the selector before it goes on, but not for a Job that is being deleted (ClaimObject in
// pkg/controller/controller_ref_manager.go).
func (j *Job) claims(p *Pod) bool {
	if j.Now.Meta.DeletionTimestamp == nil {
		return true
	}
	selector, err := metav1.LabelSelectorAsSelector(j.Now.Spec.Selector)
	return err != nil || selector.Matches(labels.Set(p.Now.Labels))
}
