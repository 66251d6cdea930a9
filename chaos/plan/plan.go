package plan

import (
	"fmt"
	"strings"
	"time"

	"github.com/jobproof/jobproof/chaos/catalogue"
	"github.com/jobproof/jobproof/chaos/pods"
)

// Within is how long a step waits for its trigger, and an end is waited for, if they do not say otherwise: up to three failures
// hold their replacements back for 70 s (10 s, 20 s, 40 s: DefaultJobPodFailureBackOff,
// pkg/controller/job/job_controller.go:77), the Job controller retries within 1 min (MaxJobApiBackOff, line 75 there), and the
// rest is for a busy machine: with a hundred processes on two cores pods took three minutes to start.
const Within = 5 * time.Minute

// Plan is Jobs, what is to go wrong with them and when, and what they must come to. Tasks of its Jobs that wait at a gate
// (fixtures/jobs) wait until a step releases them or, in Jobs that are to complete, until all steps are confirmed.
type Plan struct {
	// Name is that of its file, without .yaml.
	Name string `yaml:"plan"`
	// Says is what it is about, in one sentence.
	Says string `yaml:"says"`
	// Seed and Profile are those of Make; 0 and "" for a plan that was written by hand.
	Seed    uint64  `yaml:"seed,omitempty"`
	Profile Profile `yaml:"profile,omitempty"`
	// Thorough leaves the plan out of a run that is not told to be: what it shows, another plan or spec shows in part.
	Thorough bool `yaml:"thorough,omitempty"`
	// Claims are what Ends prove.
	Claims []string `yaml:"claims,flow"`
	// Jobs are manifests of fixtures/jobs, applied in that order.
	Jobs  []string `yaml:"jobs"`
	Steps []Step   `yaml:"steps"`
	Ends  []End    `yaml:"ends"`

	file  string         // "" if it was not read from one
	lines map[string]int // of the values of the file, by path: steps[0].when.job
}

// Step is one fault, or one act of a user, and when it comes.
type Step struct {
	When Trigger `yaml:"when,flow"`
	// After is the number of an earlier step, from 1: this one waits for its trigger only once that one is confirmed.
	After int `yaml:"after,omitempty"`
	// Exactly one of Fault, a name of the catalogue, and Act is set.
	Fault string    `yaml:"fault,omitempty"`
	Act   ActName   `yaml:"act,omitempty"`
	At    *Selector `yaml:"at,flow,omitempty"`
	// With are the parameters of the fault or the act.
	With map[string]string `yaml:"with,flow,omitempty"`
	// Until is when the fault is healed; nil means once the ends are reached.
	Until *Trigger `yaml:"until,flow,omitempty"`
	// Within bounds the waits for When and for Until; 0 means the constant Within.
	Within Duration `yaml:"within,omitempty"`
}

// Trigger is what a step waits for. Exactly one of Pod, Status, Condition, Done, Is, Quiet and Elapsed is set.
type Trigger struct {
	// Job is the name of a Job of the plan, which all but Elapsed and a node's Is are about.
	Job string `yaml:"job,omitempty"`
	// Pod: pods of the Job are, or become, so. Nth is how many different ones, counted since the step began to wait; 0 means 1.
	Index *int       `yaml:"index,omitempty"`
	Pod   pods.Phase `yaml:"pod,omitempty"`
	Nth   int        `yaml:"nth,omitempty"`
	// Status: the field of the Job's status is at least AtLeast, of which 0 means 1, or has as many entries.
	Status  string `yaml:"status,omitempty"`
	AtLeast int    `yaml:"atLeast,omitempty"`
	// Condition: the Job has that condition, True.
	Condition string `yaml:"condition,omitempty"`
	// Done: so many of a hundred completions have succeeded, counted or about to be.
	Done Percent `yaml:"done,omitempty"`
	// Is: the Job is running, suspended, finished or gone; or the node is Ready or NotReady.
	Node string `yaml:"node,omitempty"`
	Is   string `yaml:"is,omitempty"`
	// Quiet: the Job is not finished and not suspended, has counted a failure and has no active pod: it backs off.
	Quiet bool `yaml:"quiet,omitempty"`
	// Elapsed: so long ago the step of After was confirmed, or the Jobs were applied. Of Until: this step was confirmed.
	Elapsed Duration `yaml:"elapsed,omitempty"`
}

