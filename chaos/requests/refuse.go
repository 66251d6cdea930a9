package requests

import (
	"context"
	"errors"
	"fmt"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/chaos"
)

// Refused is a kind of request of the Job controller.
type Refused struct {
	fault     string // its name
	operation admissionv1.OperationType
	group     string
	resource  string
}

// What the Job controller needs in order to keep its word: it makes and deletes pods, takes its finalizer off them with a
// patch, and writes down in a Job's status what it has counted.
var (
	PodCreations = Refused{"refuse-pod-creations", admissionv1.Create, corev1.GroupName, "pods"}
	PodUpdates   = Refused{"refuse-pod-updates", admissionv1.Update, corev1.GroupName, "pods"}
	PodDeletions = Refused{"refuse-pod-deletions", admissionv1.Delete, corev1.GroupName, "pods"}
	JobStatuses  = Refused{"refuse-job-status", admissionv1.Update, "batch", "jobs/status"}
)

// Refuse has the API server refuse one kind of request of the Job controller in the site's namespace, with 403, until it is
// healed: what an admission webhook does that takes the controller for an intruder. It is about objects whose name begins with
// prefix, and all if that is empty; of a pod that is created, that is how its Job's name begins. Everybody else's requests are
// granted. It is confirmed and seen healed by a dry run.
func Refuse(what Refused, prefix string) chaos.Fault { return &refusal{what: what, prefix: prefix} }

type refusal struct {
	what   Refused
	prefix string
	probe  *prober
	name   string // of policy and binding
}

func (r *refusal) Name() string         { return r.what.fault }
func (r *refusal) Target() string       { return strings.TrimSuffix(r.what.resource+"/"+r.prefix, "/") }
func (r *refusal) Bounds() chaos.Bounds { return bounds }

func (r *refusal) Arm(ctx context.Context, site *chaos.Site) (chaos.Undo, error) {
	if err := site.MayHitPods(ctx); err != nil {
		return nil, err
	}
	r.name = site.Namespace + "-" + r.what.fault
	var err error
	if r.probe, err = newProber(site); err != nil {
		return nil, err
	}
	if err := r.probe.ask(ctx); has(err, []string{r.name}) {
		return nil, fmt.Errorf("it is in effect already: %w", err)
	}
	of := func(resource string) chaos.Action {
		return chaos.Action{Delete: &chaos.Object{Group: admissionv1.GroupName, Version: "v1", Resource: resource, Name: r.name}}
	}
	return chaos.Undo{of("validatingadmissionpolicybindings"), of("validatingadmissionpolicies")}, nil
}

func (r *refusal) Inject(ctx context.Context, site *chaos.Site) error {
	registration := site.Clients.AdmissionregistrationV1()
	_, err := registration.ValidatingAdmissionPolicies().Create(ctx, r.policy(site.Namespace), metav1.CreateOptions{})
	if err != nil {
		return err
	}
	_, err = registration.ValidatingAdmissionPolicyBindings().Create(ctx, &admissionv1.ValidatingAdmissionPolicyBinding{
		ObjectMeta: metav1.ObjectMeta{Name: r.name},
		Spec: admissionv1.ValidatingAdmissionPolicyBindingSpec{
			PolicyName: r.name, ValidationActions: []admissionv1.ValidationAction{admissionv1.Deny},
		},
	}, metav1.CreateOptions{})
	return err
}

// policy refuses the request in question and, so that it can be told to be in force, the pod of the dry run.
func (r *refusal) policy(namespace string) *admissionv1.ValidatingAdmissionPolicy {
	rule := func(operation admissionv1.OperationType, group, resource string) admissionv1.NamedRuleWithOperations {
		return admissionv1.NamedRuleWithOperations{RuleWithOperations: admissionv1.RuleWithOperations{
			Operations: []admissionv1.OperationType{operation},
			Rule:       admissionv1.Rule{APIGroups: []string{group}, APIVersions: []string{"v1"}, Resources: []string{resource}},
		}}
	}
	rules := []admissionv1.NamedRuleWithOperations{rule(r.what.operation, r.what.group, r.what.resource)}
	picked := fmt.Sprintf("request.operation != 'CREATE' && request.name.startsWith(%q)", r.prefix)
	if r.what.operation == admissionv1.Create {
		picked = fmt.Sprintf("has(object.metadata.generateName) && object.metadata.generateName.startsWith(%q)", r.prefix)
	} else {
		rules = append(rules, rule(admissionv1.Create, corev1.GroupName, "pods"))
	}
	conditions := []admissionv1.MatchCondition{
		{Name: "job-controller", Expression: fmt.Sprintf("request.userInfo.username == %q", JobController)},
		{Name: "picked-or-probed", Expression: fmt.Sprintf("request.name == %q || (%s)", probed, picked)},
	}
	return &admissionv1.ValidatingAdmissionPolicy{
		ObjectMeta: metav1.ObjectMeta{Name: r.name},
		Spec: admissionv1.ValidatingAdmissionPolicySpec{
			FailurePolicy: new(admissionv1.Fail),
			MatchConstraints: &admissionv1.MatchResources{
				NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: namespace}},
				ResourceRules:     rules,
			},
			MatchConditions: conditions,
			Validations: []admissionv1.Validation{{
				Expression: "false", Message: "chaos: " + r.what.fault, Reason: new(metav1.StatusReasonForbidden),
			}},
		},
	}
}

func (r *refusal) Confirm(ctx context.Context, _ *chaos.Site) (string, error) {
	return r.probe.refused(ctx, r.name)
}

func (r *refusal) Healed(ctx context.Context, _ *chaos.Site) error {
	if r.probe == nil {
		return errors.New("it was never armed")
	}
	return r.probe.granted(ctx, r.name)
}
