package history

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// sealing writes lines to a plain file, seals it and returns the sealed lines, the header left out.
func sealing(t *testing.T, s Sealing, lines ...string) (*Reader, []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.jsonl")
	if err := os.WriteFile(file, []byte(plain(lines...)), 0o600); err != nil {
		t.Fatal(err)
	}
	path, err := Seal(file, s)
	if err != nil {
		t.Fatal(err)
	}
	if path != file+".zst" {
		t.Errorf("sealed as %s", path)
	}
	if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) != 1 {
		t.Errorf("the folder holds %v, %v", left, err)
	}
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	r := reader(t, in)
	var got []string
	for line, err := range r.Lines() {
		if err != nil {
			t.Fatalf("what was sealed cannot be read: %v", err)
		}
		got = append(got, written(line))
	}
	return r, got
}

// mark says of a line only what matters for its place.
func mark(line string) string {
	var p parsed
	_ = p.parse([]byte(line))
	switch {
	case p.gap != nil:
		return fmt.Sprintf("gap %s %d", p.gap.Kind, p.gap.From)
	case p.write != nil:
		return p.write.Verb
	}
	return fmt.Sprintf("%s %d", p.kind, p.rv)
}

func marks(lines []string) []string {
	var marks []string
	for _, line := range lines {
		marks = append(marks, mark(line))
	}
	return marks
}

func TestSealSorts(t *testing.T) {
	at := func(ms int, verb string) Write {
		return Write{At: second(0).Add(time.Duration(ms) * time.Millisecond), Verb: verb, Resource: "pods", Namespace: "jp-test", Code: 200}
	}
	arrived := []string{
		"header",
		podLine(Listed, "b", 20), podLine(Listed, "a", 10), // by name, as lists are
		line(Listed, "Node", "", "n", 5),
		lineSeen(200, Added, "Pod", "jp-test", "c", 40),
		lineSeen(210, Modified, "Pod", "jp-test", "c", 42),
		lineSeen(220, Added, "Job", "jp-test", "demo", 30), // this watch was behind
		lineSeen(220, Modified, "Job", "jp-test", "demo", 41),
		gapText("Pod", 45, 60),
		lineSeen(300, Listed, "Pod", "jp-test", "d", 55), lineSeen(300, Listed, "Pod", "jp-test", "c", 50),
		lineSeen(300, Modified, "Job", "jp-test", "demo", 48),
		lineSeen(310, Deleted, "Pod", "jp-test", "c", 61),
		lineSeen(310, Deleted, "Pod", "jp-test", "c", 61), // twice
		gapText("Event", 43, 44),
		gapText("Node", 70, 80),
	}
	for order, want := range map[Order][]string{
		ByRV: {"Node 5", "Pod 10", "Pod 20", "w1", "w2", "Job 30", "Pod 40", "Job 41", "Pod 42", "gap Event 43", "gap Pod 45",
			"w3", "Job 48", "Pod 50", "Pod 55", "w4", "Pod 61", "gap Node 70", "w5"},
		ByArrival: {"Pod 10", "Pod 20", "Node 5", "w1", "Pod 40", "w2", "Pod 42", "Job 30", "Job 41", "gap Pod 45",
			"w3", "Pod 50", "Pod 55", "Job 48", "w4", "Pod 61", "gap Event 43", "gap Node 70", "w5"},
	} {
		t.Run(string(order), func(t *testing.T) {
			lines := slices.Clone(arrived)
			lines[0] = strings.Replace(ofOne, `"rv"`, fmt.Sprintf("%q", order), 1)
			writes := []Write{at(9000, "w5"), at(310, "w4"), at(230, "w3"), at(200, "w1"), at(201, "w2")}
			_, got := sealing(t, Sealing{Writes: writes}, lines...)
			if got := marks(got); !slices.Equal(got, want) {
				t.Errorf("sealed as\n%v\nwant\n%v", got, want)
			}
		})
	}
}

// A list is in the order of names and a watch in that of time: whatever came, the versions of a kind rise.
func TestSealOfManyKindsCanBeRead(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var lines []string
	for i := range 300 {
		lines = append(lines, line(Added, []string{"Job", "Pod", "Event"}[i%3], "jp-test", fmt.Sprintf("o%d", i), 1+i))
	}
	for _, header := range []string{ofOne, ofAll} {
		shuffled := slices.Clone(lines)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		_, got := sealing(t, Sealing{}, append([]string{header}, shuffled...)...)
		sorted := slices.Clone(got)
		slices.Sort(sorted)
		want := slices.Sorted(slices.Values(lines))
		if !slices.Equal(sorted, want) {
			t.Errorf("%d lines were sealed as %d other ones", len(lines), len(got))
		}
	}
}

// What is decompressed, relieved of its end and sealed again is what it was.
func TestSealOfWhatWasSealed(t *testing.T) {
	if _, got := sealing(t, Sealing{}, lawful...); !slices.Equal(got, lawful[1:]) {
		t.Errorf("sealed as\n%v\nwant\n%v", marks(got), marks(lawful[1:]))
	}
}

// By hand the lines can be written in any order, whatever order they are to have.
func TestSealOfLinesInDisorder(t *testing.T) {
	_, got := sealing(t, Sealing{}, ofAll, podLine(Listed, "b", 9), gapText("Pod", 5, 9), podLine(Listed, "a", 4))
	if got, want := marks(got), []string{"Pod 4", "gap Pod 5", "Pod 9"}; !slices.Equal(got, want) {
		t.Errorf("sealed as %v, want %v", got, want)
	}
}

