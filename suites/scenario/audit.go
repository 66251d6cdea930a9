package scenario

import (
	"fmt"

	"github.com/onsi/ginkgo/v2"

	"github.com/jobproof/jobproof/reports/history"
)

// Writes returns the requests to change Jobs and pods of the scenario that were answered up to now, from the API
// server's audit log, and whether there is such a log.
func (s *Scenario) Writes() ([]history.Write, bool) {
	ginkgo.GinkgoHelper()
	if s.cluster.AuditLog() == "" {
		return nil, false
	}
	writes, err := s.writes()
	if err != nil {
		s.cannotTell(fmt.Errorf("who wrote to the objects of the scenario: %w", err))
	}
	return writes, true
}
