package quiz

import (
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/e2e-framework/klient/k8s"

	"github.com/jobproof/jobproof/suites/scenario"
)

// Here returns an edit for manifests that name the database's servers: the documents' namespace in the servers' names,
// kiada, becomes the scenario's, in commands, arguments and environment of containers and in the texts of ConfigMaps. The
// database's own name, kiada too, stays.
func Here(s *scenario.Scenario) scenario.Edit {
	return func(object k8s.Object) { move(object, s.Namespace()) }
}

// move is Here for a namespace.
func move(object k8s.Object, namespace string) {
	renamed := strings.NewReplacer(".kiada.svc", "."+namespace+".svc")
	if texts, is := object.(*corev1.ConfigMap); is {
		for name, text := range texts.Data {
			texts.Data[name] = renamed.Replace(text)
		}
	}
	pod := podOf(object)
	if pod == nil {
		return
	}
	for _, containers := range [][]corev1.Container{pod.InitContainers, pod.Containers} {
		for i := range containers {
			for _, words := range [][]string{containers[i].Command, containers[i].Args} {
				for j := range words {
					words[j] = renamed.Replace(words[j])
				}
			}
			for j := range containers[i].Env {
				containers[i].Env[j].Value = renamed.Replace(containers[i].Env[j].Value)
			}
		}
	}
}

// podOf returns what an object says of its pods, or nil if it has none.
func podOf(object k8s.Object) *corev1.PodSpec {
	switch owner := object.(type) {
	case *batchv1.Job:
		return &owner.Spec.Template.Spec
	case *batchv1.CronJob:
		return &owner.Spec.JobTemplate.Spec.Template.Spec
	case *appsv1.Deployment:
		return &owner.Spec.Template.Spec
	case *corev1.Pod:
		return &owner.Spec
	}
	return nil
}
