package history

import (
	"cmp"
	"slices"
	"time"
)

// Header is the first line of a history file.
type Header struct {
	// Format is the version of the file's format; this package writes and reads format 1.
	Format int `json:"history"`
	// Cluster and Namespace say where it was recorded.
	Cluster   string `json:"cluster,omitempty"`
	Namespace string `json:"namespace"`
	// Start is when recording began.
	Start time.Time `json:"start"`
}

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

// History is all that was recorded for one scenario, ordered by resource version.
type History struct {
	Header
	// Path is the file it was read from, or empty.
	Path string
	// Gaps are the stretches that are missing.
	Gaps []Gap

	versions []Version
}

// New makes a History of versions in any order. Versions of one object with the same resource version count once.
func New(header Header, versions []Version, gaps []Gap) *History {
	sorted := slices.Clone(versions)
	slices.SortStableFunc(sorted, func(a, b Version) int { return cmp.Compare(a.RV, b.RV) })
	sorted = slices.CompactFunc(sorted, func(a, b Version) bool {
		return a.RV == b.RV && a.UID == b.UID && (a.Type == Deleted) == (b.Type == Deleted)
	})
	for i := range sorted {
		if sorted[i].typed == nil {
			sorted[i].typed = &typed{}
		}
	}
	return &History{Header: header, Gaps: gaps, versions: sorted}
}

// Versions returns every version in the order of resource versions; a Step's Index points into it.
func (h *History) Versions() []Version { return h.versions }

// Of returns the versions of one object.
func (h *History) Of(uid string) []Version {
	var of []Version
	for _, v := range h.versions {
		if v.UID == uid {
			of = append(of, v)
		}
	}
	return of
}

// step is where version i stands.
func (h *History) step(i int) Step {
	return Step{Index: i, RV: h.versions[i].RV, Seen: h.versions[i].Seen}
}
