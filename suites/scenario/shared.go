package scenario

import (
	"errors"

	"github.com/onsi/ginkgo/v2"
)

// SharedClass returns the StorageClass whose volumes many nodes can write to, or "" if none was named. The spec ends, and
// can show nothing, if the cluster does not have the one that was named.
func (s *Scenario) SharedClass() string {
	ginkgo.GinkgoHelper()
	if s.cluster.SharedClassMissing != "" {
		s.cannotTell(errors.New(s.cluster.SharedClassMissing))
	}
	return s.cluster.SharedClass
}

// SharedDirectory returns the path of a directory that is the same on every node, one of the scenario's own, which is
// removed after the spec. Every pod may write to it. The spec is skipped on a cluster whose nodes share none.
func (s *Scenario) SharedDirectory() string {
	ginkgo.GinkgoHelper()
	if s.cluster.SharedDirectory == "" {
		ginkgo.Skip("the nodes of this cluster share no directory, and no StorageClass is named whose volumes they could " +
			"share: RWX_STORAGE_CLASS=<name> names one")
	}
	path, remove, err := s.cluster.Share(s.namespace)
	if err != nil {
		s.cannotTell(err)
	}
	ginkgo.DeferCleanup(remove)
	return path
}
