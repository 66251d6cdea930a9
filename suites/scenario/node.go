package scenario

import (
	"github.com/onsi/ginkgo/v2"

	"github.com/jobproof/jobproof/fixtures/cluster"
)

// Cluster returns the cluster that the scenario runs on.
func (s *Scenario) Cluster() *cluster.Cluster { return s.cluster }

// Breaks declares that the spec itself makes a node fail, which otherwise would be an excuse for whatever goes wrong.
func (s *Scenario) Breaks(node string) { s.broken[node] = true }

// Node returns a node of the cluster, to run commands on it or to make it fail. The spec is skipped if jobproof did not
// make the cluster, for then its nodes are not ours.
func (s *Scenario) Node(name string) *cluster.Node {
	ginkgo.GinkgoHelper()
	s.goesOn()
	if !s.cluster.Made {
		ginkgo.Skip("the nodes of a cluster that was not made here are left alone")
	}
	return s.cluster.Node(name)
}
