package forge

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/jobproof/jobproof/reports/judge/tree"
)

// Selector names versions of an object; see the package's comment.
type Selector struct {
	Label string `json:"label"`

	Of    string `json:"of"`
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	Index *int   `json:"index"`
	Nth   int    `json:"nth"`

	When    map[string]any `json:"when"`
	Version int            `json:"version"`
	From    bool           `json:"from"`
	All     bool           `json:"all"`
	After   string         `json:"after"`
	Before  string         `json:"before"`
}

// UnmarshalJSON reads a selector, or a label or an object's name alone.
func (s *Selector) UnmarshalJSON(text []byte) error {
	if text[0] == '"' {
		s.Label = gjson.ParseBytes(text).Str
		return nil
	}
	type plain Selector
	return strictly(text, (*plain)(s))
}

// String is how an error speaks of it.
func (s *Selector) String() string {
	var parts []string
	add := func(name string, is bool, what any) {
		if is {
			parts = append(parts, fmt.Sprintf("%s: %v", name, what))
		}
	}
	add("label", s.Label != "", s.Label)
	add("of", s.Of != "", s.Of)
	add("kind", s.Kind != "", s.Kind)
	add("name", s.Name != "", s.Name)
	if s.Index != nil {
		add("index", true, *s.Index)
	}
	add("nth", s.Nth != 0, s.Nth)
	add("when", s.When != nil, s.When)
	add("version", s.Version != 0, s.Version)
	add("from", s.From, true)
	add("all", s.All, true)
	add("after", s.After != "", s.After)
	add("before", s.Before != "", s.Before)
	return "{" + strings.Join(parts, ", ") + "}"
}

// one returns the one version that the selector fits.
func (t *timeline) one(s *Selector) (*entry, error) {
	fit, err := t.find(s)
	if err != nil {
		return nil, err
	}
	if len(fit) != 1 {
		return nil, fmt.Errorf("%v fits %d versions, and one is needed", s, len(fit))
	}
	return fit[0], nil
}

// find returns the versions that the selector fits, at least one.
func (t *timeline) find(s *Selector) ([]*entry, error) {
	if s.Label != "" {
		e, err := t.labelled(s.Label)
		return []*entry{e}, err
	}
	lives, err := t.lives(s)
	if err != nil {
		return nil, err
	}
	if s.All {
		var all []*entry
		for _, life := range lives {
			all = append(all, life.fit...)
		}
		return all, nil
	}
	life := lives[0]
	n := s.Version
	switch {
	case n == 0 && s.When == nil:
		return nil, fmt.Errorf("%v says of no version which one: when, version or all", s)
	case n == 0:
		n = 1
	case n < 0:
		n += len(life.fit) + 1
	}
	if n < 1 || n > len(life.fit) {
		return nil, fmt.Errorf("%v fits %d versions", s, len(life.fit))
	}
	first := life.fit[n-1]
	if s.From {
		return life.all[slices.Index(life.all, first):], nil
	}
	return []*entry{first}, nil
}

// labelled returns the version with that label, which must not have been dropped.
func (t *timeline) labelled(label string) (*entry, error) {
	e := t.labels[label]
	if e == nil || t.place(e) < 0 {
		return nil, fmt.Errorf("no version has the label %q", label)
	}
	return e, nil
}

// life is what the history has of one object: all its versions, and those that a selector fits.
type life struct{ all, fit []*entry }

// object returns all versions of the one object that the selector fits.
func (t *timeline) object(s *Selector) ([]*entry, error) {
	one := *s
	one.All = false
	if s.Label != "" {
		if e, err := t.labelled(s.Label); err == nil {
			return t.of(e.v.UID), nil
		}
		one = Selector{Of: s.Label}
	}
	lives, err := t.lives(&one)
	if err != nil {
		return nil, err
	}
	return lives[0].all, nil
}

// of returns the versions of the object with that uid.
func (t *timeline) of(uid string) []*entry {
	var all []*entry
	for _, e := range t.entries {
		if e.gap == nil && e.v.UID == uid {
			all = append(all, e)
		}
	}
	return all
}

