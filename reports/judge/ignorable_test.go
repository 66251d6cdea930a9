package judge

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

func TestMayBeIgnored(t *testing.T) {
	type operator = batchv1.PodFailurePolicyOnExitCodesOperator
	exits := func(operator operator, container *string, codes ...int32) batchv1.PodFailurePolicyRule {
		return batchv1.PodFailurePolicyRule{Action: batchv1.PodFailurePolicyActionIgnore,
			OnExitCodes: &batchv1.PodFailurePolicyOnExitCodesRequirement{Operator: operator, ContainerName: container, Values: codes}}
	}
	in, notIn := batchv1.PodFailurePolicyOnExitCodesOpIn, batchv1.PodFailurePolicyOnExitCodesOpNotIn
	condition := func(kind corev1.PodConditionType, status corev1.ConditionStatus) batchv1.PodFailurePolicyRule {
		return batchv1.PodFailurePolicyRule{Action: batchv1.PodFailurePolicyActionIgnore,
			OnPodConditions: []batchv1.PodFailurePolicyOnPodConditionsPattern{{Type: kind, Status: status}}}
	}
	counting := exits(in, nil, 3)
	counting.Action = batchv1.PodFailurePolicyActionCount
	three := &PodVersion{ExitCodes: map[string]int{"task": 3, "log": 0}}
	for _, c := range []struct {
		name string
		rule batchv1.PodFailurePolicyRule
		pod  *PodVersion
		init bool
		want bool
	}{
		{"the code", exits(in, nil, 2, 3), three, false, true},
		{"another code", exits(in, nil, 2), three, false, false},
		{"any code but this", exits(notIn, nil, 3), three, false, false},
		{"any code but another", exits(notIn, nil, 2), three, false, true},
		{"the code of its container", exits(in, new("task"), 3), three, false, true},
		{"the code of another container", exits(notIn, new("log"), 2), three, false, false},
		{"no code", exits(notIn, nil, 2), &PodVersion{}, false, false},
		{"a code of an init container", exits(in, nil, 2), three, true, true},
		{"another action", counting, three, false, false},
		{"disrupted", condition(corev1.DisruptionTarget, corev1.ConditionTrue), &PodVersion{Disrupted: "Preemption"}, false, true},
		{"not disrupted", condition(corev1.DisruptionTarget, corev1.ConditionTrue), three, false, false},
		{"a condition that is not known", condition("example.com/Odd", corev1.ConditionTrue), three, false, true},
	} {
		spec := &batchv1.JobSpec{PodFailurePolicy: &batchv1.PodFailurePolicy{Rules: []batchv1.PodFailurePolicyRule{c.rule}}}
		if c.init {
			spec.Template.Spec.InitContainers = []corev1.Container{{Name: "first"}}
		}
		j := &Job{Now: &JobVersion{Spec: spec}}
		if got := mayBeIgnored(j, &Pod{Now: c.pod}); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		if got := mayBeIgnored(j, &Pod{Was: c.pod, Now: &PodVersion{}}); got != c.want {
			t.Errorf("%s, before: %v, want %v", c.name, got, c.want)
		}
	}
	if mayBeIgnored(&Job{Now: &JobVersion{Spec: &batchv1.JobSpec{}}}, &Pod{Now: three}) {
		t.Error("ignored without a policy")
	}
}
