package scenario

import (
	"fmt"

	"github.com/onsi/ginkgo/v2"
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
