package verdict

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

var sample = Result{
	Spec: "Suspension creates no pod <while> suspended", Section: "suspension", File: "suites/suspension/suspend.go:31",
	Claims: []ClaimResult{
		{ID: "J-102", Verdict: Proven},
		{ID: "J-104", Verdict: Refuted, Because: "a pod was created", Evidence: "histories/a.jsonl:7"},
	},
	Seconds: 12.5, Started: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), History: "histories/a.jsonl",
	Failure: "J-104 is refuted", Requests: 11,
}

func TestResultsComeBackAsTheyWere(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "results") // not there yet
	other := Result{Spec: "Cleanup removes the pods", Section: "cleanup", Claims: []ClaimResult{}}
	for _, r := range []Result{sample, other} {
		if err := Write(dir, r); err != nil {
			t.Fatal(err)
		}
	}
	if err := WritePlan(dir, Plan{Specs: []Planned{{Spec: sample.Spec, Claims: []string{"J-102"}}}}); err != nil {
		t.Fatal(err)
	}
	got, err := ReadAll(dir)
	if err != nil {
		t.Fatal(err)
	}
	if want := []Result{other, sample}; !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestASecondResultOfASpecIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := Write(dir, sample); err != nil {
		t.Fatal(err)
	}
	green := sample
	green.Claims, green.Failure = []ClaimResult{{ID: "J-104", Verdict: Proven}}, ""
	if err := Write(dir, green); !errors.Is(err, fs.ErrExist) || !strings.Contains(err.Error(), sample.Spec) {
		t.Errorf("got %v", err)
	}
	got, err := ReadAll(dir)
	if err != nil || len(got) != 1 || got[0].Verdict() != Refuted {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestWriteRefuses(t *testing.T) {
	tests := map[string]struct {
		change func(*Result)
		want   string
	}{
		"no spec":           {func(r *Result) { r.Spec = "" }, "names no spec"},
		"no id":             {func(r *Result) { r.Claims = []ClaimResult{{Verdict: Proven}} }, "no id"},
		"no verdict":        {func(r *Result) { r.Claims = []ClaimResult{{ID: "J-001"}} }, "J-001"},
		"a claim twice":     {func(r *Result) { r.Claims = append(r.Claims, r.Claims[0]) }, "twice"},
		"an unknown number": {func(r *Result) { r.Seconds = math.NaN() }, "NaN"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir, r := t.TempDir(), sample
			test.change(&r)
			if err := Write(dir, r); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want it to name %q", err, test.want)
			}
			if entries, _ := os.ReadDir(dir); len(entries) > 0 {
				t.Errorf("%s was left behind", entries[0].Name())
			}
		})
	}
}

func TestReadAllNamesEachFileItCannotReadAndReturnsTheRest(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"empty":                {"", "empty"},
		"null":                 {"null", "names no spec"},
		"cut short":            {`{"spec": "a`, "unexpected"},
		"an unknown field":     {`{"spec": "a", "claims": [], "colour": "red"}`, "colour"},
		"an unknown verdict":   {`{"spec": "a", "claims": [{"id": "J-001", "verdict": "passed"}]}`, "passed"},
		"no verdict":           {`{"spec": "a", "claims": [{"id": "J-001"}]}`, "J-001"},
		"a number for a text":  {`{"spec": 1}`, "spec"},
		"two values":           {`{"spec": "a"} {"spec": "b"}`, "follows"},
		"a spec of two files":  {fmt.Sprintf(`{"spec": %q}`, sample.Spec), sample.Spec},
		"rubbish in the tail":  {`{"spec": "a"} x`, "follows"},
		"a claim that is none": {`{"spec": "a", "claims": [{}]}`, "no id"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := Write(dir, sample); err != nil {
				t.Fatal(err)
			}
			bad := filepath.Join(dir, "zz-bad.json") // sorts after the good one
			for path, text := range map[string]string{bad: test.text, filepath.Join(dir, "zzz-bad.json"): "{"} {
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got, err := ReadAll(dir)
			if err == nil || !strings.Contains(err.Error(), bad) || !strings.Contains(err.Error(), test.want) ||
				!strings.Contains(err.Error(), "zzz-bad.json") {
				t.Errorf("got error %v, want it to name both files and %q", err, test.want)
			}
			if len(got) != 1 || got[0].Spec != sample.Spec {
				t.Errorf("got %+v, want the sound result", got)
			}
		})
	}
}

