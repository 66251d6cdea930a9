package expect

import (
	"errors"
	"fmt"

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
