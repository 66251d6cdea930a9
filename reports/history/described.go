package history

import (
	"fmt"
	"strconv"

	"github.com/tidwall/gjson"
)

// described refuses a line that says something else of its object than the object's own metadata.
func (p *parsed) described() error {
	var digits [20]byte
	rv := strconv.AppendUint(digits[:0], p.rv, 10)
	if p.describedInFront(rv) {
		return nil
	}
	return p.describedAnywhere(string(rv))
}

// describedAnywhere finds the metadata in any layout.
func (p *parsed) describedAnywhere(rv string) error {
	for _, field := range [...]struct {
		name, path string
		line       []byte
	}{
		{"name", "metadata.name", p.name},
		{"namespace", "metadata.namespace", p.namespace},
		{"uid", "metadata.uid", p.uid},
		{"resourceVersion", "metadata.resourceVersion", []byte(rv)},
	} {
		if object := gjson.GetBytes(p.object, field.path); object.Str != string(field.line) {
			return fmt.Errorf("the object's %s is %.80q and the line's %.80q", field.name, object.Str, field.line)
		}
	}
	// An object that was listed does not say what kind it is.
	if kind := gjson.GetBytes(p.object, "kind"); kind.Exists() && kind.Str != string(p.kind) {
		return fmt.Errorf("the object's kind is %.80q and the line's %.80q", kind.Str, p.kind)
	}
	return nil
}

// describedInFront reports whether the metadata is the line's and stands where API servers put it. If not, there may be
// nothing wrong but the layout.
func (p *parsed) describedInFront(rv []byte) bool {
	rest := prefix{text: p.object}
	rest.skip(`{`)
	if rest.has(`"kind"`) {
		kind := rest.quoted(`"kind":"`)
		rest.quoted(`,"apiVersion":"`)
		rest.skip(`,`)
		if string(kind) != string(p.kind) {
			return false
		}
	}
	name := rest.quoted(`"metadata":{"name":"`)
	if rest.has(`,"generateName"`) {
		rest.quoted(`,"generateName":"`)
	}
	var namespace []byte
	if rest.has(`,"namespace"`) {
		namespace = rest.quoted(`,"namespace":"`)
	}
	uid := rest.quoted(`,"uid":"`)
	version := rest.quoted(`,"resourceVersion":"`)
	return !rest.failed && string(name) == string(p.name) && string(namespace) == string(p.namespace) &&
		string(uid) == string(p.uid) && string(version) == string(rv)
}
