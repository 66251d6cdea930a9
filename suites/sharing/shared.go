package sharing

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/e2e-framework/klient/k8s"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A directory that all nodes share", func() {
	It("lets pods on different nodes read each other's files while all of them write",
		scenario.Claims("J-017", "J-018"),
		func(ctx SpecContext) {
			const peers = 6
			s := scenario.Begin(ctx, history.PersistentVolumeClaims)
			s.NeedsTwoNodes()
			shared := sharedByNodes(ctx, s)

			s.Apply(ctx, "exchange.yaml", batchOf(peers), storedIn(shared), jobs.With(acrossNodes))
			batch := s.Job("exchange")
			batch.Await(ctx, "J-017 J-018", expect.Condition(batchv1.JobComplete), expect.SucceededPods(peers))
			written := parts(batch.History(), peers)
			s.Prove("J-017", len(nodes(batch.History())), BeNumerically(">=", 2))
			batch.Prove("J-017 J-018", expect.EveryPod(expect.LastWords("task", written)))

			s.Apply(ctx, "exchange-verifier.yaml", storedIn(shared))
			verifier := s.Job("exchange-verifier")
			verifier.Await(ctx, "J-018", expect.Condition(batchv1.JobComplete))
			verifier.Prove("J-018", expect.ThePod(0, expect.LastWords("task", written)))
		})
})

// sharedByNodes returns a volume that pods on different nodes can write to at once: of the class that was named for it,
// or else a directory that is the same on all nodes.
func sharedByNodes(ctx context.Context, s *scenario.Scenario) corev1.VolumeSource {
	GinkgoHelper()
	class := s.SharedClass()
	if class == "" {
		return corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{
			Path: s.SharedDirectory(), Type: new(corev1.HostPathDirectory),
		}}
	}
	s.Apply(ctx, "my-pvc.yaml", ofClass(class))
	return ofClaim("my-pvc")
}

// ofClass makes claims name a StorageClass.
func ofClass(class string) scenario.Edit {
	return func(object k8s.Object) {
		if claim, is := object.(*corev1.PersistentVolumeClaim); is {
			claim.Spec.StorageClassName = &class
		}
	}
}

// nodes names those that a Job's pods were bound to.
func nodes(job *history.Job) []string {
	var names []string
	for _, pod := range job.Pods() {
		if pod.Node != "" && !slices.Contains(names, pod.Node) {
			names = append(names, pod.Node)
		}
	}
	return names
}
