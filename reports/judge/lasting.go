package judge

import (
	"fmt"
	"slices"
	"strings"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// lasting is about what does not change any more once it is so. Most of it the API server enforces, whoever writes.
var lasting = []Invariant{
	{
		ID:     "P30",
		Says:   "An object that is marked for deletion stays so, with a grace period that only gets shorter, and gets no finalizer any more but, with the mark, that of its deletion.",
		Source: "k8s.io/apiserver/pkg/registry/rest/delete.go:106-155, BeforeDelete; k8s.io/apimachinery/pkg/api/validation/objectmeta.go:340-361, ValidateObjectMetaAccessorUpdate",
		Pod: func(p *Pod) Answer {
			if p.Was == nil || p.Now.Deleting.IsZero() && p.Was.Deleting.IsZero() {
				return Answer{}
			}
			return staysMarked(
				marked{p.Was.Deleting, p.Was.Grace, p.Was.Finalizers}, marked{p.Now.Deleting, p.Now.Grace, p.Now.Finalizers},
			)
		},
		Job: func(j *Job) Answer {
			if j.Was == nil || j.Now.Meta.DeletionTimestamp == nil && j.Was.Meta.DeletionTimestamp == nil {
				return Answer{}
			}
			return staysMarked(markOf(&j.Was.Meta), markOf(&j.Now.Meta))
		},
	},
	{
		ID:     "P31",
		Says:   "A pod that is Succeeded or Failed stays so.",
		Source: "pkg/kubelet/kubelet_pods.go:1959-1967, generateAPIPodStatus",
		Exceptions: []string{
			"what the kubelet writes in the same moment as another, such as PodGC, which knows of no such rule",
		},
		Advisory: true,
		Pod: func(p *Pod) Answer {
			if p.Was == nil || !p.Was.Finished() {
				return Answer{}
			}
			return Never(p.Now.Phase != p.Was.Phase, func() string {
				return "it was " + string(p.Was.Phase) + " and is " + string(p.Now.Phase)
			})
		},
	},
	{
		ID:   "P32",
		Says: "An object keeps the moment of its creation, and a pod the node that it is bound to.",
		Source: "k8s.io/apimachinery/pkg/api/validation/objectmeta.go:359, ValidateObjectMetaAccessorUpdate; " +
			"pkg/apis/core/validation/validation.go:6175, ValidatePodStatusUpdate; pkg/registry/core/pod/storage/storage.go:238, setPodNodeAndMetadata",
		Pod: func(p *Pod) Answer {
			switch {
			case p.Was == nil:
				return Answer{}
			case !p.Now.Created.Equal(p.Was.Created):
				return Broken("it was created at %s and now at %s", hour(p.Was.Created), hour(p.Now.Created))
			case p.Was.Node != "" && p.Now.Node != p.Was.Node:
				return Broken("it was bound to node %q and is to %q", p.Was.Node, p.Now.Node)
			}
			return Held
		},
		Job: func(j *Job) Answer {
			if j.Was == nil {
				return Answer{}
			}
			was, now := j.Was.Meta.CreationTimestamp.Time, j.Now.Meta.CreationTimestamp.Time
			return Never(!now.Equal(was), func() string { return "it was created at " + hour(was) + " and now at " + hour(now) })
		},
	},
	{
		ID:     "P33",
		Says:   "A container that has ended runs again only if it failed and the pod's restartPolicy is OnFailure.",
		Source: "pkg/apis/core/validation/validation.go:6005-6073, ValidateContainerStateTransition",
		Exceptions: []string{
			"a container with restartPolicyRules of its own, and restartPolicy Always, which no Job's pod has",
		},
		Pod: func(p *Pod) Answer {
			if p.Was == nil || len(p.Was.ExitCodes) == 0 || p.Now.RestartPolicy == corev1.RestartPolicyAlways {
				return Answer{}
			}
			return containersStayEnded(p)
		},
	},
	{
		ID:     "P34",
		Says:   "A pod keeps its completion index.",
		Source: "pkg/controller/job/job_controller.go:1907, manageJob, is where it is given; nothing changes it",
		Exceptions: []string{
			"what somebody edits by hand",
		},
		Advisory: true,
		Pod: func(p *Pod) Answer {
			if p.Was == nil || p.Was.Index < 0 {
				return Answer{}
			}
			return Never(p.Now.Index != p.Was.Index, func() string {
				return fmt.Sprintf("its index was %d and is %d", p.Was.Index, p.Now.Index)
			})
		},
	},
	{
		ID:     "P35",
		Says:   "A Job is created before its pods.",
		Source: "pkg/controller/job/job_controller.go:1916, manageJob: the owner reference of a new pod names the Job's uid",
		Across: true,
		Job: func(j *Job) Answer {
			if !j.Created() {
				return Answer{}
			}
			return Never(len(j.Pods) > 0, func() string { return "it is created after " + j.EachPod()[0].Object() })
		},
	},
	{
		ID:     "P36",
		Says:   "When a Job is Complete or Failed, each of its pods that had ended when that was decided has lost the tracking finalizer.",
		Source: "pkg/controller/job/job_controller.go:1455-1475, trackJobStatusAndRemoveFinalizers; 1604-1626, enactJobFinished",
		Exceptions: []string{
			"a finalizer that somebody gives back by hand, or a pod that is adopted meanwhile",
		},
		Across: true, Memory: true,
		Job: func(j *Job) Answer {
			if j.Was == nil || !j.Own() || !j.Now.Finished() || j.Was.Finished() {
				return Answer{}
			}
			return j.ofController(keepsNoFinalizer(j))
		},
		Pod: func(p *Pod) Answer {
			if p.Was != nil && p.Now.Tracked && (!p.Was.Tracked || p.Was.Owner != p.Now.Owner) {
				*remember[trackedLater](&p.memory, "P36") = true
			}
			return Answer{}
		},
	},
	{
		ID:     "S29",
		Says:   "A condition keeps the moment at which it turned until it turns again; only Suspended is ever False, and says in its reason that it turned.",
		Source: "pkg/controller/job/job_controller.go:2111-2124, ensureJobConditionStatus, and its callers",
		Memory: true,
		Job: func(j *Job) Answer {
			if len(j.Now.Status.Conditions) == 0 || !j.Own() {
				return Answer{}
			}
			return j.ofController(conditionsLast(j))
		},
	},
}

func containersStayEnded(p *Pod) Answer {
	if len(p.Now.ExitCodes) >= len(p.Was.ExitCodes) {
		return Held
	}
	for name, code := range p.Was.ExitCodes {
		_, still := p.Now.ExitCodes[name]
		restarts := p.Now.RestartPolicy == corev1.RestartPolicyOnFailure && code != 0 || strings.Contains(p.Now.specRaw, `"restartPolicyRules"`)
		if !still && !restarts {
			return Broken("container %s had ended with exit code %d and has not", name, code)
		}
	}
	return Held
}

// trackedLater says of a pod that it got the tracking finalizer, or its owner, after it was created.
type trackedLater bool

func keepsNoFinalizer(j *Job) Answer {
	for _, p := range j.Pods {
		if p.Now.Tracked && p.Now.Finished() && p.Now.RV < j.Was.RV && !bool(*remember[trackedLater](&p.memory, "P36")) {
			return Broken("%s is %s and has the finalizer", p.Object(), p.Now.Phase)
		}
	}
	return Held
}

// marked is what of an object is about its deletion.
type marked struct {
	at         time.Time
	grace      time.Duration
	finalizers []string
}

func markOf(m *metav1.ObjectMeta) marked {
	mark := marked{finalizers: m.Finalizers}
	if m.DeletionTimestamp != nil {
		mark.at = m.DeletionTimestamp.Time
	}
	if m.DeletionGracePeriodSeconds != nil {
		mark.grace = time.Duration(*m.DeletionGracePeriodSeconds) * time.Second
	}
	return mark
}

func staysMarked(was, now marked) Answer {
	switch {
	case now.at.IsZero():
		return Broken("it is no longer marked for deletion")
	case was.at.IsZero():
	case !now.at.Equal(was.at) && now.grace >= was.grace:
		return Broken("its deletionTimestamp moves from %s to %s and its grace period from %v to %v", hour(was.at), hour(now.at), was.grace, now.grace)
	}
	for _, name := range now.finalizers {
		if !slices.Contains(was.finalizers, name) && (!was.at.IsZero() || name != metav1.FinalizerDeleteDependents && name != metav1.FinalizerOrphanDependents) {
			return Broken("it is marked for deletion and gets the finalizer %s", name)
		}
	}
	return Held
}

// suspendedFor are the reasons of the condition Suspended (pkg/controller/job/job_controller.go:1162 and 1173, syncJob).
var suspendedFor = map[corev1.ConditionStatus]string{corev1.ConditionTrue: "JobSuspended", corev1.ConditionFalse: "JobResumed"}

func conditionsLast(j *Job) Answer {
	for i := range j.Now.Status.Conditions {
		c := &j.Now.Status.Conditions[i]
		if c.Status == corev1.ConditionFalse && c.Type != batchv1.JobSuspended {
			return Broken("%s is False", c.Type)
		}
		if c.Type == batchv1.JobSuspended && c.Reason != suspendedFor[c.Status] {
			return Broken("%s is %s for the reason %q", c.Type, c.Status, c.Reason)
		}
		if j.Was == nil {
			continue
		}
		was := j.Was.Condition(c.Type)
		if was != nil && was.Status == c.Status && !was.LastTransitionTime.Equal(&c.LastTransitionTime) {
			return Broken("%s stays %s and turned at %s, now at %s", c.Type, c.Status, hour(was.LastTransitionTime.Time), hour(c.LastTransitionTime.Time))
		}
	}
	return Held
}

// hour is a time of day as a finding says it.
func hour(t time.Time) string { return t.UTC().Format(time.TimeOnly) }
