// Package tree holds JSON so that a part of it can be changed while the rest stays as it was written: keys in their order,
// numbers digit for digit.
package tree

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Value is a JSON value.
type Value struct {
	Kind Kind
	// Scalar is the text of a text, a number, a truth or null.
	Scalar string
	// Keys are those of an object, in their order.
	Keys []string
	// Items are the elements of a list, or the values of an object in the order of its Keys.
	Items []*Value
}

// Kind says which of them a Value is.
type Kind byte

// The kinds of a Value.
const (
	Object Kind = '{'
	List   Kind = '['
	Scalar Kind = 's'
)

// Parse reads a JSON text.
func Parse(text []byte) (*Value, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := read(d)
	if err != nil {
		return nil, fmt.Errorf("decode JSON: %w", err)
	}
	return v, nil
}

func read(d *json.Decoder) (*Value, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	delim, is := token.(json.Delim)
	if !is {
		return ScalarOf(token), nil
	}
	v := &Value{Kind: Kind(delim)}
	for d.More() {
		if delim == '{' {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			v.Keys = append(v.Keys, key.(string))
		}
		item, err := read(d)
		if err != nil {
			return nil, err
		}
		v.Items = append(v.Items, item)
	}
	_, err = d.Token()
	return v, err
}

// ScalarOf makes a Value of a text, a number, a truth or nil.
func ScalarOf(x any) *Value {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	_ = e.Encode(x) // these always encode
	return &Value{Kind: Scalar, Scalar: string(bytes.TrimSpace(text.Bytes()))}
}

// Of makes a Value of what encoding/json decodes into an any. Keys are in the order of the alphabet.
func Of(x any) *Value {
	switch x := x.(type) {
	case map[string]any:
		v := &Value{Kind: Object}
		for key := range x {
			v.Keys = append(v.Keys, key)
		}
		slices.Sort(v.Keys)
		for _, key := range v.Keys {
			v.Items = append(v.Items, Of(x[key]))
		}
		return v
	case []any:
		v := &Value{Kind: List}
		for _, item := range x {
			v.Items = append(v.Items, Of(item))
		}
		return v
	default:
		return ScalarOf(x)
	}
}

// Append appends the JSON text.
func (v *Value) Append(text []byte) []byte {
	switch v.Kind {
	case Scalar:
		return append(text, v.Scalar...)
	case List:
		text = append(text, '[')
		for i, item := range v.Items {
			if i > 0 {
				text = append(text, ',')
			}
			text = item.Append(text)
		}
		return append(text, ']')
	default:
		text = append(text, '{')
		for i, item := range v.Items {
			if i > 0 {
				text = append(text, ',')
			}
			text = append(append(text, ScalarOf(v.Keys[i]).Scalar...), ':')
			text = item.Append(text)
		}
		return append(text, '}')
	}
}

// String is the JSON text.
func (v *Value) String() string { return string(v.Append(nil)) }

// Text is the content of a text, and whether v is one; nil is none.
func (v *Value) Text() (string, bool) {
	if v == nil || v.Kind != Scalar || v.Scalar[0] != '"' {
		return "", false
	}
	var s string
	err := json.Unmarshal([]byte(v.Scalar), &s)
	return s, err == nil
}

// Null says whether it is null.
func (v *Value) Null() bool { return v.Kind == Scalar && v.Scalar == "null" }

// Get returns the value of a key, or nil.
func (v *Value) Get(key string) *Value {
	if v.Kind != Object {
		return nil
	}
	if i := slices.Index(v.Keys, key); i >= 0 {
		return v.Items[i]
	}
	return nil
}

// Put gives a key a value. A new one comes last, but before managedFields, which API servers write last.
func (v *Value) Put(key string, item *Value) {
	if i := slices.Index(v.Keys, key); i >= 0 {
		v.Items[i] = item
		return
	}
	at := len(v.Keys)
	if at > 0 && v.Keys[at-1] == "managedFields" {
		at--
	}
	v.Keys = slices.Insert(v.Keys, at, key)
	v.Items = slices.Insert(v.Items, at, item)
}

// Cut takes out item i of an object or list.
func (v *Value) Cut(i int) {
	if v.Kind == Object {
		v.Keys = slices.Delete(v.Keys, i, i+1)
	}
	v.Items = slices.Delete(v.Items, i, i+1)
}

// Merge returns what patch, a JSON merge patch (RFC 7396), makes of v; v may be changed and nil.
func (v *Value) Merge(patch *Value) *Value {
	if patch.Kind != Object {
		return patch
	}
	if v == nil || v.Kind != Object {
		v = &Value{Kind: Object}
	}
	for i, key := range patch.Keys {
		at := slices.Index(v.Keys, key)
		switch item := patch.Items[i]; {
		case !item.Null():
			v.Put(key, v.Get(key).Merge(item))
		case at >= 0:
			v.Cut(at)
		}
	}
	return v
}