// lives returns the objects that the selector fits: one, unless it asks for all.
func (t *timeline) lives(s *Selector) ([]life, error) {
	when, err := conditions(s.When)
	if err != nil {
		return nil, err
	}
	from, to := 0, len(t.entries)
	for label, edge := range map[string]*int{s.After: &from, s.Before: &to} {
		if label == "" {
			continue
		}
		e, err := t.labelled(label)
		if err != nil {
			return nil, err
		}
		if *edge = t.place(e); label == s.After {
			*edge++
		}
	}
	uid := ""
	if s.Of != "" {
		if uid = t.names[s.Of]; uid == "" {
			return nil, fmt.Errorf("nothing is called %q", s.Of)
		}
	}
	var lives []*life
	byUID := map[string]*life{}
	for i, e := range t.entries {
		if e.gap != nil || uid != "" && e.v.UID != uid || s.Kind != "" && e.v.Kind != s.Kind || s.Name != "" && !glob(s.Name, e.v.Name) {
			continue
		}
		if s.Index != nil && completionIndex(e) != *s.Index {
			continue
		}
		l := byUID[e.v.UID]
		if l == nil {
			l = &life{}
			byUID[e.v.UID] = l
			lives = append(lives, l)
		}
		l.all = append(l.all, e)
		if i < from || i >= to {
			continue
		}
		fits, err := when.fit(e)
		if err != nil {
			return nil, err
		}
		if fits {
			l.fit = append(l.fit, e)
		}
	}
	return s.choose(lives)
}

// choose leaves of the objects that are there those that the selector means.
func (s *Selector) choose(lives []*life) ([]life, error) {
	if s.Of == "" && s.Kind == "" {
		return nil, errors.New("a selector needs of, kind or label")
	}
	var fit []life
	for _, l := range lives {
		if len(l.fit) > 0 {
			fit = append(fit, *l)
		}
	}
	n := s.Nth
	if n < 0 {
		n += len(fit) + 1
	}
	switch {
	case len(fit) == 0 && len(lives) > 0:
		return nil, fmt.Errorf("%v fits no version of %d objects", s, len(lives))
	case len(fit) == 0:
		return nil, fmt.Errorf("%v fits no object", s)
	case s.Nth != 0 && (n < 1 || n > len(fit)):
		return nil, fmt.Errorf("%v fits %d objects", s, len(fit))
	case s.Nth != 0:
		return fit[n-1 : n], nil
	case len(fit) > 1 && !s.All:
		return nil, fmt.Errorf("%v fits %d objects: say which one by nth", s, len(fit))
	}
	return fit, nil
}

// completionIndex is the completion index of a pod, -1 if it has none.
func completionIndex(e *entry) int {
	index := gjson.GetBytes(e.v.Object, `metadata.annotations.batch\.kubernetes\.io/job-completion-index`)
	if !index.Exists() {
		return -1
	}
	return int(index.Int())
}

// conditionsOf are the fields that a version must have.
type conditionsOf []condition

type condition struct {
	at   tree.Path
	want *tree.Value
}

func conditions(when map[string]any) (conditionsOf, error) {
	var all conditionsOf
	for field, want := range when {
		at, err := tree.ParsePath(field)
		if err != nil {
			return nil, err
		}
		all = append(all, condition{at, tree.Of(want)})
	}
	return all, nil
}

func (all conditionsOf) fit(e *entry) (bool, error) {
	if len(all) == 0 {
		return true, nil
	}
	object, err := tree.Parse(e.v.Object)
	if err != nil {
		return false, err
	}
	for _, c := range all {
		if !fits(c.want, c.at.In(object)) {
			return false, nil
		}
	}
	return true, nil
}

// fits says whether a field has the value that is wanted.
func fits(want, have *tree.Value) bool {
	if want.Null() {
		return have == nil || have.Null()
	}
	if have == nil {
		return false
	}
	pattern, is := want.Text()
	if !is {
		return want.String() == have.String()
	}
	if text, is := have.Text(); is {
		return glob(pattern, text)
	}
	if have.Kind == tree.List {
		return slices.ContainsFunc(have.Items, func(item *tree.Value) bool { return fits(want, item) })
	}
	return glob(pattern, have.String())
}

// glob says whether a text is like a pattern, in which * stands for anything.
func glob(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	rest, is := strings.CutPrefix(text, parts[0])
	if !is {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(rest, part)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}
