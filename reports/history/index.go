package history

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"
)

// index says where the versions of a plain file stand, so that they can be sorted without being held.
type index struct {
	header  Header
	kinds   map[string]int // numbers them
	entries []entry        // in order of arrival
	gaps    []noted
	writes  []Write
}

// entry is one version of a plain file.
type entry struct {
	offset  int64
	rv      uint64
	seen    time.Time
	uid     uint64 // its hash
	length  int32  // of the line, in bytes
	arrived int32  // counts the versions from 0
	kind    int32
	deleted bool
}

// byArrival reports whether the header asks for that order; ByRV is what an empty one means.
func (x *index) byArrival() bool { return x.header.Order == ByArrival }

// noted is a gap and how many versions arrived before it was noted.
type noted struct {
	Gap
	after int32
}

// readIndex goes through a plain file once. An error names the line.
func readIndex(plain io.ReaderAt) (*index, error) {
	lines := newScanner(io.NewSectionReader(plain, 0, math.MaxInt64))
	x := &index{kinds: map[string]int{}}
	var offset int64
	for {
		text, err := lines.next()
		if errors.Is(err, io.EOF) && lines.number > 1 {
			return x, nil
		}
		switch {
		case errors.Is(err, io.EOF):
			err = errEmpty
		case err != nil:
		case lines.number == 1:
			x.header, err = parseHeader(text)
		default:
			err = x.add(text, offset)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", lines.number, err)
		}
		offset += int64(len(text))
	}
}

// add takes up a line.
func (x *index) add(text []byte, offset int64) error {
	var p parsed
	if err := p.parse(text); err != nil {
		return err
	}
	arrived := int32(len(x.entries))
	switch {
	case p.end != nil:
		return errors.New("an end: the history is sealed already")
	case p.gap != nil:
		x.gaps = append(x.gaps, noted{*p.gap, arrived})
	case p.write != nil:
		x.writes = append(x.writes, *p.write)
	default:
		kind, known := x.kinds[string(p.kind)]
		if !known {
			kind = len(x.kinds)
			x.kinds[string(p.kind)] = kind
		}
		x.entries = append(x.entries, entry{
			offset: offset, length: int32(len(text)), rv: p.rv, seen: p.seen, uid: xxhash.Sum64(p.uid),
			arrived: arrived, kind: int32(kind), deleted: p.typ == Deleted,
		})
	}
	return nil
}

// sorted returns the versions in the header's order, each once.
func (x *index) sorted() []entry {
	once := slices.Clone(x.entries)
	slices.SortFunc(once, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.uid, b.uid), cmp.Compare(a.rv, b.rv), cmp.Compare(a.arrived, b.arrived))
	})
	once = slices.CompactFunc(once, func(a, b entry) bool {
		return a.uid == b.uid && a.rv == b.rv && a.deleted == b.deleted
	})
	slices.SortFunc(once, func(a, b entry) int { return cmp.Or(cmp.Compare(a.rv, b.rv), cmp.Compare(a.arrived, b.arrived)) })
	if x.byArrival() {
		return interleaved(once)
	}
	return once
}

// interleaved gives each kind the places among the others at which it arrived, but lets it take them in the order of its
// resource versions: a list is not sorted by them.
func interleaved(byRV []entry) []entry {
	ofKind := map[int32][]entry{}
	for _, e := range byRV {
		ofKind[e.kind] = append(ofKind[e.kind], e)
	}
	places := slices.Clone(byRV)
	slices.SortFunc(places, func(a, b entry) int { return cmp.Compare(a.arrived, b.arrived) })
	for i, place := range places {
		places[i] = ofKind[place.kind][0]
		places[i].arrived = place.arrived
		ofKind[place.kind] = ofKind[place.kind][1:]
	}
	return places
}
