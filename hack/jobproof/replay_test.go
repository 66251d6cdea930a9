package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jobproof/jobproof/reports/verdict"
)

const embedded = "../../chaos/plan/plans/deleted-while-running.yaml"

func TestBadInputOfAReplayIsFoundBeforeThereIsACluster(t *testing.T) {
	text, err := os.ReadFile(embedded)
	if err != nil {
		t.Fatal(err)
	}
	wrong := filepath.Join(t.TempDir(), "deleted-while-running.yaml")
	if err := os.WriteFile(wrong, []byte(strings.Replace(string(text), "delete-pod", "delete-pot", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		o    options
		says string
	}{
		{options{}, "PLAN names the plan: make replay PLAN=chaos/plan/plans/"},
		{options{planFile: "nowhere.yaml"}, "nowhere.yaml: no such file"},
		{options{planFile: wrong}, wrong + `:7: there is no fault "delete-pot": is it delete-pod?`},
		{options{planFile: embedded, times: "0"}, "TIMES=0 is not a number of times"},
		{options{planFile: embedded, topic: "queues"}, "leave CLAIM, TOPIC and FAST out"},
		{options{planFile: "../../chaos/plan/plans/node-killed.yaml", cluster: existing}, "for clusters that jobproof made only"},
	} {
		if _, err := readReplaying(test.o, "replay"); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%+v: %v, want %q", test.o, err, test.says)
		}
	}
	r, err := readReplaying(options{planFile: embedded, times: "10"}, "replay")
	if err != nil || r.times != 10 || r.plan.Name != "deleted-while-running" {
		t.Errorf("%+v, %v", r, err)
	}
	if env := r.environment(); len(env) != 2 || !filepath.IsAbs(strings.TrimPrefix(env[0], "JOBPROOF_PLAN=")) || env[1] != "JOBPROOF_TIMES=10" {
		t.Errorf("%q", env)
	}
	if env := (*replaying)(nil).environment(); env != nil {
		t.Errorf("%q where nothing is replayed", env)
	}
}

func TestTallyCountsTheReplays(t *testing.T) {
	of := func(v verdict.Verdict) verdict.Result {
		return verdict.Result{Claims: []verdict.ClaimResult{{ID: "J-166", Verdict: v}}}
	}
	results := []verdict.Result{of(verdict.Proven), of(verdict.Refuted), of(verdict.Proven), {Section: wholeSection}}
	if got, want := tally(results), "of 3 times 2 proven, 1 refuted"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestTheSameBreachIsSaidInTheSameWords(t *testing.T) {
	result := func(because, invariant string) []verdict.Result {
		return []verdict.Result{{
			Claims:    []verdict.ClaimResult{{ID: "J-166", Verdict: verdict.Refuted, Because: because}, {ID: "J-038", Verdict: verdict.Inconclusive}},
			Judgement: &verdict.Judgement{Broken: []verdict.Finding{{Invariant: invariant, Object: "Job/" + because}}},
		}}
	}
	one := broken(result("expected the Job tasks to count 2 as failed, but it counts 3 and so it was for 3m0s", "P13"))
	other := broken(result("expected the Job tasks to count 2 as failed, but it counts 4", "P13"))
	if !slices.Equal(one, other) || len(one) != 2 {
		t.Errorf("%q and %q", one, other)
	}
}
