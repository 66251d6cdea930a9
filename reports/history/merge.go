package history

import (
	"cmp"
	"fmt"
	"io"
	"slices"
)

// merge writes a sealed history from what was indexed of a plain file and the writes of an audit log.
type merge struct {
	*index
	to     *Writer
	plain  io.ReaderAt
	gaps   []noted // that are left
	writes []Write
	line   []byte // kept for its capacity
}

// copy writes all lines between header and end.
func (x *index) copy(to *Writer, plain io.ReaderAt, audited []Write) error {
	m := merge{index: x, to: to, plain: plain, gaps: slices.Clone(x.gaps), writes: slices.Concat(x.writes, audited)}
	if !x.byArrival() {
		slices.SortStableFunc(m.gaps, func(a, b noted) int { return cmp.Compare(a.From, b.From) })
	}
	slices.SortStableFunc(m.writes, func(a, b Write) int { return a.At.Compare(b.At) })
	for _, e := range x.sorted() {
		if err := m.before(e); err != nil {
			return err
		}
		if err := m.version(e); err != nil {
			return err
		}
	}
	return m.rest()
}

// before writes what stands before a version.
func (m *merge) before(e entry) error {
	for len(m.gaps) > 0 && m.precedes(m.gaps[0], e) {
		if err := m.to.Gap(m.gaps[0].Gap); err != nil {
			return err
		}
		m.gaps = m.gaps[1:]
	}
	for len(m.writes) > 0 && !m.writes[0].At.After(e.seen) {
		if err := m.to.Write(m.writes[0]); err != nil {
			return err
		}
		m.writes = m.writes[1:]
	}
	return nil
}

func (m *merge) precedes(gap noted, e entry) bool {
	if m.byArrival() {
		return gap.after <= e.arrived
	}
	return gap.From < e.rv
}

// version copies a version's line.
func (m *merge) version(e entry) error {
	m.line = slices.Grow(m.line[:0], int(e.length))[:e.length]
	if _, err := m.plain.ReadAt(m.line, e.offset); err != nil {
		return err
	}
	var p parsed
	if err := p.parse(m.line); err != nil || p.rv != e.rv {
		return fmt.Errorf("the plain file was changed while it was sealed (%w)", err)
	}
	return m.to.Version(p.view())
}

// rest writes what stands after the last version.
func (m *merge) rest() error {
	for _, gap := range m.gaps {
		if err := m.to.Gap(gap.Gap); err != nil {
			return err
		}
	}
	for _, write := range m.writes {
		if err := m.to.Write(write); err != nil {
			return err
		}
	}
	return nil
}
