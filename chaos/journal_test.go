package chaos

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// note writes an entry whose undo is one command on a node.
func note(t *testing.T, journal *Journal, f Fault, command string) *Entry {
	t.Helper()
	entry, err := journal.write(f, Undo{{Exec: &Exec{Node: "worker3", Command: []string{command}}}})
	if err != nil {
		t.Fatal(err)
	}
	return entry
}

// silent hears what is said of a healing and does not repeat it.
func silent(string, ...any) {}

func TestAnEntryHalfWrittenIsIgnored(t *testing.T) {
	site, fault, _, _ := place(t)
	note(t, site.Journal, fault, "mend")
	half := filepath.Join(site.Journal.dir, ".20260102-040405.000006-123")
	if err := os.WriteFile(half, []byte(`{"fault": "kill-no`), 0o644); err != nil {
		t.Fatal(err)
	}
	if entries := open(t, site.Journal); len(entries) != 1 || entries[0].Undo[0].Exec.Command[0] != "mend" {
		t.Errorf("open are %+v", entries)
	}
}

func TestADamagedEntryIsAnErrorThatNamesTheFile(t *testing.T) {
	site, _, _, _ := place(t)
	if err := os.WriteFile(filepath.Join(site.Journal.dir, "20260102-040405.000006-123.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := site.Journal.Open(); err == nil || !strings.Contains(err.Error(), "20260102-040405.000006-123.json") {
		t.Errorf("error is %v", err)
	}
}

func TestFaultsAreUndoneTheLatestFirst(t *testing.T) {
	site, fault, told, _ := place(t)
	for i := range 3 {
		note(t, site.Journal, fault, fmt.Sprintf("mend-%d", i))
	}
	undone, err := site.Journal.Heal(t.Context(), silent)
	if err != nil || len(undone) != 3 {
		t.Fatalf("undone %+v, error %v", undone, err)
	}
	if want := "exec worker3 mend-2\nexec worker3 mend-1\nexec worker3 mend-0\n"; told() != want {
		t.Errorf("the engine was told\n%swant\n%s", told(), want)
	}
	if left := open(t, site.Journal); len(left) != 3 {
		t.Errorf("%d entries are open before they are struck out", len(left))
	}
	if err := site.Journal.Strike(undone); err != nil || len(open(t, site.Journal)) != 0 {
		t.Errorf("error %v, open %+v", err, open(t, site.Journal))
	}
}

func TestMachinesAreMendedBeforeTheAPIIsAsked(t *testing.T) {
	site, fault, told, _ := place(t)
	note(t, site.Journal, fault, "mend-api-server")
	if _, err := site.Journal.write(fault, Undo{{Delete: &Object{Version: "v1", Resource: "pods", Namespace: "jp-x", Name: "p"}}}); err != nil {
		t.Fatal(err)
	}
	config, err := site.Cluster.RESTConfig()
	if err != nil {
		t.Fatal(err)
	}
	config.Timeout = answersWithin
	entries := open(t, site.Journal)
	left := []Undo{entries[0].Undo, entries[1].Undo}
	err = site.Journal.round(t.Context(), config, entries, left)
	if err == nil || !strings.Contains(err.Error(), "delete pods p") { // nobody listens there
		t.Errorf("error is %v", err)
	}
	if told() != "exec worker3 mend-api-server\n" || len(left[0]) != 1 || len(left[1]) != 0 {
		t.Errorf("the engine was told %q; left are %+v", told(), left)
	}
}

func TestWhatFailsIsDoneAgain(t *testing.T) {
	site, fault, told, fails := place(t)
	note(t, site.Journal, fault, "mend")
	fails(true)
	entries := open(t, site.Journal)
	left := []Undo{entries[0].Undo}
	for i, want := range []int{1, 0} {
		if i == 1 {
			fails(false)
		}
		err := site.Journal.round(t.Context(), nil, entries, left)
		if len(left[0]) != want || (err != nil) != (want > 0) {
			t.Errorf("round %d: %d actions are left, error %v", i, len(left[0]), err)
		}
	}
	if strings.Count(told(), "mend") != 2 {
		t.Errorf("the engine was told %q", told())
	}
}
