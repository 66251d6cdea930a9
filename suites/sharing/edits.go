package sharing

import (
	"strconv"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/e2e-framework/klient/k8s"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/scenario"
)

// called gives the one object of a manifest another name, so that it can be applied once more.
func called(name string) scenario.Edit { return func(object k8s.Object) { object.SetName(name) } }

// storedIn makes the one volume of a Job's pods another one.
func storedIn(source corev1.VolumeSource) scenario.Edit {
	return jobs.With(func(job *batchv1.Job) { job.Spec.Template.Spec.Volumes[0].VolumeSource = source })
}

// ofClaim is the volume of a PersistentVolumeClaim.
func ofClaim(name string) corev1.VolumeSource {
	return corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: name}}
}

// batchOf makes the Job of exchange.yaml one of n pods.
func batchOf(n int32) scenario.Edit {
	return jobs.With(func(job *batchv1.Job) {
		job.Spec.Completions, job.Spec.Parallelism = &n, &n
		job.Spec.Template.Spec.Containers[0].Env[0].Value = strconv.Itoa(int(n))
	})
}

// acrossNodes puts as many of a Job's pods on each node that takes pods as on any other.
func acrossNodes(job *batchv1.Job) {
	job.Spec.Template.Spec.TopologySpreadConstraints = []corev1.TopologySpreadConstraint{{
		MaxSkew: 1, TopologyKey: corev1.LabelHostname, WhenUnsatisfiable: corev1.DoNotSchedule,
		NodeTaintsPolicy: new(corev1.NodeInclusionPolicyHonor),
		LabelSelector:    &metav1.LabelSelector{MatchLabels: map[string]string{batchv1.JobNameLabel: job.Name}},
	}}
}

// onOneNode puts a Job's pods on the node of the first.
func onOneNode(job *batchv1.Job) {
	job.Spec.Template.Spec.Affinity = &corev1.Affinity{PodAffinity: &corev1.PodAffinity{
		RequiredDuringSchedulingIgnoredDuringExecution: []corev1.PodAffinityTerm{{
			TopologyKey:   corev1.LabelHostname,
			LabelSelector: &metav1.LabelSelector{MatchLabels: map[string]string{batchv1.JobNameLabel: job.Name}},
		}},
	}}
}

// elsewhere is the requirement to be on any other node than that.
func elsewhere(node string) corev1.NodeSelectorTerm {
	return corev1.NodeSelectorTerm{MatchExpressions: []corev1.NodeSelectorRequirement{
		{Key: corev1.LabelHostname, Operator: corev1.NodeSelectorOpNotIn, Values: []string{node}},
	}}
}

// avoiding makes a Job's pods prefer any other node to that one.
func avoiding(node string) scenario.Edit {
	return jobs.With(func(job *batchv1.Job) {
		job.Spec.Template.Spec.Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{
			PreferredDuringSchedulingIgnoredDuringExecution: []corev1.PreferredSchedulingTerm{
				{Weight: 100, Preference: elsewhere(node)},
			},
		}}
	})
}

// refusing keeps a Job's pods off a node.
func refusing(node string) scenario.Edit {
	return jobs.With(func(job *batchv1.Job) {
		job.Spec.Template.Spec.Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{
			RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{
				NodeSelectorTerms: []corev1.NodeSelectorTerm{elsewhere(node)},
			},
		}}
	})
}
