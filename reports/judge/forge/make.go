package forge

import (
	"bytes"
	"fmt"
	"path/filepath"

	"github.com/jobproof/jobproof/reports/history"
)

// Forged is a history as a Script tells it, and where in it the finding must stand.
type Forged struct {
	// Sealed is the history, not compressed.
	Sealed []byte
	// Object is what the finding must name, such as "Job/demo"; empty for a legal history.
	Object string
	// RV and Line are those of the version at which it must stand, 0 if it is the end.
	RV   uint64
	Line int
}

// Make makes the history. legal is the folder that Script.From is relative to. The error names the file and the edit, or
// says why no Reader would accept the result.
func (s *Script) Make(legal string) (*Forged, error) {
	forged, err := s.make(legal)
	if err != nil {
		return nil, fmt.Errorf("forge %s: %w", s.Path, err)
	}
	return forged, nil
}

func (s *Script) make(legal string) (*Forged, error) {
	h, err := history.Open(filepath.Join(legal, filepath.FromSlash(s.From)+history.SealedExtension))
	if err != nil {
		return nil, err
	}
	t, err := newTimeline(h)
	if err != nil {
		return nil, err
	}
	for name, selector := range s.Objects {
		versions, err := t.object(&selector)
		if err == nil {
			err = t.call(versions[0].v.UID, name)
		}
		if err != nil {
			return nil, fmt.Errorf("object %s: %w", name, err)
		}
	}
	for i := range s.Edits {
		if err := t.apply(&s.Edits[i]); err != nil {
			return nil, fmt.Errorf("edit %d: %w", i+1, err)
		}
	}
	if err := t.settle(); err != nil {
		return nil, err
	}
	t.finish(s)
	forged := &Forged{}
	if forged.Sealed, err = t.seal(); err != nil {
		return nil, err
	}
	if err := t.locate(s, forged); err != nil {
		return nil, err
	}
	return forged, nil
}

// finish changes header and end.
func (t *timeline) finish(s *Script) {
	if h := s.Header; h != nil {
		if h.Kubernetes != "" {
			t.header.Kubernetes = h.Kubernetes
		}
		if h.Order != "" {
			t.header.Order = h.Order
		}
		if h.Audited != nil {
			t.header.Audited = *h.Audited
		}
		if h.Controller != nil {
			t.header.Controller = h.Controller
		}
	}
	if s.End.Controller != nil {
		t.end.Controller = s.End.Controller
	}
	last := t.end.At
	for _, e := range t.entries {
		if e.gap == nil && e.v.Seen.After(last) {
			last = e.v.Seen
		}
	}
	t.end.At = last.Add(s.End.After.std())
}

// locate finds where the finding must stand, and sees to it that a Reader accepts the history.
func (t *timeline) locate(s *Script, forged *Forged) error {
	var at *entry
	if s.At != nil && !s.At.End {
		e, err := t.one(&s.At.Version)
		if err != nil {
			return fmt.Errorf("at: %w", err)
		}
		at = e
		forged.RV = e.v.RV
	}
	switch {
	case s.Object != "":
		object, err := t.expandText(s.Object, nil)
		if err != nil {
			return fmt.Errorf("object: %w", err)
		}
		forged.Object = object
	case at != nil:
		forged.Object = at.v.Kind + "/" + at.v.Name
	case t.names["job"] != "":
		forged.Object = history.Jobs.Name + "/" + t.of(t.names["job"])[0].v.Name
	}
	r, err := history.NewReader(bytes.NewReader(forged.Sealed))
	if err != nil {
		return fmt.Errorf("the result: %w", err)
	}
	defer r.Close()
	for line, err := range r.Lines() {
		if err != nil {
			return fmt.Errorf("the result: %w", err)
		}
		if at != nil && line.Version != nil && line.Version.RV == forged.RV {
			forged.Line = line.Number
		}
	}
	return nil
}
