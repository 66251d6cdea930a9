package judge

import (
	"slices"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// mayBeIgnored says whether a rule of the Job's podFailurePolicy may have told the controller not to count a failed pod
// (matchPodFailurePolicy in pkg/controller/job/pod_failure_policy.go). The controller asks when it sees the pod fail, which
// may be at an earlier version than the latest two; what a version does not tell counts as a match.
func mayBeIgnored(j *Job, p *Pod) bool {
	policy := j.Now.Spec.PodFailurePolicy
	if policy == nil {
		return false
	}
	for i := range policy.Rules {
		rule := &policy.Rules[i]
		if rule.Action != batchv1.PodFailurePolicyActionIgnore {
			continue
		}
		for _, v := range []*PodVersion{p.Was, p.Now} {
			switch {
			case v == nil:
			case rule.OnExitCodes != nil && mayHaveExited(j, v, rule.OnExitCodes):
				return true
			case rule.OnExitCodes == nil && mayHaveCondition(v, rule.OnPodConditions):
				return true
			}
		}
	}
	return false
}

// mayHaveExited says whether a container may have ended with one of the exit codes. Those of init containers are not known.
func mayHaveExited(j *Job, v *PodVersion, rule *batchv1.PodFailurePolicyOnExitCodesRequirement) bool {
	if len(j.Now.Spec.Template.Spec.InitContainers) > 0 {
		return true
	}
	for name, code := range v.ExitCodes {
		if code == 0 || rule.ContainerName != nil && *rule.ContainerName != name {
			continue
		}
		if slices.Contains(rule.Values, int32(code)) == (rule.Operator == batchv1.PodFailurePolicyOnExitCodesOpIn) {
			return true
		}
	}
	return false
}

// mayHaveCondition says whether a pod may have one of the conditions. Only a True DisruptionTarget is known.
func mayHaveCondition(v *PodVersion, patterns []batchv1.PodFailurePolicyOnPodConditionsPattern) bool {
	return slices.ContainsFunc(patterns, func(wanted batchv1.PodFailurePolicyOnPodConditionsPattern) bool {
		return wanted.Type != corev1.DisruptionTarget || wanted.Status != corev1.ConditionTrue || v.Disrupted != ""
	})
}
