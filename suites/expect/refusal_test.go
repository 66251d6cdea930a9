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

func TestComplained(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		says string // "" if it holds
	}{
		"so":         {errors.New("yaml: line 3: no"), ""},
		"otherwise":  {errors.New("it is there"), "it said: it is there"},
		"not at all": {nil, "it did not fail"},
	} {
		matcher := Complained("line 3")
		met, err := matcher.Match(test.err)
		if err != nil || met != (test.says == "") {
			t.Errorf("%s: %t, %v", name, met, err)
		}
		if !met && !strings.Contains(matcher.FailureMessage(test.err), test.says) {
			t.Errorf("%s: %q", name, matcher.FailureMessage(test.err))
		}
	}
}
