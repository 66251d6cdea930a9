package history

import "time"

// Step says where in a history something happened. The zero Step means that it never did.
type Step struct {
	// Index is the place in History.Versions of the first version that showed it.
	Index int
	// RV is that version's resource version; 0 means never.
	RV uint64
	// Seen is when the recorder received that version.
	Seen time.Time
	// At is the cluster's own time for it, in whole seconds; zero where Kubernetes keeps none.
	At time.Time
}

// Happened reports whether it happened at all.
func (s Step) Happened() bool { return s.RV != 0 }

// Before reports whether s happened, and before t did or without t ever happening.
func (s Step) Before(t Step) bool { return s.Happened() && (!t.Happened() || s.Index < t.Index) }
