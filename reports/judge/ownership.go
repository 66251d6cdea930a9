package judge

import (
	"reflect"

	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// ownership is about a Job taking in pods that fit its selector and letting go of those that do not.
var ownership = []Invariant{
	{
		ID: "L13",
		Says: "A pod that fits the selector of a Job that goes on and belongs to nobody is adopted; " +
			"one that belongs to such a Job and does not fit its selector is released.",
		Source: "pkg/controller/job/job_controller.go:860-904, getPodsForJob; pkg/controller/controller_ref_manager.go:69-126, ClaimObject",
		Exceptions: []string{
			"a Job that is finished or is being deleted neither adopts nor releases",
			"a pod that is being deleted is not adopted",
			"a webhook that rejects the change of the pod: blocked, if the audit log has it",
		},
		OneController: true,
		PodWaits:      adoptedOrReleased,
		Within:        accountingBound,
	},
}

func adoptedOrReleased(p *Pod) Waiting {
	switch {
	case p.Gone(), p.waiting == 0 && p.asBefore():
		return Waiting{}
	case p.Job != nil && p.Job.takesPart() && !p.Job.fits(p.Now.Labels):
		return Waiting{For: "its release by its Job, whose selector it does not fit", Blocked: p.refusal()}
	case p.Now.Owner == "" && p.Now.Deleting.IsZero():
		if p.adopter() != nil {
			return Waiting{For: "its adoption by the Job whose selector it fits", Blocked: p.refusal()}
		}
	}
	return Waiting{}
}

// asBefore says whether a pod has the same Job and the very same labels as in the version before.
func (p *Pod) asBefore() bool {
	return p.Was != nil && p.Job != nil && p.Was.Owner == p.Now.Owner &&
		reflect.ValueOf(p.Was.Labels).Pointer() == reflect.ValueOf(p.Now.Labels).Pointer()
}

// takesPart says whether a Job adopts and releases pods.
func (j *Job) takesPart() bool {
	return j.Own() && !j.Gone && !j.Now.Finished() && j.Now.Meta.DeletionTimestamp == nil
}

// adopter returns a Job that is to adopt a pod that nobody controls, or nil.
func (p *Pod) adopter() *Job {
	if j := p.World.Job(p.Now.Labels[batchv1.ControllerUidLabel]); j != nil && j.adopts(p) {
		return j
	}
	for _, j := range p.World.jobs {
		if by := j.Now.Spec.ManualSelector; by != nil && *by && j.adopts(p) {
			return j
		}
	}
	return nil
}

func (j *Job) adopts(p *Pod) bool {
	return j.Namespace == p.Namespace && j.Now.Spec.Selector != nil && j.takesPart() && j.fits(p.Now.Labels)
}

// selector is a Job's selector, kept because it takes a while to read.
type selector struct {
	of   *metav1.LabelSelector
	read labels.Selector
}

// fits says whether the Job's selector fits labels. One that is missing or makes no sense fits all.
func (j *Job) fits(set map[string]string) bool {
	of := j.Now.Spec.Selector
	switch {
	case of == nil:
		return true
	case len(of.MatchLabels) == 1 && len(of.MatchExpressions) == 0 && of.MatchLabels[batchv1.ControllerUidLabel] == j.UID:
		return set[batchv1.ControllerUidLabel] == j.UID // as the API server makes it
	}
	for label, value := range of.MatchLabels {
		if has, ok := set[label]; !ok || has != value {
			return false
		}
	}
	if len(of.MatchExpressions) == 0 {
		return true
	}
	s := remember[selector](&j.memory, "selector")
	if s.of != of {
		read, err := metav1.LabelSelectorAsSelector(of)
		if err != nil {
			return true
		}
		s.of, s.read = of, read
	}
	return s.read.Matches(labels.Set(set))
}
