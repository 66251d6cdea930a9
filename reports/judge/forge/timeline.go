package forge

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge/tree"
)

// room is the factor by which resource versions are spread, so that others can be put between them.
const room = 1000

// timeline is a history that is being edited.
type timeline struct {
	header  history.Header
	end     history.End
	entries []*entry
	writes  []history.Write // of the audit log; where they stand follows from when they were
	labels  map[string]*entry
	names   map[string]string // names for objects: their uids
	copies  int
	now     time.Time // what $(now) stands for in the edit that is being done
}

// entry is a version or a gap, in its place.
type entry struct {
	v   history.Version
	gap *history.Gap
	// was is where it stood in the history that is edited, 0 for what was added.
	was uint64
}

func newTimeline(h *history.History) (*timeline, error) {
	t := &timeline{header: h.Header, labels: map[string]*entry{}, names: map[string]string{}, writes: slices.Clone(h.Writes)}
	if h.End != nil {
		t.end = *h.End
	}
	t.header.Origin = history.Hand
	if len(h.Gaps) > 0 {
		return nil, fmt.Errorf("it has gaps: those cannot be edited")
	}
	for _, v := range h.Versions() {
		e := &entry{v: v, was: v.RV * room}
		e.v.RV *= room
		t.entries = append(t.entries, e)
	}
	t.name()
	return t, nil
}

// name gives the objects their names: job, pod1, pod2 and so on.
func (t *timeline) name() {
	count := map[string]int{}
	known := map[string]bool{}
	for _, e := range t.entries {
		if known[e.v.UID] {
			continue
		}
		known[e.v.UID] = true
		count[e.v.Kind]++
		kind := lower(e.v.Kind)
		t.names[kind+strconv.Itoa(count[e.v.Kind])] = e.v.UID
		if count[e.v.Kind] == 1 {
			t.names[kind] = e.v.UID
		} else {
			delete(t.names, kind)
		}
	}
}

func lower(kind string) string { return string(bytes.ToLower([]byte(kind))) }

// place is where an entry stands, or -1.
func (t *timeline) place(e *entry) int { return slices.Index(t.entries, e) }

// mark gives an entry a label.
func (t *timeline) mark(e *entry, label string) error {
	if label == "" {
		return nil
	}
	if _, used := t.labels[label]; used {
		return fmt.Errorf("the label %q is given twice", label)
	}
	t.labels[label] = e
	return nil
}

// call gives an object a name.
func (t *timeline) call(uid, name string) error {
	if name == "" {
		return nil
	}
	if _, used := t.names[name]; used {
		return fmt.Errorf("the name %q is given twice", name)
	}
	t.names[name] = uid
	return nil
}

// settle gives every entry the resource version and the moment that its place asks for.
func (t *timeline) settle() error {
	var rv uint64
	seen := map[string]time.Time{}
	for i, e := range t.entries {
		if e.gap != nil {
			e.gap.From, e.gap.To = max(e.gap.From, rv), max(e.gap.From, rv)+1
			rv = e.gap.To
			continue
		}
		expired := i > 0 && e.v.RV == rv && isExpired(e) && isExpired(t.entries[i-1])
		if e.v.RV <= rv && !expired {
			e.v.RV = rv + 1
		}
		rv = e.v.RV
		if e.v.Seen.Before(seen[e.v.Kind]) {
			e.v.Seen = seen[e.v.Kind]
		}
		seen[e.v.Kind] = e.v.Seen
		if err := e.number(); err != nil {
			return err
		}
	}
	return nil
}

// isExpired says whether it is an Event whose lease ended: those of one lease share the resource version.
func isExpired(e *entry) bool {
	return e.gap == nil && e.v.Kind == history.Events.Name && e.v.Type == history.Deleted
}

// number writes the entry's resource version into its object.
func (e *entry) number() error {
	return e.edit(func(object *tree.Value) error {
		return tree.Path{{Name: "metadata"}, {Name: "resourceVersion"}}.Merge(object, tree.ScalarOf(strconv.FormatUint(e.v.RV, 10)))
	})
}

// edit changes the entry's object.
func (e *entry) edit(change func(object *tree.Value) error) error {
	object, err := tree.Parse(e.v.Object)
	if err != nil {
		return err
	}
	if err := change(object); err != nil {
		return err
	}
	e.v.Object = object.Append(nil)
	return nil
}

// seal writes the history.
func (t *timeline) seal() ([]byte, error) {
	var sealed bytes.Buffer
	w, err := history.NewWriter(&sealed, t.header)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(t.writes, func(a, b history.Write) int { return a.At.Compare(b.At) })
	rest := t.writes
	for _, e := range t.entries {
		if e.gap != nil {
			if err := w.Gap(*e.gap); err != nil {
				return nil, err
			}
			continue
		}
		for len(rest) > 0 && !rest[0].At.After(e.v.Seen) {
			if err := w.Write(rest[0]); err != nil {
				return nil, err
			}
			rest = rest[1:]
		}
		if err := w.Version(e.v); err != nil {
			return nil, err
		}
	}
	for _, late := range rest {
		if err := w.Write(late); err != nil {
			return nil, err
		}
	}
	if err := w.End(t.end); err != nil {
		return nil, err
	}
	return sealed.Bytes(), nil
}
