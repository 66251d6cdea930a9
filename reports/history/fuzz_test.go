package history

import (
	"bytes"
	"strings"
	"testing"
)

// seeds are the histories that fuzzing starts from.
func seeds() []string {
	owned := `"uid":"uid-a","deletionTimestamp":"2026-01-01T00:00:00Z","ownerReferences":[{"controller":true,"uid":"uid-a"}],"resourceVersion"`
	return []string{
		"", "\n", "{", ofOne, plain(ofOne), plain(ofAll), sealed(ofOne), sealed(ofAll), sealed(lawful...), sealed(lawful...)[:1500],
		strings.Join(lawful, "\n"), strings.Join([]string{ofAll, podLine(Listed, "a", 1), gapText("Pod", 1, 9), podLine(Listed, "a", 2)}, "\n"),
		sealed(ofOne, podLine(Added, "a", 1), podLine(Deleted, "a", 2)),
		sealed(ofOne, strings.Replace(podLine(Added, "a", 1), `"uid":"uid-a","resourceVersion"`, owned, 1)),
		sealed(ofAll, strings.ReplaceAll(podLine(Added, "a", 1), `":`, `": `), "{"),
		plain(ofOne, `{"end":{"at":"2026-01-01T00:00:00Z","lines":1,"xxh64":"0123456789abcdef"}}`),
		plain(ofOne, `{"gap":{},"write":{},"end":{}}`, `{"type":"ADDED","rv":1e3}`),
	}
}

// FuzzReader sees to it that no input, compressed or not, makes a Reader panic, go on for ever or say neither that all is
// well nor which line is not.
func FuzzReader(f *testing.F) {
	for _, seed := range seeds() {
		f.Add([]byte(seed))
		f.Add(compressed(f, seed))
	}
	f.Add(zeros(3, 0))
	f.Fuzz(func(t *testing.T, file []byte) {
		lines, end, err := read(file)
		switch {
		case err != nil && !strings.HasPrefix(err.Error(), "line "):
			t.Errorf("the error names no line: %v", err)
		case err == nil && end.Lines != len(lines)+1:
			t.Errorf("the end speaks of %d lines before it, and there are %d", end.Lines, len(lines)+1)
		}
	})
}

// FuzzSealed is FuzzReader behind the hash: whatever the lines are, they were sealed like this.
func FuzzSealed(f *testing.F) {
	for _, seed := range seeds() {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if h, err := readSealed(strings.NewReader(sealed(strings.Split(text, "\n")...))); err == nil {
			ask(h)
		}
	})
}

// FuzzReadAll sees to it that no plain file makes the loader or a view panic.
func FuzzReadAll(f *testing.F) {
	for _, seed := range seeds() {
		f.Add([]byte(seed))
	}
	for _, kind := range []string{"Job", "Node", "Event", "CronJob"} {
		f.Add([]byte(plain(ofOne, line(Added, kind, "jp-test", "a", 5))))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		h, err := ReadAll(bytes.NewReader(text))
		if h == nil {
			if err == nil {
				t.Error("neither a history nor an error")
			}
			return
		}
		ask(h)
	})
}
