package scenario

import (
	"fmt"
	"slices"

	"github.com/onsi/ginkgo/v2"
	corev1 "k8s.io/api/core/v1"
)

// Needs says that the spec runs these workload images. On a cluster that does not have one of them the spec ends, and its
// claims are inconclusive for that reason.
func (s *Scenario) Needs(images ...string) {
	ginkgo.GinkgoHelper()
	for _, image := range images {
		if why := s.cluster.Images[image].Missing; why != "" {
			s.CannotShow(fmt.Sprintf("the image %s cannot be had: %s", image, why))
		}
	}
}

// NeedsTwoNodes says that the spec keeps pods apart. On a cluster that has no two nodes for them the spec ends, and its
// claims are inconclusive for that reason.
func (s *Scenario) NeedsTwoNodes() {
	ginkgo.GinkgoHelper()
	if len(s.OpenNodes()) < 2 {
		s.CannotShow("the cluster is too small: it has no two nodes for pods that must be kept apart")
	}
}

// OpenNodes returns the nodes that take pods without a toleration, by name.
func (s *Scenario) OpenNodes() []*corev1.Node {
	return slices.DeleteFunc(s.Live().Nodes(), func(node *corev1.Node) bool {
		return node.Spec.Unschedulable || slices.ContainsFunc(node.Spec.Taints, func(taint corev1.Taint) bool {
			return taint.Effect != corev1.TaintEffectPreferNoSchedule
		})
	})
}
