package expect

import (
	"fmt"
	"slices"

	"github.com/onsi/gomega/types"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// UnschedulablePods expects n active pods for which the scheduler has found no node.
func UnschedulablePods(n int) types.GomegaMatcher {
	return pods(n, "unschedulable", func(state history.State) []*corev1.Pod {
		return having(state, func(pod *corev1.Pod) bool {
			return history.IsActive(pod) && pod.Spec.NodeName == "" && unschedulable(pod)
		})
	})
}

// ScheduledAsOthersEnded expects that no more than n pods had room at a time: each pod beyond the first n, in the order in
// which they were bound to a node, was found unschedulable before and bound after one more pod had ended. There must be
// such a pod.
func ScheduledAsOthersEnded(n int) types.GomegaMatcher {
	says := fmt.Sprintf("have had room for %s and bound the others as those ended", count(n, "pod"))
	return past(says, func(job *history.Job) error {
		bound := byStep(job.Pods(), func(pod history.PodLife) history.Step { return pod.Scheduled })
		ended := byStep(job.Pods(), end)
		if len(bound) <= n {
			return fmt.Errorf("there was room for all: it bound %s", names(bound))
		}
		for i, pod := range bound[n:] {
			switch {
			case i >= len(ended) || !end(ended[i]).Before(pod.Scheduled):
				return fmt.Errorf("%s was bound %s, before %s had ended", pod.Name, at(job, pod.Scheduled), count(i+1, "pod"))
			case !slices.ContainsFunc(pod.Versions, func(v history.Version) bool { return unschedulable(v.Pod()) }):
				return fmt.Errorf("the scheduler always had room for %s, created %s", pod.Name, at(job, pod.Created))
			}
		}
		return nil
	})
}

// byStep returns those of the pods for which a step happened, in its order.
func byStep(pods []history.PodLife, step func(history.PodLife) history.Step) []history.PodLife {
	happened := slices.DeleteFunc(slices.Clone(pods), func(pod history.PodLife) bool { return !step(pod).Happened() })
	slices.SortFunc(happened, func(a, b history.PodLife) int {
		switch {
		case step(a).Before(step(b)):
			return -1
		case step(b).Before(step(a)):
			return +1
		}
		return 0
	})
	return happened
}

func unschedulable(pod *corev1.Pod) bool {
	return slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodScheduled && c.Status == corev1.ConditionFalse && c.Reason == corev1.PodReasonUnschedulable
	})
}
