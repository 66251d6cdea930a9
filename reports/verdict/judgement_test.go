package verdict

import (
	"strings"
	"testing"
)

// A judgement may make a result worse and never better.
func TestJudgementAndClaimsMakeTheWorse(t *testing.T) {
	finding := Finding{Invariant: "P03", Says: "…", Object: "Job/demo", RV: 7, What: "3 pods are active"}
	judgements := map[Verdict]*Judgement{
		Proven:       {Held: map[string]int{"P03": 1}, Blocked: []Finding{finding}, Told: []Finding{finding}},
		Inconclusive: {Unsure: []Finding{finding}},
		Refuted:      {Unsure: []Finding{finding}, Broken: []Finding{finding}},
	}
	for _, c := range all {
		for judged, judgement := range judgements {
			for _, failure := range []string{"", "it failed"} {
				r := result("a", claim("J-001", c))
				r.Judgement, r.Failure = judgement, failure
				want := Worst(c, judged)
				if failure != "" {
					want = Worst(want, Inconclusive)
				}
				if got := r.Verdict(); got != want {
					t.Errorf("a claim that is %q, a judgement that is %q and the failure %q make %q, want %q", c, judged, failure, got, want)
				}
			}
		}
	}
}

func TestGapsAreNeverProven(t *testing.T) {
	if got := (Judgement{Gaps: 1}).Verdict(); got != Inconclusive {
		t.Errorf("got %q", got)
	}
	if got := (Judgement{Gaps: 1, Broken: []Finding{{}}}).Verdict(); got != Refuted {
		t.Errorf("with a breach: %q", got)
	}
}

func TestInvariantsAreSummedUpOverSpecs(t *testing.T) {
	breach := Finding{Invariant: "P03", Says: "Never more.", Object: "Job/demo", RV: 7, Line: 3, What: "3 pods are active"}
	doubt := Finding{Invariant: "S02", Says: "Never back.", Object: "Job/demo", What: "it went back", Because: "part of the history is missing"}
	a, b := result("a", claim("J-001", Proven)), result("b", claim("J-002", Proven))
	a.Judgement = &Judgement{Held: map[string]int{"P03": 2, "S01": 1}}
	b.Judgement = &Judgement{Held: map[string]int{"P03": 1}, Broken: []Finding{breach}, Unsure: []Finding{doubt}}
	b.Failure = "P03 is broken"
	s := Summarize(Plan{}, []Result{a, b}, Guarantee{"P03", "Never more."}, Guarantee{"L08", "It goes."})
	want := map[string]Verdict{"L08": NotExercised, "P03": Refuted, "S01": Proven, "S02": Inconclusive}
	for _, inv := range s.Invariants {
		if inv.Verdict != want[inv.ID] {
			t.Errorf("%s is %q, want %q", inv.ID, inv.Verdict, want[inv.ID])
		}
		delete(want, inv.ID)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
	if s.Overall != Refuted || s.ExitCode() != 1 {
		t.Errorf("overall %q, exit %d", s.Overall, s.ExitCode())
	}
	var table strings.Builder
	if err := Table(&table, s, registry, 120, false); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"P03", "Never more.", "3 pods are active (rv 7)", "histories/b.jsonl line 3", "1 broken, 1 unsure, 1 of 4 without an occasion"} {
		if !strings.Contains(table.String(), text) {
			t.Errorf("the table lacks %q:\n%s", text, table.String())
		}
	}
}
