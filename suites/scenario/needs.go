package scenario

// Needs says that the spec runs these workload images. On a cluster that cannot have one of them the spec ends, and its
// claims are inconclusive for that reason.
func (s *Scenario) Needs(images ...string) {}
