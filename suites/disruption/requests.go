package disruption

import (
	"context"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/jobproof/jobproof/chaos/requests"
	"github.com/jobproof/jobproof/suites/scenario"
)

// tries waits until the Job controller has tried a request, such as "patch pods" of pods whose names begin so, n times and was
// refused. It reads the API server's audit log until that is in it, for a request that was refused changes nothing that could
// be watched. The spec is skipped where there is no such log.
func tries(ctx context.Context, s *scenario.Scenario, n int, request, name string) {
	GinkgoHelper()
	if s.Cluster().AuditLog() == "" {
		Skip("the API server writes no audit log, so nobody can tell what it refused")
	}
	Eventually(ctx, func() int {
		refused := 0
		writes, _ := s.Writes()
		for _, w := range writes {
			resource := strings.TrimSuffix(w.Resource+"/"+w.Subresource, "/")
			if w.User == requests.JobController && w.Verb+" "+resource == request && !w.Accepted() && strings.HasPrefix(w.Name, name) {
				refused++
			}
		}
		return refused
	}).WithTimeout(scenario.Prompt.Limit).WithPolling(200*time.Millisecond).Should(BeNumerically(">=", n), "refused requests to %s", request)
}
