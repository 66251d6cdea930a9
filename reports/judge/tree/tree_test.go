package tree

import (
	"strings"
	"testing"
)

// parsed reads a text that is known to be JSON.
func parsed(t *testing.T, text string) *Value {
	t.Helper()
	v, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestWhatIsNotChangedStaysAsItWasWritten(t *testing.T) {
	for _, text := range []string{
		`{"b":1,"a":[1.50,-2e9,12345678901234567890,true,null,{}],"":{"x":[]}}`, `"a\u003c<b"`, `[]`, `null`, `{"<&>":"<&>"}`,
	} {
		want := strings.ReplaceAll(text, `\u003c`, "<") // a text may be escaped otherwise
		if got := parsed(t, text).String(); got != want {
			t.Errorf("%s became %s", text, got)
		}
	}
	for _, text := range []string{``, `{`, `{"a"}`, `[1,]`} {
		if _, err := Parse([]byte(text)); err == nil {
			t.Errorf("%q is no JSON and was read", text)
		}
	}
}

func TestMerge(t *testing.T) {
	for _, c := range []struct{ at, patch, want string }{
		{"a", `2`, `{"a":2,"l":[{"type":"X","s":1},"text"],"managedFields":[]}`},
		{"b.c", `{"d":1}`, `{"a":{"x":1,"y":2},"l":[{"type":"X","s":1},"text"],"b":{"c":{"d":1}},"managedFields":[]}`},
		{"a", `{"x":null,"z":3}`, `{"a":{"y":2,"z":3},"l":[{"type":"X","s":1},"text"],"managedFields":[]}`},
		{"a.x", `null`, `{"a":{"y":2},"l":[{"type":"X","s":1},"text"],"managedFields":[]}`},
		{"l[X].s", `2`, `{"a":{"x":1,"y":2},"l":[{"type":"X","s":2},"text"],"managedFields":[]}`},
		{"l[text]", `"other"`, `{"a":{"x":1,"y":2},"l":[{"type":"X","s":1},"other"],"managedFields":[]}`},
		{"l[1]", `"other"`, `{"a":{"x":1,"y":2},"l":[{"type":"X","s":1},"other"],"managedFields":[]}`},
		{"l[+]", `3`, `{"a":{"x":1,"y":2},"l":[{"type":"X","s":1},"text",3],"managedFields":[]}`},
		{"[dotted.key]", `1`, `{"a":{"x":1,"y":2},"l":[{"type":"X","s":1},"text"],"dotted.key":1,"managedFields":[]}`},
		{"s.conditions[Failed]", `{"status":"True"}`, `{"a":{"x":1,"y":2},"l":[{"type":"X","s":1},"text"],"s":{"conditions":[{"type":"Failed","status":"True"}]},"managedFields":[]}`},
		{"s.list[+]", `"u"`, `{"a":{"x":1,"y":2},"l":[{"type":"X","s":1},"text"],"s":{"list":["u"]},"managedFields":[]}`},
	} {
		v := parsed(t, `{"a":{"x":1,"y":2},"l":[{"type":"X","s":1},"text"],"managedFields":[]}`)
		p, err := ParsePath(c.at)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Merge(v, parsed(t, c.patch)); err != nil || v.String() != c.want {
			t.Errorf("%s: got %s, %v, want %s", c.at, v, err, c.want)
		}
		if p.String() != c.at {
			t.Errorf("%s is written %s", c.at, p)
		}
	}
	for _, at := range []string{"l[Y].s", "a.x.y", "l.s"} {
		p, err := ParsePath(at)
		if err != nil {
			t.Fatal(err)
		}
		v := parsed(t, `{"a":{"x":1},"l":[]}`)
		if err := p.Merge(v, parsed(t, `1`)); err == nil {
			t.Errorf("%s leads nowhere and was set: %s", at, v)
		}
	}
}

func TestPathsThatAreNone(t *testing.T) {
	for _, text := range []string{"", "a..b", ".a", "a[", "a[]"} {
		if p, err := ParsePath(text); err == nil {
			t.Errorf("%q was read as %v", text, p)
		}
	}
}

func TestInAndRemove(t *testing.T) {
	v := parsed(t, `{"l":[{"name":"main","x":1},{"name":"side"}],"t":["u1","u2"]}`)
	for at, want := range map[string]string{"l[main].x": "1", "t[u2]": `"u2"`, "t[0]": `"u1"`} {
		p, err := ParsePath(at)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.In(v); got.String() != want {
			t.Errorf("%s is %s, want %s", at, got, want)
		}
		if !p.Remove(v) || p.In(v) != nil && at != "t[0]" {
			t.Errorf("%s is still there: %s", at, v)
		}
		if at != "t[0]" && p.Remove(v) {
			t.Errorf("%s was removed twice", at)
		}
	}
}
