package expect

import (
	"errors"
	"fmt"
	"strings"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Attempt is a request that was to change a field of a Job, and its outcome.
type Attempt struct {
	// Field is what was to be changed, and Of whose: "backoffLimit", "a running Job".
	Field, Of string
	// Before is the Job before the request, and After the API server's answer, unless it refused.
	Before, After *batchv1.Job
	Err           error
}

func attempt(says string, seen func(Attempt) error) types.GomegaMatcher {
	return matcher[Attempt]{subject: func(a Attempt) string { return a.Field + " of " + a.Of }, says: says, seen: seen}
}

// Changeable expects an Attempt to have changed the Job's spec.
func Changeable() types.GomegaMatcher {
	return attempt("be changeable", func(a Attempt) error {
		switch {
		case a.Err != nil:
			return a.Err
		case a.After.Generation != a.Before.Generation+1:
			return fmt.Errorf("the API server took it and changed nothing: the generation went from %d to %d",
				a.Before.Generation, a.After.Generation)
		}
		return nil
	})
}

// Fixed expects an Attempt to have been refused because of a field, "spec.template", for a reason that says these words.
func Fixed(field, words string) types.GomegaMatcher {
	return attempt("be fixed, which "+field+" says with "+words, func(a Attempt) error {
		var refusal apierrors.APIStatus
		switch {
		case a.Err == nil:
			return errors.New("the API server took it")
		case !errors.As(a.Err, &refusal) || !apierrors.IsInvalid(a.Err) || refusal.Status().Details == nil:
			return a.Err
		}
		for _, cause := range refusal.Status().Details.Causes {
			if cause.Field == field && strings.Contains(cause.Message, words) {
				return nil
			}
		}
		return a.Err
	})
}
