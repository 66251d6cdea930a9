package forge

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jobproof/jobproof/reports/judge/tree"
)

// reference is $(pod1.uid), $(now - 30s) or $(self.status.failed + 1) in a text.
var reference = regexp.MustCompile(`\$\(([^)]*)\)`)

// shorthands are what may be said instead of a path.
var shorthands = map[string]string{"uid": "metadata.uid", "name": "metadata.name", "namespace": "metadata.namespace"}

// expand replaces the references in what is to be set in a version, as of that version.
func (t *timeline) expand(v *tree.Value, at *entry) (*tree.Value, error) {
	if v.Kind != tree.Scalar {
		out := &tree.Value{Kind: v.Kind, Keys: v.Keys}
		for _, item := range v.Items {
			expanded, err := t.expand(item, at)
			if err != nil {
				return nil, err
			}
			out.Items = append(out.Items, expanded)
		}
		return out, nil
	}
	text, is := v.Text()
	if !is || !strings.Contains(text, "$(") {
		return v, nil
	}
	if whole := reference.FindString(text); whole == text {
		return t.resolve(text[2:len(text)-1], at)
	}
	expanded, err := t.expandText(text, at)
	if err != nil {
		return nil, err
	}
	return tree.ScalarOf(expanded), nil
}

// expandText replaces the references in a text. at may be nil: then they speak of the end of the history.
func (t *timeline) expandText(text string, at *entry) (string, error) {
	var failed error
	expanded := reference.ReplaceAllStringFunc(text, func(ref string) string {
		v, err := t.resolve(ref[2:len(ref)-1], at)
		if err != nil {
			failed = err
			return ref
		}
		if s, is := v.Text(); is {
			return s
		}
		return v.String()
	})
	return expanded, failed
}

// resolve evaluates one reference.
func (t *timeline) resolve(ref string, at *entry) (*tree.Value, error) {
	words := strings.Fields(ref)
	if len(words) != 1 && len(words) != 3 || len(words) == 3 && words[1] != "+" && words[1] != "-" {
		return nil, fmt.Errorf("$(%s) is no reference: $(object.path), $(now), and perhaps + or - something with blanks around it", ref)
	}
	v, err := t.lookUp(words[0], at)
	if err != nil {
		return nil, fmt.Errorf("$(%s): %w", ref, err)
	}
	if len(words) == 1 {
		if v == nil {
			return nil, fmt.Errorf("$(%s): there is no such field", ref)
		}
		return v, nil
	}
	v, err = add(v, words[1] == "-", words[2])
	if err != nil {
		return nil, fmt.Errorf("$(%s): %w", ref, err)
	}
	return v, nil
}

// lookUp finds the value of object.path at an entry, nil if the object has no such field then.
func (t *timeline) lookUp(what string, at *entry) (*tree.Value, error) {
	if what == "now" {
		if at == nil {
			return nil, fmt.Errorf("there is no version here")
		}
		return tree.ScalarOf(t.now.UTC().Format(time.RFC3339)), nil
	}
	name, field, _ := strings.Cut(what, ".")
	if long := shorthands[field]; long != "" {
		field = long
	}
	p, err := tree.ParsePath(field)
	if err != nil {
		return nil, err
	}
	var source *entry
	if name == "self" {
		source = at
	} else if labelled, err := t.labelled(name); err == nil {
		source = labelled
	} else if source, err = t.latest(name, at); err != nil {
		return nil, err
	}
	if source == nil {
		return nil, fmt.Errorf("there is no version here")
	}
	object, err := tree.Parse(source.v.Object)
	if err != nil {
		return nil, err
	}
	return p.In(object), nil
}

// latest returns the version of the object of that name that is the newest at an entry, or its first if it comes later.
func (t *timeline) latest(name string, at *entry) (*entry, error) {
	uid := t.names[name]
	if uid == "" {
		return nil, fmt.Errorf("nothing is called %q", name)
	}
	var found *entry
	for _, e := range t.entries {
		if e.gap == nil && e.v.UID == uid {
			found = e
		}
		if e == at && found != nil {
			break
		}
	}
	if found == nil {
		return nil, fmt.Errorf("%q is not in the history", name)
	}
	return found, nil
}

// add adds a number to a number, or a duration to a time, or takes it off. A number that is not there is 0.
func add(v *tree.Value, minus bool, what string) (*tree.Value, error) {
	if text, is := v.Text(); is {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return nil, err
		}
		by, err := time.ParseDuration(what)
		if err != nil {
			return nil, err
		}
		if minus {
			by = -by
		}
		return tree.ScalarOf(at.Add(by).UTC().Format(time.RFC3339)), nil
	}
	n := int64(0)
	if v != nil {
		parsed, err := strconv.ParseInt(v.String(), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%s is no whole number", v)
		}
		n = parsed
	}
	by, err := strconv.ParseInt(what, 10, 64)
	if err != nil {
		return nil, err
	}
	if minus {
		by = -by
	}
	return tree.ScalarOf(n + by), nil
}
