package verdict

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jobproof/jobproof/fixtures/claims"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// statements is a registry of its own, so that a change of wording in the real one changes no golden file.
type statements map[string]claims.Claim

func (s statements) Get(id string) (claims.Claim, bool) {
	c, found := s[id]
	return c, found
}

var registry = statements{
	"J-104": {Statement: "A Job that was created suspended has no pods, and kubectl finds none.", Truth: claims.Holds},
	"J-108": {Statement: "When a Job is resumed, its pod is created.", Truth: claims.Holds},
	"J-151": {Statement: "Three pods.", Truth: claims.Wrong, Instead: "Exactly two pods come, as if parallelism were 2."},
	"J-192": {Statement: "One condition.", Truth: claims.Outdated, Instead: "Two conditions."},
	"J-039": {Statement: "A Job replaces a pod whose node fails.", Truth: claims.Holds},
	"J-166": {Statement: "The task gets done although pods or nodes fail.", Truth: claims.Holds},
	"J-300": {Statement: "Every pod has the label job-name.", Truth: claims.Holds},
}

// mixed is a run in which everything happens that a table can show.
func mixed() Summary {
	const noNodes = "this cluster's nodes may not be killed; make e2e without CLUSTER=existing does that"
	return Summarize(
		Plan{Specs: []Planned{{Spec: "Deadline ends the Job as a whole", Section: "deadlines", Claims: []string{"J-192"}}}},
		[]Result{
			{
				Spec: "Suspension keeps pods away until the Job is resumed", Section: "suspension",
				History: "histories/suspension-keeps-pods-away-until-the-job-is-resumed-0123abcd.jsonl", Failure: "J-104",
				Claims: []ClaimResult{
					{ID: "J-104", Verdict: Refuted, Because: "pod demo-suspend-x7k2p was created 0.4 s after the Job,\n" +
						"while spec.suspend was still true, and nobody had resumed it"},
					{ID: "J-108", Verdict: Proven},
				},
			},
			{
				Spec: "Completions creates no more pods than there are completions", Section: "completions",
				History: "histories/completions.jsonl",
				Claims:  []ClaimResult{{ID: "J-151", Verdict: Proven}, {ID: "J-300", Verdict: Proven}},
			},
			{
				Spec: "Node failure is survived", Section: "failures",
				Claims: []ClaimResult{
					{ID: "J-039", Verdict: NotExercised, Because: noNodes},
					{ID: "J-166", Verdict: NotExercised, Because: noNodes},
				},
			},
			{
				Spec: "Labels are set", Section: "lifecycle",
				Failure: "the namespace could not be deleted: context deadline exceeded",
				History: "histories/labels.jsonl", Claims: []ClaimResult{{ID: "J-300", Verdict: Proven}},
			},
		})
}

func TestTable(t *testing.T) {
	proven := Summarize(Plan{}, []Result{{Spec: "Suspension keeps pods away", Claims: []ClaimResult{claim("J-108", Proven)}}})
	tests := map[string]struct {
		summary Summary
		width   int
		colour  bool
	}{
		"mixed-80":       {mixed(), 80, false},
		"mixed-140":      {mixed(), 140, false},
		"mixed-narrow":   {mixed(), 1, false},
		"mixed-coloured": {mixed(), 100, true},
		"all-proven":     {proven, 80, false},
		"no-cluster":     {NoCluster("no container engine answers"), 80, false},
		"nothing":        {Summarize(Plan{}, nil), 80, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := Table(&got, test.summary, registry, test.width, test.colour); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got.String(), want)
			}
		})
	}
}

