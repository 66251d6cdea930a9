package history

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	header  = `{"history":1,"cluster":"kind","namespace":"jp-test","start":"2026-01-01T00:00:00Z"}` + "\n"
	version = `{"seen":"2026-01-01T00:00:01Z","type":"ADDED","kind":"Pod","namespace":"jp-test","name":"a","uid":"u","rv":5,` +
		`"object":{"metadata":{"name":"a","uid":"u","resourceVersion":"5"}}}` + "\n"
	gapText = `{"gap":{"seen":"2026-01-01T00:00:02Z","kind":"Pod","from":5,"to":9,"lost":["jp-test/a"],"why":"too old"}}` + "\n"
)

func TestDamagedFilesAreNamedByTheLine(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		says string
		read int // versions that can be read before the damage; -1 if there is not even a header
	}{
		"nothing":            {"", "line 1", -1},
		"an empty line":      {"\n", "line 1", -1},
		"not JSON":           {"<html>", "line 1", -1},
		"no header":          {version, "line 1: not a history", -1},
		"another format":     {strings.Replace(header, "1", "2", 1), "line 1: a history of format 2", -1},
		"a second header":    {header + version + header, "line 3: a second header", 1},
		"a cut last line":    {header + version + version[:40], "line 3", 1},
		"garbage between":    {header + version + "\x00\xff\n" + version, "line 3", 1},
		"an array":           {header + "[]\n", "line 2", 0},
		"null":               {header + "null\n", "line 2", 0},
		"an unknown type":    {header + strings.Replace(version, "ADDED", "RENAMED", 1), `line 2: unknown type "RENAMED"`, 0},
		"no uid":             {header + strings.Replace(version, `"uid":"u",`, "", 1), "line 2: a version needs", 0},
		"no version":         {header + strings.Replace(version, `"rv":5`, `"rv":0`, 1), "line 2: a version needs", 0},
		"a negative version": {header + strings.Replace(version, `"rv":5`, `"rv":-5`, 1), "line 2", 0},
		"no object":          {header + version[:strings.Index(version, `,"object"`)] + "}\n", "line 2: a version needs an object", 0},
		"an object of null":  {header + version[:strings.Index(version, `{"metadata"`)] + "null}\n", "line 2: a version needs an object", 0},
		"an object of a wrong shape": {header + version + strings.Replace(version, `"metadata":{`, `"status":7,"metadata":{`, 1),
			"line 3: decode Pod", 1},
		"an endless line": {header + strings.Repeat("x", maxLine+1), "line 2", 0},
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

func TestReadStopsWhenTold(t *testing.T) {
	for range Read(strings.NewReader(header + version + "garbage")) {
		break
	}
	for v, err := range Read(strings.NewReader(header + gapText + version)) {
		if err != nil || v.Name != "a" {
			t.Errorf("read %+v, %v", v, err)
		}
	}
}

func TestWrittenLinesReadBack(t *testing.T) {
	for v, err := range Read(strings.NewReader(header + version)) {
		if err != nil {
			t.Fatal(err)
		}
		if got := string(appendVersion(nil, v)); got != version {
			t.Errorf("wrote %s, want %s", got, version)
		}
	}
}

func TestOpenRunReadsWhatItCan(t *testing.T) {
	run := t.TempDir()
	folder := filepath.Join(run, Folder)
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"a.jsonl": header + version, "b.jsonl": header + version + "garbage", "c.jsonl": "", "d.jsonl": header + gapText, "e.txt": "",
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
	if !slices.Equal(names, []string{"a.jsonl", "b.jsonl", "d.jsonl"}) {
		t.Errorf("read %v", names)
	}
	if err == nil || !strings.Contains(err.Error(), "b.jsonl: line 3") || !strings.Contains(err.Error(), "c.jsonl: line 1") {
		t.Errorf("error is %v", err)
	}
	if _, err := Open(filepath.Join(run, "none.jsonl")); err == nil || !strings.Contains(err.Error(), "none.jsonl") {
		t.Errorf("error is %v", err)
	}
}

// FuzzRead sees to it that no file makes the reader or a view panic.
func FuzzRead(f *testing.F) {
	f.Add(header + version + gapText)
	f.Add(header + strings.Replace(version, `"Pod"`, `"Job"`, 1) + strings.Replace(version, `"Pod"`, `"Node"`, 1))
	f.Add(header + strings.Replace(version, `"Pod"`, `"Event"`, 1) + "{")
	f.Add(header + strings.Replace(version, `"uid":"u","resourceVersion"`,
		`"uid":"u","deletionTimestamp":"2026-01-01T00:00:00Z","ownerReferences":[{"controller":true,"uid":"u"}],"resourceVersion"`, 1))
	f.Fuzz(func(t *testing.T, text string) {
		h, err := ReadAll(io.LimitReader(strings.NewReader(text), maxLine))
		if h == nil {
			if err == nil {
				t.Error("neither a history nor an error")
			}
			return
		}
		h.Pods()
		h.Story()
		h.EventsOn("u")
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
	})
}
