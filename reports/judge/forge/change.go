package forge

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge/tree"
)

func (d Duration) std() time.Duration { return time.Duration(d) }

// apply does one edit.
func (t *timeline) apply(e *Edit) error {
	switch {
	case e.Insert != nil:
		return t.insert(e.Insert)
	case e.Life != nil:
		return t.live(e.Life)
	case e.Move != nil:
		return t.move(e.Move)
	case e.Swap != nil:
		return t.swap(&e.Swap[0], &e.Swap[1])
	case e.Pause != nil:
		return t.pause(e.Pause)
	case e.Write != nil:
		return t.write(e.Write)
	case e.Gap != nil:
		return t.miss(e.Gap)
	}
	fit, err := t.find(e.Select)
	if err != nil {
		return err
	}
	if e.Drop {
		t.entries = slices.DeleteFunc(t.entries, func(other *entry) bool { return slices.Contains(fit, other) })
		return nil
	}
	for _, one := range fit {
		if e.Type != "" {
			one.v.Type = e.Type
		}
		one.v.Seen = one.v.Seen.Add(e.Seen.std())
	}
	return t.change(&e.Change, fit)
}

// change changes versions. What is to be removed or shifted must be in at least one of them.
func (t *timeline) change(c *Change, versions []*entry) error {
	missing := map[string]bool{}
	for _, field := range c.Remove {
		missing[field] = true
	}
	for field := range c.Shift {
		missing[field] = true
	}
	t.now = versions[0].v.Seen
	for _, e := range versions {
		if err := t.changeOne(c, e, missing); err != nil {
			return err
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%v is not there", slices.Sorted(maps.Keys(missing)))
	}
	if c.Label == "" {
		return nil
	}
	return t.mark(versions[0], c.Label)
}

// changeOne changes one version and notes which fields were there after all.
func (t *timeline) changeOne(c *Change, e *entry, missing map[string]bool) error {
	if len(c.Set)+len(c.Remove)+len(c.Shift) == 0 {
		return nil
	}
	// All references speak of the version as it was.
	patches := map[string]*tree.Value{}
	for field, want := range c.Set {
		patch, err := t.expand(tree.Of(want), e)
		if err != nil {
			return err
		}
		patches[field] = patch
	}
	return e.edit(func(object *tree.Value) error {
		for _, field := range slices.Sorted(maps.Keys(patches)) {
			p, err := tree.ParsePath(field)
			if err != nil {
				return err
			}
			if err := p.Merge(object, patches[field]); err != nil {
				return err
			}
		}
		for _, field := range c.Remove {
			expanded, err := t.expandText(field, e)
			if err != nil {
				return err
			}
			p, err := tree.ParsePath(expanded)
			if err != nil {
				return err
			}
			if p.Remove(object) {
				delete(missing, field)
			}
		}
		for field, by := range c.Shift {
			p, err := tree.ParsePath(field)
			if err != nil {
				return err
			}
			if at := p.In(object); at != nil {
				moved, err := add(at, false, by.std().String())
				if err != nil {
					return fmt.Errorf("%s: %w", field, err)
				}
				*at = *moved
				delete(missing, field)
			}
		}
		return nil
	})
}

// spot is where something goes: at a place among the entries, after or before a version.
type spot struct {
	place int
	seen  time.Time
}

// after is what stands between neighbours: it is seen as late as the one before, and just after it if that is the one meant.
const after = time.Millisecond

// where finds the spot that is after or before a version; otherwise is the version that it is after if neither is given.
func (t *timeline) where(behind, ahead *Selector, otherwise *entry) (spot, error) {
	switch {
	case behind != nil && ahead != nil:
		return spot{}, fmt.Errorf("after and before exclude each other")
	case ahead != nil:
		e, err := t.one(ahead)
		if err != nil {
			return spot{}, err
		}
		return spot{t.place(e), e.v.Seen}, nil
	case behind != nil:
		e, err := t.one(behind)
		if err != nil {
			return spot{}, err
		}
		otherwise = e
	}
	if otherwise == nil {
		return spot{}, fmt.Errorf("after or before is missing")
	}
	return spot{t.place(otherwise) + 1, otherwise.v.Seen.Add(after)}, nil
}

// move puts versions elsewhere, in the order in which they are.
func (t *timeline) move(m *Move) error {
	fit, err := t.find(&m.Select)
	if err != nil {
		return err
	}
	target, err := t.where(m.After, m.Before, nil)
	if err != nil {
		return err
	}
	var stay []*entry
	place := 0
	for i, e := range t.entries {
		if i == target.place {
			place = len(stay)
		}
		if !slices.Contains(fit, e) {
			stay = append(stay, e)
		}
	}
	if target.place == len(t.entries) {
		place = len(stay)
	}
	for _, e := range fit {
		e.v.RV, e.v.Seen = 0, target.seen
	}
	t.entries = slices.Insert(stay, place, fit...)
	if m.Label == "" {
		return nil
	}
	return t.mark(fit[0], m.Label)
}

// swap exchanges the places of two versions; what belongs to the place stays there.
func (t *timeline) swap(a, b *Selector) error {
	one, err := t.one(a)
	if err != nil {
		return err
	}
	other, err := t.one(b)
	if err != nil {
		return err
	}
	i, j := t.place(one), t.place(other)
	t.entries[i], t.entries[j] = other, one
	one.v.RV, other.v.RV = other.v.RV, one.v.RV
	one.v.Seen, other.v.Seen = other.v.Seen, one.v.Seen
	return nil
}

// miss puts a gap behind a version.
func (t *timeline) miss(g *Gap) error {
	e, err := t.one(&g.After)
	if err != nil {
		return err
	}
	gap := &history.Gap{Seen: e.v.Seen, Kind: g.Kind, Why: "too old resource version"}
	for _, name := range g.Lost {
		uid := t.names[name]
		if uid == "" {
			return fmt.Errorf("nothing is called %q", name)
		}
		v := t.of(uid)[0].v
		gap.Lost = append(gap.Lost, v.Namespace+"/"+v.Name)
	}
	t.entries = slices.Insert(t.entries, t.place(e)+1, &entry{gap: gap})
	return nil
}
