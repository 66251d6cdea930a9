package verdict

import "time"

// Fault is what became of something that a spec made go wrong.
type Fault struct {
	// Fault is its name, and Target what it hit, in the words of kubectl: node/worker3.
	Fault  string `json:"fault"`
	Target string `json:"target"`
	// Injected, Confirmed and Healed are zero if it did not come to that.
	Injected  time.Time `json:"injected,omitzero"`
	Confirmed time.Time `json:"confirmed,omitzero"`
	Healed    time.Time `json:"healed,omitzero"`
	// Observed says who saw that it took effect, and how.
	Observed string `json:"observed,omitempty"`
}
