package judge

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	batchv1 "k8s.io/api/batch/v1"
)

// jobController is the user that the Job controller is to the API server where each controller has a service account of its
// own, as kubeadm sets it up.
const jobController = "system:serviceaccount:kube-system:job-controller"

// untouched is about what nobody changes: parts of the spec, Jobs of other controllers, and finished Jobs.
var untouched = []Invariant{
	{
		ID: "S21",
		Says: "A Job's selector, completionMode, podFailurePolicy, backoffLimitPerIndex, successPolicy, managedBy and pod " +
			"template never change, nor its completions unless it is Indexed.",
		Source: "pkg/apis/batch/validation/validation.go:640-654, ValidateJobSpecUpdate, 742-813, validatePodTemplateUpdate, and " +
			"1016-1036, validateCompletions; pkg/registry/batch/job/strategy.go:143-182",
		Exceptions: []string{
			"of a suspended Job that was not started or has Suspended and no active pods, the template's labels, annotations, " +
				"node affinity, nodeSelector, tolerations, schedulingGates and containers' resources may change",
			"an Indexed Job may have other completions if its parallelism is changed to the same number",
		},
		Memory: true,
		Job:    specIsKept,
	},
	{
		ID:     "S22",
		Says:   "The built-in controller writes no status of a Job that another controller manages, and deletes no pod of it.",
		Source: "pkg/controller/job/job_controller.go:955-964, syncJob, and 834-842, handleSingleOrphanPod",
		Exceptions: []string{
			"the namespace, garbage and TTL controllers may delete such a Job and its pods",
			"which controller created a pod of such a Job cannot be told from the pod",
		},
		Memory: true,
		Job:    foreignStatusUntouched,
		Pod:    foreignPodsUntouched,
	},
	{
		ID:         "S23",
		Says:       "The status of a Job does not change once it is Complete or Failed.",
		Source:     "pkg/controller/job/job_controller.go:969-988, syncJob",
		Exceptions: []string{"whoever else writes the status may change it", "spec and metadata may change"},
		Job: func(j *Job) Answer {
			if j.Was == nil || len(j.Was.Status.Conditions) == 0 || !j.Was.Finished() || !j.Own() {
				return Answer{}
			}
			return j.ofController(Never(!equality.Semantic.DeepEqual(j.Was.Status, j.Now.Status), func() string {
				return "the status changed after the Job had finished"
			}))
		},
	},
}

func specIsKept(j *Job) Answer {
	if j.Was == nil || j.Now.Spec == j.Was.Spec {
		return Answer{}
	}
	was, now := j.Was.Spec, j.Now.Spec
	for _, field := range []struct {
		name     string
		was, now any
	}{
		{"selector", was.Selector, now.Selector},
		{"completionMode", was.CompletionMode, now.CompletionMode},
		{"podFailurePolicy", was.PodFailurePolicy, now.PodFailurePolicy},
		{"backoffLimitPerIndex", was.BackoffLimitPerIndex, now.BackoffLimitPerIndex},
		{"successPolicy", was.SuccessPolicy, now.SuccessPolicy},
		{"managedBy", was.ManagedBy, now.ManagedBy},
	} {
		if !equality.Semantic.DeepEqual(field.was, field.now) {
			return Broken("spec.%s changed", field.name)
		}
	}
	if j.Was.Completions() != j.Now.Completions() {
		if !j.Now.Indexed() {
			return Broken("spec.completions changed and the Job is not Indexed")
		}
		if j.Now.Completions() != j.Now.Parallelism() {
			return Broken("spec.completions changed to %d and parallelism is %d", j.Now.Completions(), j.Now.Parallelism())
		}
	}
	return Never(!sameTemplate(&was.Template, &now.Template, templateIsOpen(j.Was)), func() string {
		return "spec.template changed"
	})
}

// templateIsOpen says whether parts of the template may be changed in the next version. The first alternative is that of
// clusters without the features MutableSchedulingDirectivesForSuspendedJobs and MutablePodResourcesForSuspendedJobs.
func templateIsOpen(v *JobVersion) bool {
	return v.Suspended() && (v.Status.StartTime == nil || v.Is(batchv1.JobSuspended) && v.Status.Active == 0)
}

func sameTemplate(was, now *corev1.PodTemplateSpec, open bool) bool {
	if !open {
		return equality.Semantic.DeepEqual(was, now)
	}
	return equality.Semantic.DeepEqual(fixedPart(was), fixedPart(now))
}

// fixedPart is what of a pod template may not be changed even while the Job is suspended.
func fixedPart(template *corev1.PodTemplateSpec) *corev1.PodSpec {
	spec := template.Spec.DeepCopy()
	spec.NodeSelector, spec.Tolerations, spec.SchedulingGates = nil, nil, nil
	if spec.Affinity != nil {
		spec.Affinity.NodeAffinity = nil
		if *spec.Affinity == (corev1.Affinity{}) {
			spec.Affinity = nil
		}
	}
	for i := range spec.Containers {
		spec.Containers[i].Resources = corev1.ResourceRequirements{}
	}
	for i := range spec.InitContainers {
		spec.InitContainers[i].Resources = corev1.ResourceRequirements{}
	}
	return spec
}

func foreignStatusUntouched(j *Job) Answer {
	if j.Own() || j.Was != nil && j.Was.managersRaw == j.Now.managersRaw {
		return Answer{}
	}
	return Never(statusWriters(j.Now)[controllerManager] != "", func() string {
		return controllerManager + " wrote the status of a Job that " + *j.Now.Spec.ManagedBy + " manages"
	})
}

func foreignPodsUntouched(p *Pod) Answer {
	if p.Job == nil || p.Job.Own() || !p.JustMarked() && !p.Gone() {
		return Answer{}
	}
	for i := range p.Deletes {
		if p.Deletes[i].User == jobController {
			return Broken("the Job controller deleted a pod of a Job that %s manages", *p.Job.Now.Spec.ManagedBy)
		}
	}
	return Held
}
