package tree

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Path leads to a field: status.conditions[Complete].status. In brackets stands an element of a list, by its type, name, uid or
// value or its place from 0, or a key with dots in it; [+] is a new element at the end of a list.
type Path []Step

// Step is a part of a Path. Bracket says that it is written in brackets.
type Step struct {
	Name    string
	Bracket bool
}

// ParsePath reads a Path as it is written.
func ParsePath(text string) (Path, error) {
	var p Path
	for rest := text; rest != ""; {
		if rest[0] == '[' {
			name, after, closed := strings.Cut(rest[1:], "]")
			if !closed || name == "" {
				return nil, fmt.Errorf("%q is no path: a bracket is not closed, or empty", text)
			}
			p, rest = append(p, Step{name, true}), strings.TrimPrefix(after, ".")
			continue
		}
		end := strings.IndexAny(rest, ".[")
		if end < 0 {
			end = len(rest)
		}
		if end == 0 {
			return nil, fmt.Errorf("%q is no path: a name is empty", text)
		}
		p, rest = append(p, Step{Name: rest[:end]}), strings.TrimPrefix(rest[end:], ".")
	}
	if len(p) == 0 {
		return nil, fmt.Errorf("an empty path")
	}
	return p, nil
}

// Identifying are the keys by which an element of a list is known, as its lists in Kubernetes are keyed.
var Identifying = []string{"type", "name", "uid"}

// Child returns where the step leads to in v: the place among its Items, or -1.
func (s Step) Child(v *Value) int {
	switch {
	case v == nil || v.Kind == Scalar:
		return -1
	case v.Kind == Object:
		return slices.Index(v.Keys, s.Name)
	case !s.Bracket:
		return -1
	}
	for i, item := range v.Items {
		if text, is := item.Text(); is && text == s.Name {
			return i
		}
		for _, key := range Identifying {
			if text, is := item.Get(key).Text(); is && text == s.Name {
				return i
			}
		}
	}
	if n, err := strconv.Atoi(s.Name); err == nil && n >= 0 && n < len(v.Items) {
		return n
	}
	return -1
}

// In returns the value at the path, or nil.
func (p Path) In(v *Value) *Value {
	for _, s := range p {
		i := s.Child(v)
		if i < 0 {
			return nil
		}
		v = v.Items[i]
	}
	return v
}

// Merge merges a patch into what is at the path and makes what is missing on the way there. It returns an error if the
// path leads through a scalar or to an element that is not there.
func (p Path) Merge(v, patch *Value) error {
	if patch.Null() {
		p.Remove(v)
		return nil
	}
	for n, s := range p {
		last := n == len(p)-1
		i := s.Child(v)
		if i < 0 {
			made, err := s.make(v, p, n)
			if err != nil {
				return err
			}
			i = made
		}
		if last {
			v.Items[i] = v.Items[i].Merge(patch)
			return nil
		}
		v = v.Items[i]
	}
	return nil
}

// make makes the child that is missing; it is the n-th of the path.
func (s Step) make(v *Value, p Path, n int) (int, error) {
	empty := &Value{Kind: Object}
	if n+1 < len(p) && p[n+1].Bracket && (p[n+1].Name == "+" || s.Name == "conditions") {
		empty.Kind = List
	}
	switch {
	case v.Kind == Object:
		v.Put(s.Name, empty)
		return slices.Index(v.Keys, s.Name), nil
	case v.Kind == List && s.Name == "+":
		v.Items = append(v.Items, empty)
	case v.Kind == List && n > 0 && p[n-1].Name == "conditions":
		empty.Put("type", ScalarOf(s.Name))
		v.Items = append(v.Items, empty)
	default:
		return 0, fmt.Errorf("%q is not there", p[:n+1])
	}
	return len(v.Items) - 1, nil
}

// Remove takes out what is at the path and says whether it was there.
func (p Path) Remove(v *Value) bool {
	last := len(p) - 1
	v = p[:last].In(v)
	i := p[last].Child(v)
	if i < 0 {
		return false
	}
	v.Cut(i)
	return true
}

// String is the path as it is written.
func (p Path) String() string {
	var text strings.Builder
	for i, s := range p {
		switch {
		case s.Bracket:
			text.WriteString("[" + s.Name + "]")
		case i > 0:
			text.WriteString("." + s.Name)
		default:
			text.WriteString(s.Name)
		}
	}
	return text.String()
}
