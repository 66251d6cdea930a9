package history

import (
	"encoding/json"
	"strings"
	"testing"
)

// objects are texts at the edges of JSON; what isObject must say of them is what encoding/json says.
var objects = []string{
	`{}`, ` {} `, "{\n}", "\v{}", `{"a":1}`, `{ "a" : [ ] , "b" : { } }`, `{"a":[1,[2,{"b":[]}],{}]}`, `{"a":{"b":{"c":null}}}`,
	`{"":""}`, `{"a":true,"b":false,"c":null}`, `{"a":"\"\\\/\b\f\n\r\t\u00e9\uD83D"}`, `{"a":"é日本\u007f"}`, "{\"a\":\"\x7f\xff\"}",
	`{"a":-0}`, `{"a":-0.5e+10}`, `{"a":1E9}`, `{"a":12345678901234567890}`,
	``, ` `, `{`, `}`, `{}}`, `{}{}`, `{},`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{,"a":1}`, `{"a":1 "b":2}`, `{"a" 1}`, `{a:1}`, `{1:1}`,
	`{"a":1]`, `{"a":[1}`, `{"a":[1,]}`, `{"a":[,1]}`, `{"a":[1 2]}`, `{"a":[1:2]}`, `{"a":[`, `{"a":["`, `{"a`, `{"a":"`, `{"a":"\`,
	`{"a":"\x"}`, `{"a":"\u12"}`, `{"a":"\u12g4"}`, `{"a":"\u123`, "{\"a\":\"\t\"}", "{\"a\":\"12345678\n\"}", "{\"a\x00\":1}",
	`{"a":01}`, `{"a":1.}`, `{"a":.5}`, `{"a":-}`, `{"a":+1}`, `{"a":1e}`, `{"a":1e+}`, `{"a":0x1}`, `{"a":NaN}`, `{"a":- 1}`,
	`{"a":tru}`, `{"a":truer}`, `{"a":nul`, `{"a":t`, `{"a":True}`, `{"a":falsey}`, `{"a":'b'}`, `{"a":1}//`, "\ufeff{}",
	`{"12345678":"12345678","1234567":"1234567","123456789":"123456789"}`, `{"1234567\"":"\"1234567\\"}`,
}

func TestIsObjectAgreesWithEncodingJSON(t *testing.T) {
	for _, text := range objects {
		if got, want := isObject([]byte(text)), json.Valid([]byte(text)); got != want {
			t.Errorf("isObject(%q) is %v, want %v", text, got, want)
		}
	}
	for _, text := range []string{`[]`, `"a"`, `1`, `null`, `[{}]`} {
		if isObject([]byte(text)) {
			t.Errorf("%s is an object", text)
		}
	}
}

// Every prefix of an object is none, and no byte changed makes one where encoding/json sees none.
func TestIsObjectOfDamagedObjects(t *testing.T) {
	object := `{"metadata":{"name":"a-1","labels":{"x":"\"y\""},"n":[1,-2.5e3,true,null,{}]},"b":[]}`
	for i := range object {
		if isObject([]byte(object[:i])) {
			t.Errorf("%s is an object", object[:i])
		}
		for _, c := range []byte(`{}[]",:\0-e. tu` + "\n\x00\x80") {
			damaged := []byte(object)
			damaged[i] = c
			if got, want := isObject(damaged), json.Valid(damaged); got != want {
				t.Errorf("isObject(%s) is %v, want %v", damaged, got, want)
			}
		}
	}
}

func TestIsObjectBoundsTheNesting(t *testing.T) {
	nested := func(n int) []byte {
		return []byte(`{"a":` + strings.Repeat(`[`, n-1) + strings.Repeat(`]`, n-1) + `}`)
	}
	if !isObject(nested(maxDepth)) || isObject(nested(maxDepth+2)) {
		t.Errorf("the bound is not at %d", maxDepth)
	}
	if isObject([]byte(strings.Repeat(`{"a":[`, maxLine/6))) {
		t.Error("an endless nesting is an object")
	}
}

func FuzzIsObject(f *testing.F) {
	for _, text := range objects {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var object map[string]json.RawMessage
		want := json.Unmarshal(text, &object) == nil && object != nil
		if got := isObject(text); got != want && strings.Count(string(text), "{")+strings.Count(string(text), "[") <= maxDepth {
			t.Errorf("isObject(%q) is %v, want %v", text, got, want)
		}
	})
}
