package requests

import (
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
)

func TestAPolicyIsAboutOneRequestOfOneUserInOneNamespace(t *testing.T) {
	for _, test := range []struct {
		what       Refused
		prefix     string
		operations []admissionv1.OperationType
		picks      string
		target     string
	}{
		{PodCreations, "", []admissionv1.OperationType{admissionv1.Create}, `object.metadata.generateName.startsWith("")`, "pods"},
		{PodDeletions, "one-", []admissionv1.OperationType{admissionv1.Delete, admissionv1.Create}, `request.name.startsWith("one-")`, "pods/one-"},
		{JobStatuses, "one", []admissionv1.OperationType{admissionv1.Update, admissionv1.Create}, `request.name.startsWith("one")`, "jobs/status/one"},
	} {
		r := &refusal{what: test.what, prefix: test.prefix, name: "x"}
		spec := r.policy("demo").Spec
		if got := spec.MatchConstraints.NamespaceSelector.MatchLabels[corev1.LabelMetadataName]; got != "demo" {
			t.Errorf("%s is for namespace %q", r.Name(), got)
		}
		var operations []admissionv1.OperationType
		for _, rule := range spec.MatchConstraints.ResourceRules {
			operations = append(operations, rule.Operations...)
		}
		if len(operations) != len(test.operations) || operations[0] != test.operations[0] {
			t.Errorf("%s is for %v, want %v", r.Name(), operations, test.operations)
		}
		if got := spec.MatchConditions[0].Expression; !strings.Contains(got, JobController) {
			t.Errorf("%s is for %s", r.Name(), got)
		}
		if got := spec.MatchConditions[1].Expression; !strings.Contains(got, test.picks) || !strings.Contains(got, probed) {
			t.Errorf("%s picks %s, want %s", r.Name(), got, test.picks)
		}
		if r.Target() != test.target {
			t.Errorf("%s has the target %s, want %s", r.Name(), r.Target(), test.target)
		}
	}
}
