package history

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

var (
	errNoHeader = errors.New("not a history: the header is missing")
	errShape    = errors.New("neither a version, a gap, a write nor the end")
	errObject   = errors.New("a version needs an object")
)

// parsed is one line after the header. Unless gap, write or end is set it is a version.
type parsed struct {
	seen                       time.Time
	typ                        string
	kind, namespace, name, uid []byte
	rv                         uint64
	object                     []byte

	gap   *Gap
	write *Write
	end   *End
}

// parse reads one line into p; what p then holds is part of text.
func (p *parsed) parse(text []byte) error {
	if p.quick(text) {
		return p.check()
	}
	if err := p.slow(text); err != nil {
		return err
	}
	switch {
	case p.gap != nil:
		return p.gap.check()
	case p.write != nil:
		return p.write.check()
	case p.end != nil:
		return nil
	default:
		return p.check()
	}
}

// quick reads a version that is laid out as appendVersion does it. It reports false if the line is anything else.
func (p *parsed) quick(text []byte) bool {
	*p = parsed{}
	rest := prefix{text: text}
	seen := rest.quoted(`{"seen":"`)
	typ := rest.quoted(`,"type":"`)
	p.kind = rest.quoted(`,"kind":"`)
	p.namespace = rest.quoted(`,"namespace":"`)
	p.name = rest.quoted(`,"name":"`)
	p.uid = rest.quoted(`,"uid":"`)
	p.rv = rest.number(`,"rv":`)
	rest.skip(`,"object":`)
	object, closed := bytes.CutSuffix(bytes.TrimRight(rest.text, " \r\n"), []byte("}"))
	if rest.failed || !closed || !isObject(object) || p.seen.UnmarshalText(seen) != nil {
		return false
	}
	p.typ, p.object = typeOf(typ), bytes.TrimSpace(object)
	return p.typ != ""
}

// slow reads a line in any layout.
func (p *parsed) slow(text []byte) error {
	var l struct {
		History *json.RawMessage `json:"history"`
		Gap     *Gap             `json:"gap"`
		Write   *Write           `json:"write"`
		End     *End             `json:"end"`

		Seen      time.Time       `json:"seen"`
		Type      *string         `json:"type"`
		Kind      string          `json:"kind"`
		Namespace string          `json:"namespace"`
		Name      string          `json:"name"`
		UID       string          `json:"uid"`
		RV        uint64          `json:"rv"`
		Object    json.RawMessage `json:"object"`
	}
	if err := json.Unmarshal(text, &l); err != nil {
		return err
	}
	*p = parsed{gap: l.Gap, write: l.Write, end: l.End}
	set := 0
	for _, is := range [...]bool{l.History != nil, l.Gap != nil, l.Write != nil, l.End != nil, l.Type != nil} {
		if is {
			set++
		}
	}
	switch {
	case set != 1:
		return errShape
	case l.History != nil:
		return errors.New("a second header")
	case l.Type == nil:
		return nil
	}
	if p.typ = typeOf([]byte(*l.Type)); p.typ == "" {
		return fmt.Errorf("unknown type %q", *l.Type)
	}
	p.seen, p.rv, p.object = l.Seen, l.RV, bytes.TrimSpace(l.Object)
	p.kind, p.namespace, p.name, p.uid = []byte(l.Kind), []byte(l.Namespace), []byte(l.Name), []byte(l.UID)
	if len(p.object) > 0 && p.object[0] == '{' && !isObject(p.object) {
		return fmt.Errorf("the object is nested deeper than %d levels", maxDepth)
	}
	return nil
}

// check refuses a version without an identity.
func (p *parsed) check() error {
	if p.seen.IsZero() || len(p.kind) == 0 || len(p.name) == 0 || len(p.uid) == 0 || p.rv == 0 {
		return errors.New("a version needs seen, kind, name, uid and rv")
	}
	if len(p.object) == 0 || p.object[0] != '{' {
		return errObject
	}
	return nil
}

// view is the version as long as the line stays.
func (p *parsed) view() Version {
	return Version{
		Seen: p.seen, Type: p.typ, Kind: string(p.kind), Namespace: string(p.namespace), Name: string(p.name),
		UID: string(p.uid), RV: p.rv, Object: p.object,
	}
}

// typeOf returns the constant for a type, or nothing if there is none.
func typeOf(text []byte) string {
	switch string(text) {
	case Modified:
		return Modified
	case Added:
		return Added
	case Deleted:
		return Deleted
	case Listed:
		return Listed
	}
	return ""
}
