package expect

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func TestMutability(t *testing.T) {
	generation := func(n int64) *batchv1.Job { return &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Generation: n}} }
	refusal := func(path *field.Path, why string) error {
		return apierrors.NewInvalid(schema.GroupKind{Kind: "Job"}, "demo", field.ErrorList{field.Invalid(path, "x", why)})
	}
	took := Attempt{Field: "suspend", Of: "a Job", Before: generation(1), After: generation(2)}
	ignored := Attempt{Before: generation(1), After: generation(1)}
	refused := Attempt{Before: generation(1), Err: refusal(field.NewPath("spec", "template"), "field is immutable")}
	ask(t, map[string]answer{
		"took":            {Changeable(), took, ""},
		"changed nothing": {Changeable(), ignored, "the generation went from 1 to 1"},
		"refused":         {Changeable(), refused, "field is immutable"},
		"fixed":           {Fixed("spec.template", "field is immutable"), refused, ""},
		"not fixed":       {Fixed("spec.template", "field is immutable"), took, "suspend of a Job to be fixed"},
		"elsewhere":       {Fixed("spec.selector", "field is immutable"), refused, "spec.template"},
		"otherwise":       {Fixed("spec.template", "in tandem"), refused, "field is immutable"},
		"not there":       {Fixed("spec.template", ""), Attempt{Err: apierrors.NewNotFound(schema.GroupResource{Resource: "jobs"}, "demo")}, "not found"},
	})
}
