package scenario

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/onsi/ginkgo/v2"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/reports/verdict"
)

// ChaosLabel is on the specs that Chaos marks.
const ChaosLabel = "chaos"

// Chaos marks a spec whose proof rests on faults: where every fault is a no-op, it must come out inconclusive.
var Chaos = ginkgo.Label(ChaosLabel)

// NullVariable is the environment variable that makes every fault a no-op (make null-chaos).
const NullVariable = "JOBPROOF_NULL_CHAOS"

// Hit injects a fault and returns once it is confirmed; heal undoes it, and so does the end of the spec at the latest. The
// spec ends, and can show nothing, if the fault is not confirmed. It is skipped if the fault is not for this cluster.
func (s *Scenario) Hit(ctx context.Context, fault chaos.Fault) (heal func(context.Context)) {
	ginkgo.GinkgoHelper()
	injected, err := s.Inject(ctx, fault)
	if errors.Is(err, chaos.ErrNotHere) {
		ginkgo.Skip(err.Error())
	}
	if err != nil {
		s.cannotTell(err)
	}
	return func(ctx context.Context) {
		ginkgo.GinkgoHelper()
		if err := injected.Heal(ctx); err != nil {
			s.cannotTell(err)
		}
	}
}

// Inject is Hit for those who know what to do about a fault that was not confirmed.
func (s *Scenario) Inject(ctx context.Context, fault chaos.Fault) (*chaos.Injected, error) {
	s.goesOn()
	site, err := s.Site()
	if err != nil {
		return nil, err
	}
	if node, is := strings.CutPrefix(fault.Target(), "node/"); is {
		s.Breaks(node)
	}
	injected, err := chaos.Inject(ctx, site, fault)
	s.faults = append(s.faults, injected)
	return injected, err
}

// Site is the scenario as a place for faults.
func (s *Scenario) Site() (*chaos.Site, error) {
	journal, err := chaos.OpenJournal(s.cluster)
	if err != nil {
		return nil, err
	}
	return &chaos.Site{
		Cluster: s.cluster, Config: s.config, Clients: s.clients, Namespace: s.namespace, Recorder: s.recorder, Journal: journal,
		Null: os.Getenv(NullVariable) != "",
	}, nil
}

// heal undoes what is still in effect, the latest fault first. What stays broken makes all doubtful.
func (s *Scenario) heal(ctx context.Context) {
	for i := len(s.faults) - 1; i >= 0; i-- {
		if err := s.faults[i].Heal(ctx); err != nil {
			s.proof.void = append(s.proof.void, fmt.Sprintf("a fault was left behind, which make heal undoes: %v", err))
		}
	}
}

// hits says what became of the scenario's faults.
func (s *Scenario) hits() []verdict.Fault {
	var hits []verdict.Fault
	for _, injected := range s.faults {
		hits = append(hits, verdict.Fault(injected.Hit))
	}
	return hits
}
