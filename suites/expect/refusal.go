package expect

import (
	"errors"
	"fmt"
	"strings"

	"github.com/onsi/gomega/types"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Refused expects an error to be the API server's refusal of an invalid object, with a cause in that field:
// "spec.completions".
func Refused(field string) types.GomegaMatcher {
	return matcher[error]{
		subject: func(error) string { return "the API server" },
		says:    "refuse the object as invalid because of " + field,
		seen: func(err error) error {
			var refusal apierrors.APIStatus
			switch {
			case err == nil:
				return errors.New("it accepted it")
			case !errors.As(err, &refusal) || !apierrors.IsInvalid(err) || refusal.Status().Details == nil:
				return fmt.Errorf("the answer was %w", err)
			}
			var fields []string
			for _, cause := range refusal.Status().Details.Causes {
				if cause.Field == field {
					return nil
				}
				fields = append(fields, cause.Field)
			}
			return fmt.Errorf("it was because of %s", list(fields))
		},
	}
}

// Complained expects the error of a command or request, with that text in it.
func Complained(text string) types.GomegaMatcher {
	return matcher[error]{
		subject: func(error) string { return "the command" },
		says:    fmt.Sprintf("fail and say %q", text),
		seen: func(err error) error {
			switch {
			case err == nil:
				return errors.New("it did not fail")
			case !strings.Contains(err.Error(), text):
				return fmt.Errorf("it said: %w", err)
			}
			return nil
		},
	}
}