func TestReadAllLeavesOtherFilesAlone(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{".half-written.json.123", ".hidden.json", "notes.txt", PlannedFile} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("no result"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "folder.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadAll(dir); err != nil || len(got) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "nowhere")
	if _, err := ReadAll(dir); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), dir) {
		t.Errorf("ReadAll: %v", err)
	}
	if _, err := ReadPlan(dir); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), PlannedFile) {
		t.Errorf("ReadPlan: %v", err)
	}
}

func TestWriteIntoWhatIsNoFolderNamesThePath(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Write(file, sample); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("got %v", err)
	}
}

func TestPlan(t *testing.T) {
	dir := t.TempDir()
	want := Plan{
		Specs:  []Planned{{Spec: "a", Section: "s", Claims: []string{"J-001", "J-002"}}, {Spec: "b", Section: "s"}},
		Claims: []string{"J-001", "J-003"},
	}
	if err := WritePlan(dir, want); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadPlan(dir); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if err := WritePlan(dir, Plan{}); err != nil { // a suite that is run again plans again
		t.Fatal(err)
	}
	if got, err := ReadPlan(dir); err != nil || len(got.Specs) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	for name, plan := range map[string][]Planned{"no text": {{}}, "a text twice": {{Spec: "a"}, {Spec: "a"}}} {
		if err := WritePlan(dir, Plan{Specs: plan}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	path := filepath.Join(dir, PlannedFile)
	for _, text := range []string{`{"specs": [{"spec": "a"}, {"spec": "a"}]}`, `{"specs": [{"spec": "a", "x": 1}]}`, "{", "{} {}", "[]", ""} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadPlan(dir); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

// Readers run beside the writers of parallel specs, as the live table does, and must never see half a file.
func TestReadersSeeWholeFilesOnly(t *testing.T) {
	dir := t.TempDir()
	const specs = 40
	var writers sync.WaitGroup
	for i := range specs {
		writers.Go(func() {
			r := sample
			r.Spec = fmt.Sprintf("spec %d", i)
			r.Failure = strings.Repeat("x", 1<<16)
			if err := Write(dir, r); err != nil {
				t.Error(err)
			}
		})
	}
	done := make(chan struct{})
	go func() { writers.Wait(); close(done) }()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		if _, err := ReadAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := ReadAll(dir); err != nil || len(got) != specs {
		t.Errorf("got %d results, %v", len(got), err)
	}
}

func TestSlug(t *testing.T) {
	form := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	texts := []string{
		"Suspension creates no pod", "Suspension creates no pod!", "suspension creates no pod", "../../etc/passwd",
		"—", "", "-",
		strings.Repeat("long ", 100), strings.Repeat("long ", 101), "Größe", "a\x00b", strings.Repeat("x", 79) + " y",
	}
	seen := map[string]string{}
	for _, text := range texts {
		slug := Slug(text)
		if !form.MatchString(slug) || len(slug) > 89 {
			t.Errorf("slug of %q is %q", text, slug)
		}
		if other, twice := seen[slug]; twice {
			t.Errorf("%q and %q have the slug %q", text, other, slug)
		}
		seen[slug] = text
	}
	if got, want := Slug("Suspension creates no pod"), "suspension-creates-no-pod-"; !strings.HasPrefix(got, want) {
		t.Errorf("slug is %q, want it to begin with %q", got, want)
	}
}
