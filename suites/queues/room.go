package queues

import (
	"fmt"
	"slices"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/suites/scenario"
)

// workers returns a change that makes a Job run n pods, each of which is restarted when its container fails.
func workers(n int32) func(*batchv1.Job) {
	return func(job *batchv1.Job) {
		job.Spec.Parallelism = new(n)
		job.Spec.Template.Spec.RestartPolicy = corev1.RestartPolicyOnFailure
	}
}

// completions is what kubectl shows of a Job of three workers of which so many have succeeded.
func completions(succeeded int) string { return fmt.Sprintf("%d/1 of 3", succeeded) }

// roomy counts the nodes that take pods without a toleration.
func roomy(s *scenario.Scenario) int {
	nodes := 0
	for _, node := range s.Live().Nodes() {
		closed := slices.ContainsFunc(node.Spec.Taints, func(taint corev1.Taint) bool {
			return taint.Effect != corev1.TaintEffectPreferNoSchedule
		})
		if !closed && !node.Spec.Unschedulable {
			nodes++
		}
	}
	return nodes
}

// oneForEachNode keeps the Job's pods from sharing a node, so that the cluster has room for as many as it has nodes.
func oneForEachNode(job *batchv1.Job) {
	job.Spec.Template.Spec.Affinity = &corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{
		RequiredDuringSchedulingIgnoredDuringExecution: []corev1.PodAffinityTerm{{
			TopologyKey:   corev1.LabelHostname,
			LabelSelector: &metav1.LabelSelector{MatchLabels: map[string]string{batchv1.JobNameLabel: job.Name}},
		}},
	}}
}
