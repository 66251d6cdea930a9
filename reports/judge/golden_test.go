package judge

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge/forge"
	"github.com/jobproof/jobproof/reports/verdict"
)

// Where the golden histories are.
const (
	legal   = "testdata/legal"
	illegal = "testdata/illegal"
)

// files returns the files under a folder whose names end so.
func files(tb testing.TB, folder, end string) []string {
	tb.Helper()
	var found []string
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, end) {
			found = append(found, path)
		}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		tb.Fatal(err)
	}
	return found
}

// label is how a subtest of a golden file is called.
func label(path string) string {
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(path, illegal+"/"), "testdata/"), history.SealedExtension)
}

func TestRecordedHistoriesAreLegal(t *testing.T) {
	for _, path := range files(t, legal, history.SealedExtension) {
		t.Run(label(path), func(t *testing.T) {
			judgement, err := File(path)
			if err != nil {
				t.Fatal(err)
			}
			silent(t, judgement, "")
		})
	}
}

func TestForgedHistoriesAreJudgedRight(t *testing.T) {
	for _, path := range slices.Concat(files(t, legal, ".yaml"), files(t, illegal, ".yaml")) {
		t.Run(label(path), func(t *testing.T) {
			t.Parallel()
			golden(t, path, Invariants())
		})
	}
}

// golden judges by those invariants what a file tells, and holds the judgement against what the file expects.
func golden(t *testing.T, path string, invariants []Invariant) {
	t.Helper()
	script, err := forge.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	forged, err := script.Make(legal)
	if err != nil {
		t.Fatal(err)
	}
	judgement, err := judgeBy(bytes.NewReader(forged.Sealed), invariants)
	if err != nil {
		t.Fatal(err)
	}
	if script.Breaks+script.Unsure+script.Told == "" {
		silent(t, judgement, script.Blocked)
		if script.Blocked != "" {
			expect(t, script, forged, judgement.Blocked, script.Blocked)
		}
	} else {
		guilty(t, script, forged, judgement, invariants)
	}
	if t.Failed() {
		t.Log(around(t, forged))
	}
}

// silent sees to it that nothing was found, but that one invariant may be blocked.
func silent(t *testing.T, judgement verdict.Judgement, blocked string) {
	t.Helper()
	for list, findings := range map[string][]verdict.Finding{"broken": judgement.Broken, "unsure": judgement.Unsure, "told": judgement.Told} {
		for _, f := range findings {
			t.Errorf("%s: %s: %v", list, f.Invariant, f)
		}
	}
	for _, f := range judgement.Blocked {
		// A dead node blocks whatever waits for its pods; that is what the recorded histories with one are about.
		if f.Invariant != blocked && !strings.Contains(f.Because, "is not ready") {
			t.Errorf("blocked: %s: %v", f.Invariant, f)
		}
	}
}

// guilty sees to it that exactly what the file expects was found.
func guilty(t *testing.T, script *forge.Script, forged *forge.Forged, judgement verdict.Judgement, invariants []Invariant) {
	t.Helper()
	id, name, list := script.Breaks, "broken", judgement.Broken
	advisory := slices.ContainsFunc(invariants, func(inv Invariant) bool { return inv.ID == id && inv.Advisory })
	others := slices.Concat(judgement.Unsure, judgement.Told)
	switch {
	case script.Unsure != "":
		id, name, list, others = script.Unsure, "unsure", judgement.Unsure, slices.Concat(judgement.Broken, judgement.Told)
	case script.Told != "":
		id, name, list, others = script.Told, "told", judgement.Told, slices.Concat(judgement.Broken, judgement.Unsure)
	case advisory:
		name, list, others = "told", judgement.Told, slices.Concat(judgement.Broken, judgement.Unsure)
	}
	var own []verdict.Finding
	missed := maps.Clone(script.Also)
	for _, f := range slices.Concat(list, others) {
		if _, known := script.Also[f.Invariant]; known {
			delete(missed, f.Invariant)
			continue
		}
		own = append(own, f)
	}
	for other := range missed {
		t.Errorf("it says that %s is broken too, and it is not", other)
	}
	if !slices.ContainsFunc(list, func(f verdict.Finding) bool { return f.Invariant == id }) {
		t.Errorf("%s was not found %s", id, name)
	}
	expect(t, script, forged, own, id)
}

