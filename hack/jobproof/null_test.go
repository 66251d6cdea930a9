package main

import (
	"strings"
	"testing"

	"github.com/jobproof/jobproof/reports/verdict"
)

func TestOnlyInconclusiveSpecsPassTheNullChaos(t *testing.T) {
	claim := func(v verdict.Verdict) []verdict.ClaimResult { return []verdict.ClaimResult{{ID: "J-001", Verdict: v}} }
	plan := verdict.Plan{Specs: []verdict.Planned{{Spec: "quiet"}, {Spec: "proven"}, {Spec: "half"}, {Spec: "skipped"}, {Spec: "refuted"}, {Spec: "lost"}}}
	results := []verdict.Result{
		{Spec: "quiet", Claims: claim(verdict.Inconclusive), Failure: "the fault was not confirmed"},
		{Spec: "proven", Claims: claim(verdict.Proven)},
		{Spec: "half", Claims: append(claim(verdict.Inconclusive), verdict.ClaimResult{ID: "J-002", Verdict: verdict.Proven})},
		{Spec: "skipped", Claims: claim(verdict.NotExercised)},
		{Spec: "refuted", Claims: claim(verdict.Refuted)},
		{Spec: "the run as a whole"},
	}
	got := strings.Join(notInconclusive(plan, results), "\n")
	for _, want := range []string{"proven: is proven", "half: its claim J-002 is proven", "skipped: is not exercised", "refuted: is refuted", "lost: the run ended"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not said in:\n%s", want, got)
		}
	}
	if strings.Contains(got, "quiet") || strings.Contains(got, "whole") {
		t.Errorf("too much is said:\n%s", got)
	}
}