// Selector says what a step hits. It is looked for in the very version of the objects that the trigger fired on.
type Selector struct {
	Job   string     `yaml:"job,omitempty"`
	Index *int       `yaml:"index,omitempty"`
	Pod   pods.Phase `yaml:"pod,omitempty"`
	// Count is how many pods, the oldest first; 0 means 1.
	Count Count `yaml:"count,omitempty"`
	// Node is "victim", the node that is borrowed for the plan.
	Node string `yaml:"node,omitempty"`
}

// End is what a Job must come to once all steps are confirmed. Every field that is set must hold, all at one moment but for
// Created, which is asked about the whole history.
type End struct {
	Job string `yaml:"job"`
	// Condition is one that the Job has, True; Reason is that condition's.
	Condition string `yaml:"condition,omitempty"`
	Reason    string `yaml:"reason,omitempty"`
	// Succeeded and Failed are what it counts.
	Succeeded *int `yaml:"succeeded,omitempty"`
	Failed    *int `yaml:"failed,omitempty"`
	// Indexes are status.completedIndexes, as in 0-4,7.
	Indexes *string `yaml:"completedIndexes,omitempty"`
	// Created is how many pods it ever had.
	Created *int `yaml:"created,omitempty"`
	// Gone means that the Job and its pods do not exist any more.
	Gone bool `yaml:"gone,omitempty"`
	// Within bounds the wait for it; 0 means the constant Within.
	Within Duration `yaml:"within,omitempty"`
}

// Victim is the one node that plans know by name: that which is borrowed for the plan.
const Victim = "victim"

// Serial reports whether a fault of the plan hits what all specs share.
func (p *Plan) Serial() bool { return p.any(func(k catalogue.Kind) bool { return k.Serial }) }

// Anywhere reports whether the plan may be conducted on a cluster that jobproof did not make.
func (p *Plan) Anywhere() bool {
	return !p.NeedsVictim() && !p.any(func(k catalogue.Kind) bool { return !k.Anywhere })
}

// NeedsVictim reports whether the plan needs a node that may be broken.
func (p *Plan) NeedsVictim() bool {
	for _, step := range p.Steps {
		if step.When.Node != "" || step.Until != nil && step.Until.Node != "" {
			return true
		}
	}
	return p.any(func(k catalogue.Kind) bool { return k.On == catalogue.OnNode })
}

// any reports whether a fault of the plan is so.
func (p *Plan) any(is func(catalogue.Kind) bool) bool {
	for _, step := range p.Steps {
		if kind, err := catalogue.Find(step.Fault); step.Fault != "" && err == nil && is(kind) {
			return true
		}
	}
	return false
}

// At says where something of the plan stands: file and line, or its path in a plan that has no file.
func (p *Plan) At(path string) string {
	if p.file == "" {
		return strings.TrimSuffix(fmt.Sprintf("plan %s: %s", p.Name, path), ": ")
	}
	return fmt.Sprintf("%s:%d", p.file, p.line(path))
}

// line is that of the value at a path, or of the nearest that it is part of.
func (p *Plan) line(path string) int {
	for {
		if line := p.lines[path]; line > 0 {
			return line
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return 1
		}
		path = path[:cut]
	}
}

func (p *Plan) within(limit Duration) time.Duration {
	if limit == 0 {
		return Within
	}
	return time.Duration(limit)
}

// selector is what the step hits: At, or else what its trigger is about.
func (s *Step) selector() Selector {
	if s.At != nil {
		return *s.At
	}
	return Selector{Job: s.When.Job, Index: s.When.Index}
}

// does is the fault or the act.
func (s *Step) does() string { return s.Fault + string(s.Act) }
