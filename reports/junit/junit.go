package junit

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jobproof/jobproof/reports/verdict"
)

// The case that stands for a run without specs.
const (
	runSection = "run"
	runName    = "There are specs to run"
)

// Write writes the summary as JUnit XML. The facts about the cluster become properties of each suite, sorted by name.
// started and took are those of the whole run. Any text gives valid XML: what XML cannot hold, such as control characters
// and invalid UTF-8, is written as U+FFFD. The error is that of w.
func Write(w io.Writer, s verdict.Summary, facts map[string]string, started time.Time, took time.Duration) error {
	all := testsuites{Name: "jobproof", Timestamp: stamp(started), Time: seconds(took.Seconds())}
	for _, suite := range append(suites(s), invariants(s)...) {
		suite.Timestamp = all.Timestamp
		for _, name := range slices.Sorted(maps.Keys(facts)) {
			suite.Properties = append(suite.Properties, property{name, facts[name]})
		}
		all.counts.add(suite.counts)
		all.Suites = append(all.Suites, suite)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write JUnit XML: %w", err)
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return fmt.Errorf("write JUnit XML: %w", err)
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return fmt.Errorf("write JUnit XML: %w", err)
	}
	return nil
}

// suites makes a suite of each section, in the order of the summary.
func suites(s verdict.Summary) []testsuite {
	specs := s.Specs
	if len(specs) == 0 {
		specs = []verdict.SpecSummary{{
			Result:  verdict.Result{Spec: runName, Section: runSection, Failure: cmp.Or(s.Because, "there are none")},
			Verdict: verdict.Worst(s.Overall, verdict.Inconclusive),
		}}
	}
	var suites []testsuite
	spent := 0.0
	for i, spec := range specs {
		if i == 0 || specs[i-1].Section != spec.Section {
			suites = append(suites, testsuite{Name: spec.Section})
			spent = 0
		}
		suite := &suites[len(suites)-1]
		c := newCase(spec)
		suite.counts.add(c.counts())
		suite.Cases = append(suite.Cases, c)
		spent += spec.Seconds
		suite.Time = seconds(spent)
	}
	return suites
}

// newCase makes the case of a spec.
func newCase(spec verdict.SpecSummary) testcase {
	c := testcase{
		Name: spec.Spec, Class: "jobproof." + spec.Section, File: spec.File, Time: seconds(spec.Seconds),
		Properties: properties(spec),
	}
	if spec.Verdict != verdict.Proven {
		c.tell(spec.Verdict, reasons(spec))
	}
	return c
}

// tell makes a case say that it is not proven, and why, the first line in short. It says nothing of what is proven.
func (c *testcase) tell(v verdict.Verdict, because []string) {
	told := &outcome{Message: because[0], Type: string(v), Text: strings.Join(because, "\n")}
	switch v {
	case verdict.Proven:
	case verdict.Refuted:
		c.Failure = told
	case verdict.NotExercised:
		c.Skipped = told
	default:
		c.Error = told
	}
}

// invariants makes a suite of what the judge asked of every history, a case for each invariant; nothing if no history was
// judged.
func invariants(s verdict.Summary) []testsuite {
	if !slices.ContainsFunc(s.Specs, func(spec verdict.SpecSummary) bool { return spec.Judgement != nil }) {
		return nil
	}
	suite := testsuite{Name: "invariants", Time: seconds(0)}
	for _, inv := range s.Invariants {
		c := testcase{Name: inv.ID + " " + inv.Says, Class: "jobproof.invariants", Time: seconds(0), Properties: []property{
			{"verdict", string(inv.Verdict)}, {"moments", strconv.Itoa(inv.Moments)}, {"histories", strconv.Itoa(inv.Histories)},
		}}
		c.tell(inv.Verdict, found(inv))
		suite.counts.add(c.counts())
		suite.Cases = append(suite.Cases, c)
	}
	return []testsuite{suite}
}

// found says why an invariant is not proven: each finding on a line.
func found(inv verdict.InvariantSummary) []string {
	if len(inv.Findings) == 0 {
		return []string{inv.Because()}
	}
	var lines []string
	for _, f := range inv.Findings {
		lines = append(lines, fmt.Sprintf("%s (%s, line %d, of %q)", f.Finding, f.History, f.Line, f.Spec))
	}
	return lines
}

// properties says what a spec was to show and what became of it: of the spec, then of each of its claims.
func properties(spec verdict.SpecSummary) []property {
	var ids []string
	for _, c := range spec.Claims {
		ids = append(ids, c.ID)
	}
	p := []property{{"claims", strings.Join(ids, " ")}, {"verdict", string(spec.Verdict)}}
	if spec.History != "" {
		p = append(p, property{"history", spec.History})
	}
	if spec.Transcript != "" {
		p = append(p, property{"transcript", spec.Transcript})
	}
	if spec.Requests > 0 {
		p = append(p, property{"requests", strconv.Itoa(spec.Requests)})
	}
	for _, c := range spec.Claims {
		p = append(p, property{"verdict of " + c.ID, string(c.Verdict)})
	}
	return p
}

// reasons says why a spec is not proven, the claims that decided first. There is at least one line: either a claim has
// the spec's verdict or the spec explains itself.
func reasons(spec verdict.SpecSummary) []string {
	var lines []string
	if !spec.Explained() {
		lines = append(lines, spec.Because())
	}
	claims := slices.Clone(spec.Claims)
	slices.SortStableFunc(claims, func(a, b verdict.ClaimResult) int { return verdict.Compare(b.Verdict, a.Verdict) })
	for _, c := range claims {
		if c.Verdict == verdict.Proven {
			continue
		}
		line := fmt.Sprintf("%s is %s: %s", c.ID, c.Verdict, cmp.Or(c.Because, "no reason was given"))
		if evidence := cmp.Or(c.Evidence, spec.History); evidence != "" && c.Verdict != verdict.NotExercised {
			line += " (" + evidence + ")"
		}
		lines = append(lines, line)
	}
	if spec.Judgement != nil {
		for _, f := range slices.Concat(spec.Judgement.Broken, spec.Judgement.Unsure) {
			lines = append(lines, fmt.Sprintf("%s %s: %s (%s)", f.Invariant, f.Says, f, spec.History))
		}
	}
	told := slices.ContainsFunc(claims, func(c verdict.ClaimResult) bool { return c.Because == spec.Failure })
	if spec.Failure != "" && spec.Explained() && !told {
		lines = append(lines, "", spec.Failure) // the whole of it, as the terminal showed it
	}
	return lines
}
