package storm

import (
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/chaos/plan"
	"github.com/jobproof/jobproof/reports/history"
)

func TestAnEndIsMetOrSaidNotToBe(t *testing.T) {
	complete, failed := with(1, batchv1.JobComplete), with(3, batchv1.JobFailed)
	complete.Status.Succeeded, complete.Status.CompletedIndexes = 4, "0-3"
	failed.Status.Conditions[0].Reason = batchv1.JobReasonBackoffLimitExceeded
	four := plan.End{Condition: "Complete", Succeeded: number(4), Indexes: text("0-3")}
	for name, c := range map[string]struct {
		end   plan.End
		state history.State
		says  string
		over  bool
	}{
		"as promised":     {four, history.State{Job: complete}, "", true},
		"too few":         {plan.End{Condition: "Complete", Succeeded: number(5)}, history.State{Job: complete}, "counts 4 succeeded pods, not 5", true},
		"other indexes":   {plan.End{Condition: "Complete", Indexes: text("0-4")}, history.State{Job: complete}, `"0-3", not "0-4"`, true},
		"still going":     {four, history.State{Job: with(2)}, "2 failed", false},
		"the other end":   {four, history.State{Job: failed}, "is Failed (BackoffLimitExceeded)", true},
		"another reason":  {plan.End{Condition: "Failed", Reason: "DeadlineExceeded"}, history.State{Job: failed}, "not DeadlineExceeded", true},
		"gone":            {plan.End{Gone: true}, history.State{}, "", true},
		"its pods remain": {plan.End{Gone: true}, history.State{Pods: []*corev1.Pod{pod(corev1.PodSucceeded)}}, "was to be removed", false},
		"not gone":        {plan.End{Gone: true}, history.State{Job: complete}, "was to be removed", false},
		"not there":       {four, history.State{}, "is not there", false},
	} {
		got := unmet(c.end, c.state)
		if (got == "") != (c.says == "") || !strings.Contains(got, c.says) || over(c.end, c.state) != c.over {
			t.Errorf("%s: says %q, over is %t", name, got, over(c.end, c.state))
		}
	}
}
