package judge

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sync"
)

// families are the invariants of one scenario's history, a file each.
var families = [][]Invariant{
	// of a Job's status alone
	conditions, outcomes, counters, times, indexLists, writes, untouched,
	// of a Job and its pods
	birth, concurrency, creations, bookkeeping, realness, agreements, causes, backoff, endings, lasting, clocks,
	// of Events
	events,
	// of what must not last
	progress, counting, ends, nodeLoss, ownership, peers, crons, takeover,
}

// Invariants returns every invariant, in the order of the families, and then those of a run as a whole.
func Invariants() []Invariant { return append(slices.Concat(families...), run...) }

// byID finds an invariant.
var byID = sync.OnceValue(func() map[string]Invariant {
	m := map[string]Invariant{}
	for _, inv := range Invariants() {
		m[inv.ID] = inv
	}
	return m
})

// Find returns the invariant of that id.
func Find(id string) (Invariant, bool) {
	inv, known := byID()[id]
	return inv, known
}

// Edition identifies what the judge judges by: it changes when a sentence, a source, an exception or a bound does.
var Edition = sync.OnceValue(func() string {
	sum := sha256.New()
	for _, inv := range Invariants() {
		for _, text := range append([]string{inv.ID, inv.Says, inv.Source, inv.Within.Limit.String()}, inv.Exceptions...) {
			sum.Write([]byte(text))
			sum.Write([]byte{0})
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:6])
})
