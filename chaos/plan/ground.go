package plan

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/reports/history"
)

// Ground is where a plan is conducted: its Jobs are applied, and somebody watches. Its methods are called from several
// goroutines at once.
type Ground interface {
	// Await returns when holds is true; it is asked after every version of an object, as by history.Recorder.
	Await(ctx context.Context, holds func(*history.Live) bool) error
	// UID returns the uid of a Job of the plan.
	UID(job string) string
	// Victim returns the name of the node that is borrowed for the plan, or nothing.
	Victim() string
	// Inject injects a fault and returns once it is confirmed. What is not healed by then is healed by the ground in the end.
	Inject(ctx context.Context, fault chaos.Fault) (*chaos.Injected, error)
	// Act does what a user would, and returns once the watcher has seen it.
	Act(ctx context.Context, act Act) error
}

// Act is something that a user does, to a Job, or to pods of it.
type Act struct {
	Name ActName
	Job  string
	Pods []string
	With map[string]string
}

// Report is what became of a plan's steps, in their order.
type Report struct {
	Plan  string  `json:"plan"`
	Steps []Fired `json:"steps"`
}

// Fired is what became of a step.
type Fired struct {
	// Step counts from 1; Does is its fault or act.
	Step int    `json:"step"`
	Does string `json:"does"`
	// Fired is when its trigger came true, Saw what was seen then, and RV that object's resource version. They are zero if it
	// never came true.
	Fired time.Time `json:"fired,omitzero"`
	Saw   string    `json:"saw,omitempty"`
	RV    string    `json:"rv,omitempty"`
	// Targets are what it hit, in the words of kubectl, and Observed what confirms each fault.
	Targets  []string `json:"targets,omitempty"`
	Observed []string `json:"observed,omitempty"`
	// Confirmed and Healed are zero if it did not come to that.
	Confirmed time.Time `json:"confirmed,omitzero"`
	Healed    time.Time `json:"healed,omitzero"`
}

// String tells the report, a line a step.
func (r Report) String() string {
	var b strings.Builder
	for _, s := range r.Steps {
		fmt.Fprintf(&b, "step %d %s: ", s.Step, s.Does)
		if s.Fired.IsZero() {
			fmt.Fprintln(&b, "did not fire")
			continue
		}
		fmt.Fprintf(&b, "fired at %s, when %s", s.Fired.Format("15:04:05.000"), s.Saw)
		if s.RV != "" {
			fmt.Fprintf(&b, " (rv %s)", s.RV)
		}
		fmt.Fprintf(&b, "; on %s", strings.Join(s.Targets, ", "))
		switch {
		case s.Confirmed.IsZero():
			fmt.Fprint(&b, "; not confirmed")
		default:
			fmt.Fprintf(&b, "; confirmed after %v", s.Confirmed.Sub(s.Fired).Round(time.Millisecond))
		}
		if len(s.Observed) > 0 {
			fmt.Fprintf(&b, ": %s", strings.Join(s.Observed, "; "))
		}
		if !s.Healed.IsZero() {
			fmt.Fprintf(&b, "; healed at %s", s.Healed.Format("15:04:05.000"))
		}
		fmt.Fprintln(&b)
	}
	return b.String()
}
