package sharing

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("Data on a node", func() {
	It("draws the pods of later Jobs there, and is out of reach of pods that may not go there",
		scenario.Claims("J-005"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx, history.PersistentVolumeClaims)
			s.NeedsTwoNodes()
			needDefaultClass(ctx, s)
			s.Apply(ctx, "data-claim.yaml")
			s.Apply(ctx, "append.yaml")
			first := s.Job("append-1")
			first.Reach(ctx, expect.Condition(batchv1.JobComplete))
			needNodeOfVolume(ctx, s, "data")
			node := first.State().Pods[0].Spec.NodeName

			none := corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}
			s.Apply(ctx, "append.yaml", called("free"), storedIn(none), refusing(node))
			s.Apply(ctx, "append.yaml", called("drawn"), avoiding(node))
			s.Apply(ctx, "append.yaml", called("barred"), refusing(node))
			free, drawn, barred := s.Job("free"), s.Job("drawn"), s.Job("barred")

			// There is room for such a pod elsewhere: it is the data that holds the other two.
			free.Reach(ctx, expect.Condition(batchv1.JobComplete))
			free.Prove("J-005", expect.EveryPod(HaveField("Node", Not(Equal(node)))))
			drawn.Await(ctx, "J-005", expect.Condition(batchv1.JobComplete))
			drawn.Prove("J-005", expect.EveryPod(HaveField("Node", Equal(node))),
				expect.ThePod(0, expect.LastWords("task", chain([]string{"append-1", "drawn"}))))
			barred.Await(ctx, "J-005", expect.UnplaceablePods(1, "didn't match PersistentVolume's node affinity"),
				expect.ActivePods(1), expect.CountsFailed(0))
			barred.Prove("J-005", expect.CreatedPods(1), expect.EveryPod(HaveField("Node", BeEmpty())))
		})
})

// needNodeOfVolume skips the spec if the volume of a claim can be reached from every node.
func needNodeOfVolume(ctx SpecContext, s *scenario.Scenario, claim string) {
	GinkgoHelper()
	core := s.Clients().CoreV1()
	bound, err := core.PersistentVolumeClaims(s.Namespace()).Get(ctx, claim, metav1.GetOptions{})
	Expect(err).NotTo(HaveOccurred())
	volume, err := core.PersistentVolumes().Get(ctx, bound.Spec.VolumeName, metav1.GetOptions{})
	Expect(err).NotTo(HaveOccurred())
	if volume.Spec.NodeAffinity == nil {
		Skip("the volumes of this cluster's default class are tied to no node")
	}
}
