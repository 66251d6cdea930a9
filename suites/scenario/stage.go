package scenario

import (
	"slices"

	"github.com/onsi/ginkgo/v2"
)

// Stage is a part of a run whose specs run before or after those of others. Specs that break the control plane are last and
// one at a time: a controller manager that is started anew counts from its start and forgets its back-offs, so nothing can be
// said of others beside them.
type Stage string

// The stages of a run, in their order.
const (
	Together     Stage = "together"
	ControlPlane Stage = "control-plane"
)

// StageVariable is the environment variable that says which stage a process runs; all if it is empty.
const StageVariable = "JOBPROOF_STAGE"

// BreaksControlPlane marks a spec whose faults hit the control plane, which all others use too.
var BreaksControlPlane = []any{ginkgo.Serial, ginkgo.Label(string(ControlPlane))}

// Filter narrows a label filter of Ginkgo's to the specs of the stage.
func (s Stage) Filter(labels string) string {
	narrow := map[Stage]string{Together: "!" + string(ControlPlane), ControlPlane: string(ControlPlane)}[s]
	switch {
	case narrow == "":
		return labels
	case labels == "":
		return narrow
	default:
		return "(" + labels + ") && " + narrow
	}
}

// stageOf is the stage of a spec with those labels.
func stageOf(labels []string) Stage {
	if slices.Contains(labels, string(ControlPlane)) {
		return ControlPlane
	}
	return Together
}
