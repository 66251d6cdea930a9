package verdict

import (
	"reflect"
	"testing"
)

// result makes the result of a spec in one section.
func result(spec string, claims ...ClaimResult) Result {
	return Result{Spec: spec, Section: "section", Claims: claims, History: "histories/" + spec + ".jsonl"}
}

func claim(id string, v Verdict) ClaimResult {
	c := ClaimResult{ID: id, Verdict: v}
	if v != Proven {
		c.Because = "it was " + string(v)
	}
	return c
}

func TestAClaimTakesTheWorstVerdictOfItsSpecs(t *testing.T) {
	for _, a := range all {
		for _, b := range all {
			s := Summarize(Plan{}, []Result{result("a", claim("J-001", a)), result("b", claim("J-001", b))})
			if got, want := s.Claims[0].Verdict, Worst(a, b); got != want {
				t.Errorf("%q and %q make %q, want %q", a, b, got, want)
			}
			if s.Overall != Worst(a, b) || (s.ExitCode() == 0) != (a == Proven && b == Proven) {
				t.Errorf("%q and %q: overall %q, exit code %d", a, b, s.Overall, s.ExitCode())
			}
			if len(s.Claims[0].Showings) != 2 {
				t.Errorf("%q and %q: showings %+v", a, b, s.Claims[0].Showings)
			}
		}
	}
}

func TestTheFirstOfTheWorstSpecsDecides(t *testing.T) {
	s := Summarize(Plan{}, []Result{
		result("c", claim("J-001", Refuted)),
		result("b", claim("J-001", Refuted)),
		result("a", claim("J-001", Proven)),
	})
	got := s.Claims[0]
	if got.Spec != "b" || got.Because != "it was refuted" || got.Evidence != "histories/b.jsonl" {
		t.Errorf("got %+v", got)
	}
}

func TestEvidenceOfAClaimComesBeforeTheHistory(t *testing.T) {
	c := claim("J-001", Refuted)
	c.Evidence = "histories/x.jsonl:12"
	if got := Summarize(Plan{}, []Result{result("a", c)}).Claims[0].Evidence; got != c.Evidence {
		t.Errorf("got %q", got)
	}
}

func TestNotExercisedSaysWhichSpecsProvedIt(t *testing.T) {
	skipped, proven := result("a", claim("J-001", NotExercised)), result("b", claim("J-001", Proven))
	s := Summarize(Plan{}, []Result{skipped, proven})
	if got, want := s.Claims[0].Because, "it was not exercised; 1 of its 2 specs proved it"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Summarize(Plan{}, []Result{skipped}).Claims[0].Because; got != "it was not exercised" {
		t.Errorf("alone: %q", got)
	}
}

func TestSummarizeHoldsResultsAgainstThePlan(t *testing.T) {
	plan := []Planned{
		{Spec: "a", Section: "section", Claims: []string{"J-001", "J-002"}},
		{Spec: "b", Section: "section", Claims: []string{"J-003"}},
	}
	tests := map[string]struct {
		planned []Planned
		results []Result
		claims  map[string]Verdict
		specs   map[string]Verdict
		exit    int
	}{
		"all as planned": {
			plan, []Result{result("a", claim("J-001", Proven), claim("J-002", Proven)), result("b", claim("J-003", Proven))},
			map[string]Verdict{"J-001": Proven, "J-002": Proven, "J-003": Proven},
			map[string]Verdict{"a": Proven, "b": Proven}, 0,
		},
		"a spec without a result": {
			plan, []Result{result("a", claim("J-001", Proven), claim("J-002", Proven))},
			map[string]Verdict{"J-001": Proven, "J-002": Proven, "J-003": Inconclusive},
			map[string]Verdict{"a": Proven, "b": Inconclusive}, 2,
		},
		"no result at all": {
			plan, nil,
			map[string]Verdict{"J-001": Inconclusive, "J-002": Inconclusive, "J-003": Inconclusive},
			map[string]Verdict{"a": Inconclusive, "b": Inconclusive}, 2,
		},
		"a claim that the result leaves out": {
			plan, []Result{result("a", claim("J-001", Proven)), result("b", claim("J-003", Proven))},
			map[string]Verdict{"J-001": Proven, "J-002": Inconclusive, "J-003": Proven},
			map[string]Verdict{"a": Inconclusive, "b": Proven}, 2,
		},
		"a refutation beside a spec without a result": {
			plan, []Result{result("a", claim("J-001", Refuted), claim("J-002", NotExercised))},
			map[string]Verdict{"J-001": Refuted, "J-002": NotExercised, "J-003": Inconclusive},
			map[string]Verdict{"a": Refuted, "b": Inconclusive}, 1,
		},
		"a spec that was not planned": {
			nil, []Result{result("c", claim("J-004", Refuted))},
			map[string]Verdict{"J-004": Refuted}, map[string]Verdict{"c": Refuted}, 1,
		},
		"a claim that was not planned": {
			plan[1:], []Result{result("b", claim("J-003", Proven), claim("J-004", Inconclusive))},
			map[string]Verdict{"J-003": Proven, "J-004": Inconclusive}, map[string]Verdict{"b": Inconclusive}, 2,
		},
		"a planned spec without claims that never ran": {
			[]Planned{{Spec: "d", Section: "section"}}, nil,
			map[string]Verdict{}, map[string]Verdict{"d": Inconclusive}, 2,
		},
		"a spec that failed although its claim was proven": {
			nil, []Result{{Spec: "e", Section: "section", Claims: []ClaimResult{claim("J-005", Proven)}, Failure: "no way back"}},
			map[string]Verdict{"J-005": Proven}, map[string]Verdict{"e": Inconclusive}, 2,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := Summarize(Plan{Specs: test.planned}, test.results)
			claims, specs := map[string]Verdict{}, map[string]Verdict{}
			for _, c := range s.Claims {
				claims[c.ID] = c.Verdict
			}
			for _, spec := range s.Specs {
				specs[spec.Spec] = spec.Verdict
			}
			if !reflect.DeepEqual(claims, test.claims) {
				t.Errorf("claims %v, want %v", claims, test.claims)
			}
			if !reflect.DeepEqual(specs, test.specs) {
				t.Errorf("specs %v, want %v", specs, test.specs)
			}
			if got := s.ExitCode(); got != test.exit {
				t.Errorf("exit code %d, want %d", got, test.exit)
			}
			counted := 0
			for _, v := range all {
				counted += s.Count(v)
			}
			if counted != len(test.claims) {
				t.Errorf("the counts add up to %d", counted)
			}
		})
	}
}

