package expect

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func TestRefused(t *testing.T) {
	invalid := func(path *field.Path) error {
		return fmt.Errorf("create it: %w", apierrors.NewInvalid(schema.GroupKind{Kind: "Service"}, "demo",
			field.ErrorList{field.Invalid(path, "none", "is no address")}))
	}
	refused := Refused("spec.clusterIPs[0]")
	if ok, err := refused.Match(invalid(field.NewPath("spec", "clusterIPs").Index(0))); err != nil || !ok {
		t.Errorf("does not hold: %v", err)
	}
	for want, answer := range map[string]error{
		"it accepted it":                       nil,
		"the answer was out of order":          errors.New("out of order"),
		"it was because of spec.ports":         invalid(field.NewPath("spec", "ports")),
		`the answer was services "demo" not f`: apierrors.NewNotFound(schema.GroupResource{Resource: "services"}, "demo"),
	} {
		ok, err := refused.Match(answer)
		if ok || err != nil {
			t.Errorf("%v: matched %v, error %v", answer, ok, err)
			continue
		}
		if got := refused.FailureMessage(answer); !strings.Contains(got, want) {
			t.Errorf("failure is %q, want %q", got, want)
		}
	}
}
