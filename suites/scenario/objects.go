package scenario

import (
	"context"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega/types"
	"k8s.io/client-go/kubernetes"

	"github.com/jobproof/jobproof/reports/history"
)

// Objects is a handle on all that exists in a scenario: pods that no Job owns, claims for volumes, CronJobs.
type Objects struct {
	scenario *Scenario
	bound    Bound
}

// Objects returns a handle on all that exists in the scenario. Kinds other than history.Default exist in it only if the
// scenario began with them.
func (s *Scenario) Objects() *Objects { return &Objects{scenario: s, bound: Prompt} }

// Within returns a handle whose waits last at most as long as the bound says.
func (o *Objects) Within(bound Bound) *Objects { return &Objects{scenario: o.scenario, bound: bound} }

// Await waits until every matcher matches the *history.Live of the scenario, all at the same moment. If that does not come
// about within the bound, the claims are refuted and the spec ends. Several claims are separated by spaces.
func (o *Objects) Await(ctx context.Context, claims string, matchers ...types.GomegaMatcher) {
	ginkgo.GinkgoHelper()
	o.wait(matchers).await(ctx, claims)
}

// Reach waits like Await for something that no claim of the spec is about but the spec needs. If it does not come about,
// the spec ends and claims that were not refuted by then are inconclusive.
func (o *Objects) Reach(ctx context.Context, matchers ...types.GomegaMatcher) {
	ginkgo.GinkgoHelper()
	o.wait(matchers).reach(ctx)
}

func (o *Objects) wait(matchers []types.GomegaMatcher) wait {
	state := func(live *history.Live) any { return live }
	return wait{scenario: o.scenario, bound: o.bound, state: state, matchers: matchers}
}

// Clients returns the API's typed clients, for the requests that no other method makes. What a request has changed is seen
// by the recorder some time later: wait for it.
func (s *Scenario) Clients() *kubernetes.Clientset {
	s.goesOn()
	return s.clients
}