func TestAClaimThatNoSpecNamesMakesTheRunRed(t *testing.T) {
	plan := Plan{Specs: []Planned{{Spec: "a", Claims: []string{"J-001"}}}, Claims: []string{"J-001", "J-002"}}
	s := Summarize(plan, []Result{result("a", claim("J-001", Proven))})
	if len(s.Claims) != 2 || s.Claims[1].Verdict != NotExercised || s.Claims[1].Because != "no spec names it" {
		t.Errorf("claims are %+v", s.Claims)
	}
	if s.Overall != NotExercised || s.ExitCode() == 0 {
		t.Errorf("overall %q, exit %d", s.Overall, s.ExitCode())
	}
}

func TestSummarizeSaysWhyAPlannedClaimIsMissing(t *testing.T) {
	plan := []Planned{{Spec: "a", Claims: []string{"J-001"}}, {Spec: "b", Claims: []string{"J-002"}}}
	s := Summarize(Plan{Specs: plan}, []Result{result("a")})
	for i, want := range []string{"the result of its spec does not mention it", "the run ended before it"} {
		if got := s.Claims[i].Because; got != want {
			t.Errorf("%s: %q, want %q", s.Claims[i].ID, got, want)
		}
	}
}

func TestSummarizeSortsAndChangesNoInput(t *testing.T) {
	results := []Result{
		{Spec: "b", Section: "y", Claims: []ClaimResult{claim("J-003", Proven)}},
		{Spec: "c", Section: "x", Claims: []ClaimResult{claim("J-002", Proven)}},
		{Spec: "a", Section: "y", Claims: []ClaimResult{claim("J-001", Proven)}},
	}
	results[0].Claims = append(make([]ClaimResult, 0, 8), results[0].Claims...) // room that an append would write into
	s := Summarize(Plan{Specs: []Planned{{Spec: "b", Section: "y", Claims: []string{"J-009"}}}}, results)
	var specs, claims []string
	for _, spec := range s.Specs {
		specs = append(specs, spec.Spec)
	}
	for _, c := range s.Claims {
		claims = append(claims, c.ID)
	}
	if want := []string{"c", "a", "b"}; !reflect.DeepEqual(specs, want) {
		t.Errorf("specs %v, want %v", specs, want)
	}
	if want := []string{"J-001", "J-002", "J-003", "J-009"}; !reflect.DeepEqual(claims, want) {
		t.Errorf("claims %v, want %v", claims, want)
	}
	if results[0].Spec != "b" || len(results[0].Claims) != 1 || results[0].Claims[:2][1].ID != "" {
		t.Errorf("the input was changed: %+v", results[0])
	}
}

func TestNothingPlannedIsNoSuccess(t *testing.T) {
	s := Summarize(Plan{}, nil)
	if s.Overall != NotExercised || s.Because == "" || s.ExitCode() != 2 {
		t.Errorf("got %+v, exit code %d", s, s.ExitCode())
	}
	if s := NoCluster("no engine answers"); s.Overall != Infra || s.ExitCode() != 2 || s.Because != "no engine answers" {
		t.Errorf("got %+v, exit code %d", s, s.ExitCode())
	}
}
