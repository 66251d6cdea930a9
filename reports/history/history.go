package history

import (
	"cmp"
	"slices"
)

// History is all that was recorded for one scenario, ordered by resource version.
type History struct {
	Header
	// Path is the file it was read from, or empty.
	Path string
	// Gaps are the stretches that are missing.
	Gaps []Gap
	// Writes are the requests of the audit log, oldest first; there are none unless Header.Audited.
	Writes []Write
	// End is the last line, or nil while the history is recorded.
	End *End

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
