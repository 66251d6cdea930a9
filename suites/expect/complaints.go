package expect

import (
	"fmt"
	"strings"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// Warned expects at least n Warnings about the Job with that reason and those words in the message.
func Warned(n int32, reason, words string) types.GomegaMatcher {
	says := fmt.Sprintf("have warned of %s, %q, %s", reason, words, count(int(n), "time"))
	return present(says, func(state history.State) error {
		var times int32
		var others []string
		for _, event := range state.Events {
			if event.Type == corev1.EventTypeWarning && event.Reason == reason && strings.Contains(event.Message, words) {
				times += max(event.Count, 1)
				continue
			}
			others = append(others, event.Reason)
		}
		if times < n {
			return fmt.Errorf("it has %s, beside %s", count(int(times), "time"), list(others))
		}
		return nil
	})
}

// NotSuspended expects the Job controller to have acknowledged that the Job was resumed.
func NotSuspended() types.GomegaMatcher {
	return standsAt(batchv1.JobSuspended, corev1.ConditionFalse, "")
}
