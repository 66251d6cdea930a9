package expect

import (
	"errors"
	"fmt"
	"slices"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// LostAndRegained expects a node to have been Ready, then no longer heard of, and Ready at last. It is asked about a
// *history.History.
func LostAndRegained(node string) types.GomegaMatcher {
	return matcher[*history.History]{
		subject: func(*history.History) string { return "the node " + node },
		says:    "have been Ready, lost, and Ready again",
		seen: func(recorded *history.History) error {
			var went []string
			lost := false
			readiness := lent(recorded, node)
			for _, change := range readiness {
				went = append(went, string(change.Status))
				lost = lost || change.Status == corev1.ConditionUnknown
			}
			if !lost || readiness[0].Status != corev1.ConditionTrue || readiness[len(readiness)-1].Status != corev1.ConditionTrue {
				return fmt.Errorf("its condition Ready was %s", list(went))
			}
			return nil
		},
	}
}

// lent is how the readiness of a node went from when it was Ready first: what it was before is the doing of the spec that had
// borrowed it before. It is all of it if the node never was Ready.
func lent(recorded *history.History, node string) []history.Readiness {
	readiness := recorded.Readiness(node)
	first := slices.IndexFunc(readiness, func(is history.Readiness) bool { return is.Status == corev1.ConditionTrue })
	return readiness[max(first, 0):]
}

// DeletedPodsOnceLost expects the pods on a node to have been marked for deletion, each with the condition
// DisruptionTarget for that reason, after the node was first no longer heard of. There must be one.
func DeletedPodsOnceLost(node, reason string) types.GomegaMatcher {
	says := fmt.Sprintf("have had the pods on %s deleted for %s once the node was lost", node, reason)
	return past(says, func(job *history.Job) error {
		var lost history.Step
		for _, change := range lent(job.History(), node) {
			if change.Status == corev1.ConditionUnknown {
				lost = change.Step
				break
			}
		}
		if !lost.Happened() {
			return errors.New("the node never was")
		}
		there := 0
		for _, pod := range job.Pods() {
			if pod.Node != node {
				continue
			}
			there++
			because, _ := pod.Disrupted()
			if !lost.Before(pod.DeletionMarked) || !pod.DeletionMarked.Happened() || because != reason {
				return fmt.Errorf("the node was lost %s and %s was marked for deletion %s, disrupted by %q",
					at(job, lost), pod.Name, at(job, pod.DeletionMarked), because)
			}
		}
		if there == 0 {
			return errors.New("it had none there")
		}
		return nil
	})
}

// WaitedForTerminatingPods expects the Job to have had terminating pods when the decision about it became True, and none
// any more when the end did, which must have happened too.
func WaitedForTerminatingPods(decision, end batchv1.JobConditionType) types.GomegaMatcher {
	says := fmt.Sprintf("have waited with %s, once it had %s, until no pod was terminating", end, decision)
	return past(says, func(job *history.Job) error {
		decided, err := reached(job, decision)
		if err != nil {
			return err
		}
		ended, err := reached(job, end)
		if err != nil {
			return err
		}
		if terminatingAt(job, decided.Step) == 0 {
			return fmt.Errorf("no pod was terminating when it became %s %s", decision, at(job, decided.Step))
		}
		if left := terminatingAt(job, ended.Step); left > 0 {
			return fmt.Errorf("it became %s %s while %s was terminating", end, at(job, ended.Step), count(left, "pod"))
		}
		return nil
	})
}

// terminatingAt is how many pods were terminating at a step.
func terminatingAt(job *history.Job, step history.Step) int {
	terminating := 0
	for _, count := range job.Counts() {
		if step.Before(count.Step) {
			break
		}
		terminating = count.Terminating
	}
	return terminating
}
