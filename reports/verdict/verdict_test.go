package verdict

import (
	"cmp"
	"encoding/json"
	"slices"
	"testing"
)

// all holds the five verdicts from best to worst, written down a second time so that a change of order shows.
var all = []Verdict{"proven", "not exercised", "inconclusive", "infra", "refuted"}

func TestWorstOfEveryPair(t *testing.T) {
	for i, a := range all {
		for j, b := range all {
			if got, want := Worst(a, b), all[max(i, j)]; got != want {
				t.Errorf("Worst(%q, %q) = %q, want %q", a, b, got, want)
			}
		}
	}
}

func TestCompareFollowsTheOrder(t *testing.T) {
	for i, a := range all {
		for j, b := range all {
			if got, want := cmp.Compare(Compare(a, b), 0), cmp.Compare(i, j); got != want {
				t.Errorf("Compare(%q, %q) has the sign %d, want %d", a, b, got, want)
			}
		}
	}
	if Compare("", Inconclusive) != 0 {
		t.Error("what is no verdict differs from inconclusive")
	}
}

func TestWorstIsASemilattice(t *testing.T) {
	for _, a := range all {
		if Worst(a) != a || Worst(a, a) != a {
			t.Errorf("Worst is not idempotent for %q", a)
		}
		for _, b := range all {
			if Worst(a, b) != Worst(b, a) {
				t.Errorf("Worst does not commute for %q and %q", a, b)
			}
			for _, c := range all {
				if Worst(Worst(a, b), c) != Worst(a, Worst(b, c)) || Worst(a, b, c) != Worst(Worst(a, b), c) {
					t.Errorf("Worst is not associative for %q, %q and %q", a, b, c)
				}
			}
		}
	}
}

func TestWhatIsNoVerdictCountsAsInconclusive(t *testing.T) {
	for _, unknown := range []Verdict{"", "Proven", "passed", "proven "} {
		if got := Worst(unknown); got != Inconclusive {
			t.Errorf("Worst(%q) = %q", unknown, got)
		}
		if got := Worst(unknown, Proven); got != Inconclusive {
			t.Errorf("Worst(%q, proven) = %q", unknown, got)
		}
		if got := Worst(unknown, Refuted); got != Refuted {
			t.Errorf("Worst(%q, refuted) = %q", unknown, got)
		}
		if got := unknown.ExitCode(); got != 2 {
			t.Errorf("exit code of %q is %d", unknown, got)
		}
	}
}

func TestExitCode(t *testing.T) {
	want := map[Verdict]int{Proven: 0, NotExercised: 2, Inconclusive: 2, Infra: 2, Refuted: 1}
	for _, v := range all {
		if got := v.ExitCode(); got != want[v] {
			t.Errorf("exit code of %q is %d, want %d", v, got, want[v])
		}
	}
}

func TestVerdictInJSON(t *testing.T) {
	for _, v := range all {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var got Verdict
		if err := json.Unmarshal(data, &got); err != nil || got != v {
			t.Errorf("%q came back as %q, %v", v, got, err)
		}
	}
	for _, unknown := range []Verdict{"", "passed"} {
		if data, err := json.Marshal(unknown); err == nil {
			t.Errorf("%q was written as %s", unknown, data)
		}
		var got Verdict
		if err := json.Unmarshal([]byte(`"`+unknown+`"`), &got); err == nil {
			t.Errorf("%q was read", unknown)
		}
	}
}

func TestVerdictOfAResult(t *testing.T) {
	claims := func(verdicts ...Verdict) []ClaimResult {
		var results []ClaimResult
		for _, v := range verdicts {
			results = append(results, ClaimResult{ID: "J-001", Verdict: v})
		}
		return results
	}
	tests := map[string]struct {
		result Result
		want   Verdict
	}{
		"all proven":                      {Result{Claims: claims(Proven, Proven)}, Proven},
		"one refuted":                     {Result{Claims: claims(Proven, Refuted, Inconclusive)}, Refuted},
		"one not exercised":               {Result{Claims: claims(Proven, NotExercised)}, NotExercised},
		"a verdict nobody knows":          {Result{Claims: claims(Proven, "")}, Inconclusive},
		"all proven, but the spec failed": {Result{Claims: claims(Proven), Failure: "namespace not deleted"}, Inconclusive},
		"refuted and failed":              {Result{Claims: claims(Refuted), Failure: "expected 2"}, Refuted},
		"no claims":                       {Result{}, NotExercised},
		"no claims, and failed":           {Result{Failure: "panic"}, Inconclusive},
		"no claims, and nothing to be so": {Result{Claims: claims()}, NotExercised},
	}
	for name, test := range tests {
		if got := test.result.Verdict(); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	if !slices.Equal(order, all) {
		t.Errorf("the order is %q", order)
	}
}