// What cannot be is not made to look as if it could: it is sealed, and a Reader refuses it.
func TestSealKeepsContradictions(t *testing.T) {
	for name, lines := range map[string][]string{
		"an object changed and deleted at once": {podLine(Added, "a", 5), podLine(Deleted, "a", 5)},
		"two objects at one version":            {podLine(Added, "a", 5), podLine(Added, "b", 5)},
	} {
		path := filepath.Join(t.TempDir(), "a.jsonl")
		if err := os.WriteFile(path, []byte(plain(append([]string{ofOne}, lines...)...)), 0o644); err != nil {
			t.Fatal(err)
		}
		path, err := Seal(path, Sealing{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "line 3: resource version 5 does not come after 5") {
			t.Errorf("%s: error is %v", name, err)
		}
	}
}

func TestSealCompletesWhatWasMadeByHand(t *testing.T) {
	r, got := sealing(t, Sealing{},
		`{"history": 2, "namespace": "jp-test", "start": "2026-01-01T00:00:00Z"}`,
		writeText(8, "create", "a"),
		strings.ReplaceAll(podLine(Added, "a", 7), `":`, `" : `),
		line(Added, "Job", "jp-test", "demo", 5),
	)
	if h := r.Header(); h.Format != 2 || h.Order != ByRV || h.Origin != Hand || h.Namespace != "jp-test" {
		t.Errorf("the header is %+v", h)
	}
	if got, want := marks(got), []string{"Job 5", "Pod 7", "create"}; !slices.Equal(got, want) {
		t.Errorf("sealed as %v, want %v", got, want)
	}
	if end := r.End(); !end.At.Equal(second(0).Add(7*time.Millisecond)) || end.Controller != nil || end.Lines != 4 {
		t.Errorf("the end is %+v", end)
	}
}

func TestSealSaysWhatIsKnownAtTheEnd(t *testing.T) {
	holder := &Controller{Holder: "cp_1", Transitions: 3}
	r, _ := sealing(t, Sealing{
		Header:     func(h *Header) { h.Order, h.Audited, h.Run = ByArrival, true, "r1" },
		At:         second(30).Time,
		Controller: holder,
	}, ofAll, podLine(Added, "a", 7))
	if h := r.Header(); h.Order != ByArrival || !h.Audited || h.Run != "r1" || h.Origin != Recorded {
		t.Errorf("the header is %+v", h)
	}
	if end := r.End(); !end.At.Equal(second(30).Time) || end.Controller == nil || *end.Controller != *holder {
		t.Errorf("the end is %+v", end)
	}
}

func TestSealRefuses(t *testing.T) {
	pod := podLine(Added, "a", 7)
	for name, test := range map[string]struct {
		file, text, says string
	}{
		"another name":     {"a.json", plain(ofOne), "does not end in .jsonl"},
		"a sealed file":    {"a.jsonl.zst", plain(ofOne), "does not end in .jsonl"},
		"nothing":          {"a.jsonl", "", "line 1: not a history: it is empty"},
		"no header":        {"a.jsonl", plain(pod), "line 1: not a history: the header is missing"},
		"format 1":         {"a.jsonl", `{"history":1}` + "\n", "line 1: a history of format 1"},
		"a cut last line":  {"a.jsonl", plain(ofOne, pod) + pod[:50], "line 3: truncated"},
		"a damaged line":   {"a.jsonl", plain(ofOne, pod, "{}", pod), "line 3: neither a version"},
		"a second header":  {"a.jsonl", plain(ofOne, pod, ofOne), "line 3: a second header"},
		"an end":           {"a.jsonl", sealed(ofOne, pod), "line 3: an end: the history is sealed already"},
		"an unknown order": {"a.jsonl", plain(strings.Replace(ofOne, `"rv"`, `"x"`, 1), pod), `unknown order "x"`},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			path := filepath.Join(folder, test.file)
			if err := os.WriteFile(path, []byte(test.text), 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := Seal(path, Sealing{}); err == nil || !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), path) {
				t.Errorf("error is %v, want one about %s that says %q", err, path, test.says)
			}
			left, err := os.ReadDir(folder)
			if err != nil || len(left) != 1 || left[0].Name() != test.file {
				t.Errorf("the folder holds %v, %v", left, err)
			}
		})
	}
	if _, err := Seal(filepath.Join(t.TempDir(), "none.jsonl"), Sealing{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error is %v", err)
	}
}

// A sealed file is replaced by one that is whole: a second Seal after a crash between its two last steps.
func TestSealAgain(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "a.jsonl")
	for name, text := range map[string]string{path: plain(ofOne, podLine(Added, "a", 7)), path + ".zst": "half a file"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sealed, err := Seal(path, Sealing{})
	if err != nil {
		t.Fatal(err)
	}
	if h, err := Open(sealed); err != nil || len(h.Versions()) != 1 {
		t.Errorf("read %v, %v", h, err)
	}
}

// A plain file is never held whole, only where its lines stand.
func TestSealHoldsAnIndexOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.jsonl")
	text := life(t, 5000) // 30 MB
	text = text[:bytes.LastIndex(text, []byte(`{"end"`))]
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := Seal(path, Sealing{}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > uint64(len(text))/2 {
		t.Errorf("sealing %d MB allocated %d MB", len(text)>>20, took>>20)
	}
}
