package verdict

import (
	"fmt"
	"time"
)

// Judgement is what the judge says of one history: which invariants it was asked about and how they stood.
type Judgement struct {
	// History is the file, relative to the run's folder, and SHA256 that of its bytes, so that it can be told later
	// whether the same history is judged again.
	History string `json:"history,omitempty"`
	SHA256  string `json:"sha256,omitempty"`
	// Edition identifies the set of invariants that was asked.
	Edition string `json:"edition"`
	// Versions is how many versions of objects it holds, Gaps how many stretches are missing.
	Versions int `json:"versions"`
	Gaps     int `json:"gaps,omitempty"`

	// Held counts, by invariant, the moments that it spoke of and at which it was kept.
	Held map[string]int `json:"held,omitempty"`
	// Broken are the breaches: the first of each invariant for each object.
	Broken []Finding `json:"broken,omitempty"`
	// Unsure are what would be breaches had the history been whole, or the assumptions of the invariant true.
	Unsure []Finding `json:"unsure,omitempty"`
	// Blocked are waits that lasted too long for a reason that is known and no fault of the controller's.
	Blocked []Finding `json:"blocked,omitempty"`
	// Told are breaches of advisory invariants, which change no verdict.
	Told []Finding `json:"told,omitempty"`
	// Unasked says, by invariant, why it was not asked at all: no order across kinds, no audit log.
	Unasked map[string]string `json:"unasked,omitempty"`
}

// Verdict returns Refuted if an invariant was broken, Inconclusive if it cannot be told whether one was, and otherwise
// Proven, for what was asked was kept. What is Blocked or Told changes nothing.
func (j Judgement) Verdict() Verdict {
	switch {
	case len(j.Broken) > 0:
		return Refuted
	case len(j.Unsure) > 0 || j.Gaps > 0:
		return Inconclusive
	default:
		return Proven
	}
}

// Finding is a moment at which an invariant was not seen to be kept.
type Finding struct {
	// Invariant is its id, and Says its sentence.
	Invariant string `json:"invariant"`
	Says      string `json:"says"`
	// Object is "Job/name" or "Pod/name", in Namespace.
	Object    string `json:"object"`
	Namespace string `json:"namespace,omitempty"`
	// RV is the resource version of the version that showed it, and Line its line in the history file, 0 if the end did.
	RV   uint64 `json:"rv,omitempty"`
	Line int    `json:"line,omitempty"`
	// Seen is when the recorder received that version.
	Seen time.Time `json:"seen,omitzero"`
	// What was seen, in one sentence, and Because why it is not taken for a breach.
	What    string `json:"what"`
	Because string `json:"because,omitempty"`
	// Times counts how often it happened to that object.
	Times int `json:"times,omitempty"`
}

// Same says whether both findings are of the same invariant, object and version.
func (f Finding) Same(g Finding) bool {
	return f.Invariant == g.Invariant && f.Namespace == g.Namespace && f.Object == g.Object && f.RV == g.RV
}

// String says what was found where, in one line.
func (f Finding) String() string {
	text := fmt.Sprintf("%s: %s", f.Object, f.What)
	if f.RV > 0 {
		text += fmt.Sprintf(" (rv %d)", f.RV)
	}
	if f.Because != "" {
		text += "; but " + f.Because
	}
	return text
}