// expect sees to it that there is one finding, of that invariant, and that it names object and version.
func expect(t *testing.T, script *forge.Script, forged *forge.Forged, findings []verdict.Finding, id string) {
	t.Helper()
	for _, f := range findings {
		if f.Invariant != id {
			t.Errorf("besides %s it found %s: %v", id, f.Invariant, f)
			continue
		}
		if f.Object != forged.Object {
			t.Errorf("%s names %s, want %s: %v", id, f.Object, forged.Object, f)
		}
		if script.At != nil && (f.RV != forged.RV || f.Line != forged.Line) {
			t.Errorf("%s stands at line %d, rv %d, want line %d, rv %d: %v", id, f.Line, f.RV, forged.Line, forged.RV, f)
		}
		if !strings.Contains(f.What, script.What) {
			t.Errorf("%s says %q, want something with %q", id, f.What, script.What)
		}
	}
	if len(findings) > 1 {
		t.Errorf("%d findings, want 1", len(findings))
	}
}

// judgeBy is Read with other invariants.
func judgeBy(r *bytes.Reader, invariants []Invariant) (verdict.Judgement, error) {
	reader, err := history.NewReader(r)
	if err != nil {
		return verdict.Judgement{}, err
	}
	defer reader.Close()
	j := asking(reader.Header(), invariants)
	for line, err := range reader.Lines() {
		if err == nil {
			err = j.Line(line)
		}
		if err != nil {
			return verdict.Judgement{}, err
		}
	}
	return j.End(reader.End()), nil
}

// around tells the forged history, for whoever has to find out why it is judged otherwise.
func around(t *testing.T, forged *forge.Forged) string {
	reader, err := history.NewReader(bytes.NewReader(forged.Sealed))
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	var versions []history.Version
	for line, err := range reader.Lines() {
		if err != nil {
			t.Fatal(err)
		}
		if line.Version != nil {
			versions = append(versions, line.Version.Clone())
		}
	}
	var text strings.Builder
	for _, entry := range history.New(reader.Header(), versions, nil).Story() {
		mark, rv := " ", versions[entry.Index].RV
		if rv == forged.RV {
			mark = ">"
		}
		fmt.Fprintf(&text, "%s %d %v\n", mark, rv, entry)
	}
	return text.String()
}

// fileName is the invariant or the defect that an illegal file is about, and what it is about in a few words.
var fileName = regexp.MustCompile(`^([A-Z]\d\d)-[a-z0-9-]+\.yaml$`)

func TestIllegalFilesAreNamedAfterWhatTheyBreak(t *testing.T) {
	for _, path := range files(t, illegal, ".yaml") {
		script, err := forge.Load(path)
		if err != nil {
			t.Error(err)
			continue
		}
		parts := fileName.FindStringSubmatch(filepath.Base(path))
		if parts == nil {
			t.Errorf("%s: a name is like S07-ready-without-active.yaml", path)
			continue
		}
		named := slices.Concat([]string{script.Breaks, script.Unsure, script.Told, script.Blocked})
		if _, known := Find(script.Breaks + script.Unsure + script.Told + script.Blocked); !known {
			t.Errorf("%s: there is no invariant %s", path, strings.Join(named, ""))
		}
		if defect := parts[1][0] == 'D'; !defect && !slices.Contains(named, parts[1]) {
			t.Errorf("%s: it is named after %s and says that it breaks %s", path, parts[1], strings.Join(named, ""))
		}
	}
}

func TestEveryInvariantHasAnIllegalHistory(t *testing.T) {
	broken := map[string]bool{}
	for _, path := range files(t, illegal, ".yaml") {
		if script, err := forge.Load(path); err == nil {
			broken[script.Breaks], broken[script.Unsure] = true, true
		}
	}
	// Those of a run as a whole have tests of their own: a forged history has one namespace.
	for _, inv := range slices.Concat(families...) {
		if !broken[inv.ID] {
			t.Errorf("no history breaks %s: %s", inv.ID, inv.Says)
		}
	}
}
