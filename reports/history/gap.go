package history

import (
	"errors"
	"time"
)

// Gap is a stretch that was not recorded: a watch was too far behind to go on and its kind was listed afresh. A question
// about a history with gaps cannot be answered with certainty.
type Gap struct {
	Seen time.Time `json:"seen"`
	Kind string    `json:"kind"`
	// From is the last resource version known before the gap, To that of the list after it.
	From uint64 `json:"from"`
	To   uint64 `json:"to"`
	// Lost names the objects, as namespace/name, that were gone from the list after the gap.
	Lost []string `json:"lost,omitempty"`
	// Why is the API server's reason.
	Why string `json:"why"`
}

// check refuses a gap that cannot have been.
func (g Gap) check() error {
	if g.Kind == "" || g.From == 0 || g.To < g.From {
		return errors.New("a gap needs a kind and a stretch from one resource version to a later one")
	}
	return nil
}
