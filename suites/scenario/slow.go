package scenario

import "github.com/onsi/ginkgo/v2"

// SlowLabel is on the specs that Slow marks.
const SlowLabel = "slow"

// ThoroughLabel is on the specs that Thorough marks.
const ThoroughLabel = "thorough"

var (
	// Slow marks a spec that takes more than half a minute beside all others on two cores, because of what it waits for, or
	// because it runs a server or a dozen pods. It is among the first to start, so that shorter ones run beside it, and
	// FAST=1 leaves it out, as it does what Chaos marks.
	Slow = []any{ginkgo.Label(SlowLabel), ginkgo.SpecPriority(2)}
	// Thorough marks a spec that shows in one more way what others show: it runs only where THOROUGH=1, a topic, a claim or a
	// plan asks for it.
	Thorough = ginkgo.Label(ThoroughLabel)
	// Early marks a spec that mostly waits: it starts after the slow ones and before all others.
	Early = ginkgo.SpecPriority(1)
)
