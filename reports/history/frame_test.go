package history

import (
	"strings"
	"testing"
	"time"
)

// However a frame is laid out, the same version comes out of it, on one line.
func TestFrameInAnyLayout(t *testing.T) {
	const object = `{"metadata":{"name":"a","namespace":"n","uid":"u","resourceVersion":"5"}}`
	for name, text := range map[string]string{
		"as Kubernetes writes it": `{"type":"ADDED","object":` + object + "}\n",
		"object first":            `{"object":` + object + `,"type":"ADDED"}`,
		"with spaces":             `{ "type": "ADDED", "object": ` + object + " }\n",
		"with a third field":      `{"type":"ADDED","object":` + object + `,"more":{}}`,
		"over several lines":      "{\"type\":\"ADDED\",\"object\":\n" + strings.ReplaceAll(object, ",", ",\n") + "}",
	} {
		t.Run(name, func(t *testing.T) {
			f, err := parseFrame(Pods, []byte(text), time.Now())
			if err != nil {
				t.Fatal(err)
			}
			v := f.version
			if v.Type != Added || v.Kind != "Pod" || v.Name != "a" || v.Namespace != "n" || v.UID != "u" || v.RV != 5 || f.rv != 5 {
				t.Errorf("read %+v", v)
			}
			if string(v.Object) != object {
				t.Errorf("object is %s", v.Object)
			}
		})
	}
}

func FuzzFrame(f *testing.F) {
	for _, seed := range []string{
		event(Added, pod("a", 1, "Pending")), bookmark(3), event("ERROR", gone), "{}", "", "null", `{"type":"ADDED"}`,
		`{"type":"ADDED","object":null}`, `{"type":"ADDED","object":[]}`, `{"type":"","object":}`, `{"type":"ADDED","object":}`,
		`{"type":"ADDED","object":{"metadata":{"resourceVersion":"-1"}}}`, `{"type":"ERROR","object":{"code":"x"}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parseFrame(Pods, []byte(text), time.Now())
		if err != nil || got.bookmark {
			return
		}
		line := appendVersion(nil, got.version)
		if strings.Count(string(line), "\n") != 1 {
			t.Errorf("%q became more than one line: %q", text, line)
		}
		var p parsed
		if err := p.parse(line); err != nil && !strings.Contains(err.Error(), "needs") {
			t.Errorf("%q became a line that cannot be read back: %v\n%s", text, err, line)
		}
	})
}
