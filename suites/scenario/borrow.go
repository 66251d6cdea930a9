package scenario

import (
	"context"
	"os"
	"slices"
	"time"

	"github.com/onsi/ginkgo/v2"

	"github.com/jobproof/jobproof/fixtures/cluster"
)

// whole is how long a victim may take to be as it was when it is given back.
var whole = Bound{6 * time.Minute, "a node that was killed is Ready some 10 s after its start, and 5 s later pods on it reach others; " +
	"the rest is for a busy machine"}

// Borrow borrows a worker that is set apart for faults, for the rest of the spec, and returns its name; if all are lent it
// waits for one. When the spec is over, however it ends, and its faults are healed, a victim that was hit is seen to be whole
// before it is given back; one that is not stays lent. The spec is skipped if the cluster has no victim.
func (s *Scenario) Borrow(ctx context.Context) string {
	ginkgo.GinkgoHelper()
	victims := s.cluster.Victims()
	if len(victims) == 0 {
		ginkgo.Skip("this cluster has no node that may be broken")
	}
	s.goesOn()
	loan, err := cluster.Borrow(ctx, s.clients, victims, s.namespace)
	if err != nil {
		s.cannotTell(err)
	}
	ginkgo.DeferCleanup(func(ctx ginkgo.SpecContext) error {
		if err := s.assertWhole(ctx, loan.Node); err != nil {
			return err
		}
		return loan.GiveBack(ctx)
	})
	return loan.Node
}

// spared are the faults that hit a node's object and leave its machine alone.
var spared = []string{"drain-node", "drain-node-against-budget", "taint-node"}

// assertWhole waits until a node is as it was before the scenario's faults hit it; it need not if none was injected. Pods are sent to
// probe a node only if its machine was broken.
func (s *Scenario) assertWhole(ctx context.Context, node string) error {
	ctx, cancel := context.WithTimeout(ctx, whole.Limit)
	defer cancel()
	hit := false
	for _, injected := range s.faults {
		if injected.Target != "node/"+node || injected.Injected.IsZero() || os.Getenv(NullVariable) != "" {
			continue
		}
		if !slices.Contains(spared, injected.Fault) {
			return s.cluster.AssertNodeReady(ctx, node)
		}
		hit = true
	}
	if !hit {
		return nil
	}
	return cluster.Whole(ctx, s.clients, node)
}
