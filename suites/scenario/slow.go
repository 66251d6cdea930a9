package scenario

import "github.com/onsi/ginkgo/v2"

// SlowLabel is on the specs that Slow marks.
const SlowLabel = "slow"

// Slow marks a spec that takes longer than 60 s however fast the machine is. FAST=1 leaves it out.
var Slow = ginkgo.Label(SlowLabel)
