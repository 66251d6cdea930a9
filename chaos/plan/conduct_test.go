package plan

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/reports/history"
)

// fakeGround shows one state after the other, and notes what is done to it.
type fakeGround struct {
	mu      sync.Mutex
	live    *history.Live
	changed chan struct{}
	did     []string
	refuses error // what Inject and Act say
}

func newGround(l *history.Live) *fakeGround {
	return &fakeGround{live: l, changed: make(chan struct{})}
}

// show makes this the state that there is.
func (g *fakeGround) show(l *history.Live) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.live = l
	close(g.changed)
	g.changed = make(chan struct{})
}

func (g *fakeGround) Await(ctx context.Context, holds func(*history.Live) bool) error {
	for {
		g.mu.Lock()
		is, changed := holds(g.live), g.changed
		g.mu.Unlock()
		if is {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

func (g *fakeGround) UID(job string) string { return "uid-" + job }
func (g *fakeGround) Victim() string        { return "worker3" }

func (g *fakeGround) Inject(_ context.Context, fault chaos.Fault) (*chaos.Injected, error) {
	return &chaos.Injected{Hit: chaos.Hit{Fault: fault.Name(), Target: fault.Target(), Observed: "it was seen"}}, g.note(fault.Name() + " " + fault.Target())
}

func (g *fakeGround) Act(_ context.Context, act Act) error {
	return g.note(fmt.Sprintf("%s %s", act.Name, strings.Join(act.targets(), " ")))
}

func (g *fakeGround) note(what string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.did = append(g.did, what)
	return g.refuses
}

// done waits until so many things were done.
func (g *fakeGround) done(t *testing.T, n int) []string {
	t.Helper()
	for range 2000 {
		g.mu.Lock()
		did := slices.Clone(g.did)
		g.mu.Unlock()
		if len(did) >= n {
			return did
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("only %q was done", g.did)
	return nil
}

func steps(t *testing.T, text string) *Plan {
	t.Helper()
	p, err := Parse("p.yaml", []byte("plan: p\nsays: It is conducted.\nclaims: [J-166]\njobs: [chaos.plan-indexed.yaml]\nsteps:\n"+text+
		"ends: [{job: indexed, condition: Complete}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestStepsFireWhenTheirTriggersComeTrue(t *testing.T) {
	p := steps(t, `
- when: {job: indexed, pod: Running, nth: 2}
  fault: delete-pod
  at: {job: indexed, pod: Running, count: all}
- when: {job: indexed, index: 0, pod: Running}
  act: release
  with: {code: "3"}
- when: {job: indexed, is: running}
  after: 1
  act: suspend
`)
	g := newGround(live(t, aJob("indexed", nil)))
	type outcome struct {
		report Report
		err    error
	}
	over := make(chan outcome)
	go func() {
		report, err := Conduct(t.Context(), p, g)
		over <- outcome{report, err}
	}()
	g.show(live(t, aJob("indexed", nil), aPod("indexed", "p1", 0)))
	if did := g.done(t, 1); !slices.Equal(did, []string{"release pod/p1"}) {
		t.Fatalf("with one pod %q was done", did)
	}
	g.show(live(t, aJob("indexed", nil), aPod("indexed", "p1", 0), aPod("indexed", "p2", 1)))
	o := <-over
	if o.err != nil {
		t.Fatal(o.err)
	}
	did := g.done(t, 4)
	slices.Sort(did[1:3])
	if want := []string{"release pod/p1", "delete-pod pod/p1", "delete-pod pod/p2", "suspend job/indexed"}; !slices.Equal(did, want) {
		t.Errorf("%q was done, want %q", did, want)
	}
	first := o.report.Steps[0]
	if first.Step != 1 || len(first.Targets) != 2 || first.Confirmed.IsZero() || first.RV != "200" || first.Observed[0] != "it was seen" {
		t.Errorf("%+v", first)
	}
	if text := o.report.String(); !strings.Contains(text, "step 1 delete-pod: fired at ") || !strings.Contains(text, "(rv 200)") {
		t.Errorf("the report is\n%s", text)
	}
}

func TestWhatCannotBeConductedNamesTheLine(t *testing.T) {
	for _, test := range []struct {
		text, says string
		refuses    error
	}{
		{"- when: {job: indexed, pod: Failed}\n  fault: delete-pod\n  within: 10ms\n",
			"p.yaml:6: step 1 (delete-pod): it waited 10ms for a pod of the Job indexed to be Failed, and that never came: it counts 0 active", nil},
		{"- when: {job: indexed, is: running}\n  fault: delete-pod\n  at: {job: indexed, index: 3, pod: Running}\n",
			"p.yaml:6: step 1 (delete-pod): when it fired, no pod of index 3 of the Job indexed was Running", nil},
		{"- when: {job: indexed, is: running}\n  fault: delete-pod\n  at: {job: indexed, pod: Running, count: 5}\n",
			"when it fired, fewer than 5 pods of the Job indexed were Running", nil},
		{"- when: {job: indexed, is: running}\n  fault: kill-node\n- when: {job: indexed, is: gone}\n  act: suspend\n- when: {job: indexed, is: running}\n  act: delete-job\n  after: 2\n",
			"p.yaml:6: step 1 (kill-node): " + chaos.ErrNotHere.Error(), chaos.ErrNotHere},
	} {
		g := newGround(live(t, aJob("indexed", nil), aPod("indexed", "p1", 0)))
		g.refuses = test.refuses
		_, err := Conduct(t.Context(), steps(t, test.text), g)
		if err == nil || !strings.Contains(err.Error(), test.says) || test.refuses != nil && !errors.Is(err, test.refuses) {
			t.Errorf("%v, want %q", err, test.says)
		}
	}
}

func TestElapsedCountsFromTheStepBefore(t *testing.T) {
	p := steps(t, "- when: {job: indexed, condition: Suspended}\n  act: suspend\n- when: {elapsed: 50ms}\n  after: 1\n  act: resume\n  at: {job: indexed}\n")
	g := newGround(live(t, aJob("indexed", nil)))
	time.AfterFunc(20*time.Millisecond, func() { g.show(live(t, aJob("indexed", condition(batchv1.JobSuspended)))) })
	report, err := Conduct(t.Context(), p, g)
	if err != nil {
		t.Fatal(err)
	}
	if waited := report.Steps[1].Fired.Sub(report.Steps[0].Confirmed); waited < 50*time.Millisecond {
		t.Errorf("it fired after %v", waited)
	}
}

func TestAPlanWithoutStepsIsOverAtOnce(t *testing.T) {
	p := steps(t, "")
	if len(p.Steps) > 0 {
		t.Fatal(p.Steps)
	}
	if report, err := Conduct(t.Context(), p, newGround(live(t))); err != nil || len(report.Steps) != 0 {
		t.Errorf("%+v, %v", report, err)
	}
}