func TestTableIsWorstFirstAndWithinItsWidth(t *testing.T) {
	for _, columns := range []int{60, 79, 80, 81, 120, 200} {
		var out bytes.Buffer
		if err := Table(&out, mixed(), registry, columns, false); err != nil {
			t.Fatal(err)
		}
		var ranks []int
		for line := range strings.Lines(out.String()) {
			line = strings.TrimRight(line, "\n")
			if length(line) > columns && !strings.Contains(line, "histories/") {
				t.Errorf("%d columns in %q", length(line), line)
			}
			if strings.TrimRight(line, " ") != line {
				t.Errorf("%q ends with a space", line)
			}
			if fields := strings.Fields(line); len(fields) > 1 && (strings.HasPrefix(fields[0], "J-") || fields[0] == "-") {
				v := Verdict(fields[1])
				if v == "not" {
					v = NotExercised
				}
				ranks = append(ranks, v.rank())
			}
		}
		slices.Reverse(ranks)
		if len(ranks) != 8 || !slices.IsSorted(ranks) {
			t.Errorf("at %d columns the rows, from the last to the first, have the ranks %v", columns, ranks)
		}
	}
}

// What makes a run fail must stand in its table, also where no claim shows it.
func TestTableShowsWhyARunIsNotProven(t *testing.T) {
	for name, r := range map[string]Result{
		"a spec without claims":           {Spec: "x"},
		"a spec that only failed":         {Spec: "x", Failure: "panic"},
		"a spec that failed afterwards":   {Spec: "x", Failure: "panic", Claims: []ClaimResult{claim("J-104", Proven)}},
		"a spec that skipped and failed":  {Spec: "x", Failure: "panic", Claims: []ClaimResult{claim("J-104", NotExercised)}},
		"a spec with an unknown verdict":  {Spec: "x", Claims: []ClaimResult{{ID: "J-104", Verdict: "passed"}}},
		"a spec that gives no reason":     {Spec: "x", Claims: []ClaimResult{{ID: "J-104", Verdict: Refuted}}},
		"a spec that was not exercised":   {Spec: "x", Claims: []ClaimResult{claim("J-104", NotExercised)}},
		"a spec that never got a cluster": {Spec: "x", Claims: []ClaimResult{claim("J-104", Infra)}},
	} {
		s := Summarize(Plan{}, []Result{r})
		var out bytes.Buffer
		if err := Table(&out, s, registry, 80, false); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "  "+string(s.Overall)+"  ") || !strings.Contains(out.String(), "because ") {
			t.Errorf("%s is %q, but the table says\n%s", name, s.Overall, out.String())
		}
	}
}

func TestOnlyProvenIsGreen(t *testing.T) {
	const green = "\x1b[32m"
	for _, v := range append(slices.Clone(all), "", "passed") {
		s := Summarize(Plan{}, []Result{result("a", claim("J-104", v))})
		for _, colour := range []bool{true, false} {
			var out bytes.Buffer
			if err := Table(&out, s, registry, 80, colour); err != nil {
				t.Fatal(err)
			}
			if got, want := strings.Contains(out.String(), green), colour && v == Proven; got != want {
				t.Errorf("%q, colour %t: green is %t", v, colour, got)
			}
			if !colour && strings.Contains(out.String(), "\x1b") {
				t.Errorf("%q has colour although none was asked for", v)
			}
		}
	}
}

func TestTableShowsHostileTextHarmlessly(t *testing.T) {
	s := Summarize(Plan{}, []Result{{
		Spec: "a\x1b[2J\nb", Section: "s", History: "h\x1b]0;x\a.jsonl",
		Claims: []ClaimResult{{ID: "J\x1b-1", Verdict: Refuted, Because: "\x1b[32mproven\x1b[0m\nJ-104  proven"}},
	}})
	var out bytes.Buffer
	if err := Table(&out, s, registry, 80, false); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(out.String(), "\x1b\a") || strings.Contains(out.String(), "\nJ-104") {
		t.Errorf("got %q", out.String())
	}
}

func TestTableReturnsTheWritersError(t *testing.T) {
	broken := errors.New("disk full")
	if err := Table(failing{broken}, mixed(), registry, 80, false); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
