package history

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestReadAllReadsUpToTheDamage(t *testing.T) {
	pod := podLine(Added, "a", 5)
	for name, test := range map[string]struct {
		text string
		says string
		read int // versions that can be read before the damage; -1 if there is not even a header
	}{
		"nothing":         {"", "line 1: not a history: it is empty", -1},
		"no header":       {plain(pod), "line 1: not a history: the header is missing", -1},
		"another format":  {`{"history":1}` + "\n", "line 1: a history of format 1", -1},
		"a second header": {plain(ofOne, pod, ofOne), "line 3: a second header", 1},
		"a cut last line": {plain(ofOne, pod) + pod[:40], "line 3: truncated", 1},
		"garbage between": {plain(ofOne, pod, "\x00\xff", pod), "line 3: invalid character", 1},
		"an unknown type": {plain(ofOne, podLine("RENAMED", "a", 5)), `line 2: unknown type "RENAMED"`, 0},
		"a sealed one":    {sealed(ofOne, pod), "line 3: an end: the history is sealed", 1},
		"an object of a wrong shape": {plain(ofOne, pod, strings.Replace(pod, `"metadata":{`, `"status":7,"metadata":{`, 1)),
			"line 3: decode Pod", 1},
	} {
		t.Run(name, func(t *testing.T) {
			h, err := ReadAll(strings.NewReader(test.text))
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error is %v, want one that says %q", err, test.says)
			}
			switch {
			case test.read < 0 && h != nil:
				t.Error("there is a history without a header")
			case test.read >= 0 && h == nil:
				t.Error("what came before the damage is lost")
			case test.read >= 0 && len(h.Versions()) != test.read:
				t.Errorf("read %d versions, want %d", len(h.Versions()), test.read)
			}
		})
	}
}

func TestReadAllWithoutAnEnd(t *testing.T) {
	h, err := ReadAll(strings.NewReader(plain(ofOne, podLine(Added, "b", 6), gapText("Pod", 6, 9), podLine(Listed, "a", 5), writeText(1, "create", "a"))))
	if err != nil {
		t.Fatal(err)
	}
	if v := h.Versions(); len(v) != 2 || v[0].Name != "a" || len(h.Gaps) != 1 || len(h.Writes) != 1 || h.End != nil || h.Namespace != "jp-test" {
		t.Errorf("read %+v", h)
	}
}

func TestOpenReturnsTheWholeHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.jsonl.zst")
	if err := os.WriteFile(path, compressed(t, sealed(lawful...)), 0o644); err != nil {
		t.Fatal(err)
	}
	h, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if h.Path != path || h.Origin != Hand || !h.Audited || len(h.Versions()) != 13 || len(h.Gaps) != 1 || len(h.Writes) != 4 || h.End == nil {
		t.Errorf("read %+v with %d versions", h, len(h.Versions()))
	}
	for _, v := range h.Versions() {
		if object, err := v.decode(); err != nil || object.GetName() != v.Name {
			t.Errorf("%s is %v, %v", v.Name, object, err)
		}
	}
}

func TestOpenRunReadsWhatItCan(t *testing.T) {
	run := t.TempDir()
	folder := filepath.Join(run, Folder)
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	whole := sealed(ofOne, podLine(Added, "a", 5))
	for name, text := range map[string]string{
		"a.jsonl.zst": string(compressed(t, whole)), "b.jsonl.zst": string(compressed(t, whole[:len(whole)-9])), "c.jsonl.zst": "",
		"d.jsonl.zst": whole, "e.jsonl": plain(ofOne), "f.jsonl.zst.12.tmp": "", "g.txt": "",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	all, err := OpenRun(run)
	var names []string
	for _, h := range all {
		names = append(names, filepath.Base(h.Path))
	}
	if !slices.Equal(names, []string{"a.jsonl.zst", "d.jsonl.zst"}) {
		t.Errorf("read %v", names)
	}
	for _, says := range []string{"b.jsonl.zst: line 3", "c.jsonl.zst: line 1", "e.jsonl was cut short"} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error is %v, want one that says %q", err, says)
		}
	}
	if err != nil && strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("error is %v", err)
	}
	if all, err := OpenRun(t.TempDir()); len(all) != 0 || err != nil {
		t.Errorf("a run without histories has %v, %v", all, err)
	}
	if _, err := Open(filepath.Join(run, "none.jsonl.zst")); err == nil || !strings.Contains(err.Error(), "none.jsonl.zst") {
		t.Errorf("error is %v", err)
	}
}

// ask puts every question that there is to a history.
func ask(h *History) {
	h.Pods()
	h.Story()
	h.EventsOn("u")
	h.Of("u")
	for _, node := range h.NodeNames() {
		h.Readiness(node)
	}
	for _, job := range append(h.Jobs(), h.Job("a"), h.Job("none")) {
		job.Counts()
		job.MostActive()
		job.Conditions()
		job.Events()
		job.Gone()
		job.Created()
		Changes(job, Succeeded)
		for _, pod := range job.Pods() {
			pod.Restarts()
			pod.Disrupted()
		}
	}
}
