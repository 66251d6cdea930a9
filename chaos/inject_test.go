package chaos

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jobproof/jobproof/fixtures/cluster"
)

// fake is a fault that notes what is done to it. It is in effect once injected, and Confirm sees that.
type fake struct {
	t        *testing.T
	site     *Site
	undo     Undo
	inert    bool // Inject does nothing
	refused  error
	atInject []*Entry // the journal when it was injected
	effect   bool
	healed   int
}

func (f *fake) Name() string   { return "break-something" }
func (f *fake) Target() string { return "node/worker3" }

func (f *fake) Bounds() Bounds {
	return Bounds{Confirm: 50 * time.Millisecond, Heal: time.Second, Origin: "a test"}
}

func (f *fake) Arm(context.Context, *Site) (Undo, error) { return f.undo, nil }

func (f *fake) Inject(context.Context, *Site) error {
	f.t.Helper()
	f.atInject = open(f.t, f.site.Journal)
	f.effect = !f.inert
	return f.refused
}

func (f *fake) Confirm(ctx context.Context, _ *Site) (string, error) {
	if f.effect {
		return "the test saw it", nil
	}
	<-ctx.Done()
	return "", ctx.Err()
}

func (f *fake) Healed(context.Context, *Site) error {
	f.healed++
	return nil
}

// machines is a cluster made here whose engine is a script: it appends to a file what it is told, and fails as long as
// another file is there.
func machines(t *testing.T) (c *cluster.Cluster, told func() string, fails func(bool)) {
	t.Helper()
	dir := t.TempDir()
	log, broken := filepath.Join(dir, "log"), filepath.Join(dir, "broken")
	script := "#!/bin/sh\necho \"$*\" >> " + log + "\ntest ! -e " + broken + "\n"
	if err := os.WriteFile(filepath.Join(dir, "engine"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	t.Setenv("XDG_CACHE_HOME", dir)
	told = func() string {
		text, err := os.ReadFile(log)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		return string(text)
	}
	fails = func(is bool) {
		var err error
		if is {
			err = os.WriteFile(broken, nil, 0o644)
		} else {
			err = os.Remove(broken)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	kubeconfig := filepath.Join(dir, "kubeconfig")
	text := "apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]\n" +
		"contexts: [{name: c, context: {cluster: c, user: u}}]\ncurrent-context: c\nusers: [{name: u, user: {}}]\n"
	if err := os.WriteFile(kubeconfig, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return &cluster.Cluster{Name: "jobproof-test", Made: true, Engine: "engine", Kubeconfig: kubeconfig}, told, fails
}

// place is a site of such a cluster, and a fault for it.
func place(t *testing.T) (*Site, *fake, func() string, func(bool)) {
	t.Helper()
	c, told, fails := machines(t)
	journal, err := OpenJournal(c)
	if err != nil {
		t.Fatal(err)
	}
	site := &Site{Cluster: c, Journal: journal}
	return site, &fake{t: t, site: site, undo: Undo{{Exec: &Exec{Node: "worker3", Command: []string{"mend"}}}}}, told, fails
}

func open(t *testing.T, journal *Journal) []*Entry {
	t.Helper()
	entries, err := journal.Open()
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func TestTheUndoIsInTheJournalBeforeTheFaultIsInjected(t *testing.T) {
	site, fault, told, _ := place(t)
	injected, err := Inject(t.Context(), site, fault)
	if err != nil {
		t.Fatal(err)
	}
	if len(fault.atInject) != 1 || fault.atInject[0].Undo[0].Exec.Command[0] != "mend" || fault.atInject[0].Cluster.Name != "jobproof-test" {
		t.Errorf("the journal held %+v when the fault was injected", fault.atInject)
	}
	if injected.Confirmed.IsZero() || injected.Observed != "the test saw it" || told() != "" {
		t.Errorf("after the injection: %+v, and the engine was told %q", injected.Hit, told())
	}
	for range 2 { // the second time does nothing
		if err := injected.Heal(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if told() != "exec worker3 mend\n" || fault.healed != 1 || !injected.Over() || injected.Healed.IsZero() {
		t.Errorf("the engine was told %q, and the fault was seen healed %d times", told(), fault.healed)
	}
	if left := open(t, site.Journal); len(left) != 0 {
		t.Errorf("the journal still holds %+v", left)
	}
}

func TestAFaultThatNobodySeesIsUndone(t *testing.T) {
	site, fault, told, _ := place(t)
	fault.inert = true
	injected, err := Inject(t.Context(), site, fault)
	if !errors.Is(err, ErrUnconfirmed) || !strings.Contains(err.Error(), "a test") {
		t.Errorf("error is %v", err)
	}
	if !injected.Confirmed.IsZero() || !injected.Over() || told() != "exec worker3 mend\n" || len(open(t, site.Journal)) != 0 {
		t.Errorf("%+v; the engine was told %q", injected.Hit, told())
	}
}

func TestAFaultThatCannotBeInjectedIsUndone(t *testing.T) {
	site, fault, told, _ := place(t)
	fault.refused = errors.New("no such device")
	injected, err := Inject(t.Context(), site, fault)
	if err == nil || !strings.Contains(err.Error(), "no such device") || errors.Is(err, ErrUnconfirmed) {
		t.Errorf("error is %v", err)
	}
	if !injected.Over() || told() != "exec worker3 mend\n" || len(open(t, site.Journal)) != 0 {
		t.Errorf("%+v; the engine was told %q", injected.Hit, told())
	}
}

func TestANullFaultIsNeverInjectedNorConfirmed(t *testing.T) {
	site, fault, _, _ := place(t)
	site.Null = true
	if _, err := Inject(t.Context(), site, fault); !errors.Is(err, ErrUnconfirmed) {
		t.Errorf("error is %v", err)
	}
	if fault.effect || len(open(t, site.Journal)) != 0 {
		t.Error("it was injected, or left in the journal")
	}
}

func TestAFaultThatCannotBeUndoneStaysInTheJournal(t *testing.T) {
	site, fault, _, fails := place(t)
	injected, err := Inject(t.Context(), site, fault)
	if err != nil {
		t.Fatal(err)
	}
	fails(true)
	if err := injected.Heal(t.Context()); err == nil || injected.Over() || len(open(t, site.Journal)) != 1 {
		t.Errorf("error is %v, over is %t", err, injected.Over())
	}
	fails(false)
	if err := injected.Heal(t.Context()); err != nil || !injected.Over() || len(open(t, site.Journal)) != 0 {
		t.Errorf("error is %v, over is %t", err, injected.Over())
	}
}

func TestAFaultWithoutUndoLeavesNoEntry(t *testing.T) {
	site, fault, told, _ := place(t)
	fault.undo = nil
	injected, err := Inject(t.Context(), site, fault)
	if err != nil || len(fault.atInject) != 0 {
		t.Errorf("error %v, journal %+v", err, fault.atInject)
	}
	if err := injected.Heal(t.Context()); err != nil || told() != "" || fault.healed != 1 {
		t.Errorf("error %v, the engine was told %q", err, told())
	}
}
