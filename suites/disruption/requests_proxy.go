package disruption

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/chaos/proxy"
	"github.com/jobproof/jobproof/suites/scenario"
)

// between injects a fault of the proxy and returns once it is in place. What causes the requests that it is about comes next;
// then confirmed waits until the Job controller has had its answers, and heal undoes the fault.
func between(ctx context.Context, s *scenario.Scenario, fault *proxy.Fault) (confirmed func() (heal func(context.Context))) {
	GinkgoHelper()
	type outcome struct {
		injected *chaos.Injected
		err      error
	}
	over := make(chan outcome, 1)
	placed := fault.Placed()
	go func() {
		injected, err := s.Inject(ctx, fault)
		over <- outcome{injected, err}
	}()
	settle := func(o outcome) *chaos.Injected {
		GinkgoHelper()
		if o.err != nil {
			Fail(fmt.Sprintf("inconclusive: %v", o.err))
		}
		return o.injected
	}
	select {
	case <-placed:
	case early := <-over:
		settle(early)
		over <- early
	}
	return func() func(context.Context) {
		GinkgoHelper()
		injected := settle(<-over)
		return func(ctx context.Context) {
			GinkgoHelper()
			Expect(injected.Heal(ctx)).To(Succeed())
		}
	}
}
