package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge"
	"github.com/jobproof/jobproof/reports/verdict"
)

// judgeAgain judges a run from its files alone, or one history, and returns the
// exit status that the verdict deserves. What an earlier judge said otherwise is
// printed. Claims stand as they were found: what a spec asked of a live cluster
// is not asked again.
func judgeAgain(ctx context.Context, o options) (int, error) {
	if o.history != "" {
		return judgeHistory(o.history)
	}
	dir := o.run
	if dir == "" {
		dir = filepath.Join("out", "latest")
	}
	again, err := rejudge(ctx, dir)
	if err != nil {
		return verdict.Infra.ExitCode(), err
	}
	for _, line := range again.changes {
		fmt.Println(line)
	}
	fmt.Printf("%d histories, %d versions, judged in %.2f s\n", again.histories, again.versions, again.took.Seconds())
	plan, err := verdict.ReadPlan(filepath.Join(dir, resultsFolder))
	if err != nil {
		return verdict.Infra.ExitCode(), err
	}
	summary := verdict.Summarize(plan, again.results, guarantees()...)
	for _, inv := range summary.Invariants {
		for _, f := range inv.Findings {
			fmt.Printf("%s  %s\n    %s\n    %s line %d\n", inv.ID, inv.Says, f.Finding, f.History, f.Line)
		}
	}
	fmt.Println(verdict.Kept(summary))
	code := summary.ExitCode()
	switch {
	case len(again.changes) == 0:
		fmt.Println("every history is judged as it was when it was recorded")
	case !again.edited:
		// The same judge has to say the same of the same files.
		fmt.Println("the judge is the one that judged then, and yet it says otherwise")
		code = max(code, verdict.Inconclusive.ExitCode())
	default:
		fmt.Println("the judge has changed since; the lines above say what that changes")
	}
	fmt.Printf("verdict: %s (exit %d); %s\n", summary.Overall, code, claimsStand(summary))
	return code, nil
}

// claimsStand says how many claims the run had proven when it ran.
func claimsStand(s verdict.Summary) string {
	return fmt.Sprintf("claims as found then: %d proven, %d refuted, %d inconclusive, %d not exercised",
		s.Count(verdict.Proven), s.Count(verdict.Refuted), s.Count(verdict.Inconclusive), s.Count(verdict.NotExercised))
}

// judgeHistory judges one sealed history and prints what it finds.
func judgeHistory(path string) (int, error) {
	started := time.Now()
	j, err := judge.File(path)
	if err != nil {
		return verdict.Infra.ExitCode(), err
	}
	for _, found := range []struct {
		what     string
		findings []verdict.Finding
	}{{"broken", j.Broken}, {"unsure", j.Unsure}, {"blocked", j.Blocked}, {"told", j.Told}} {
		for _, f := range found.findings {
			fmt.Printf("%-8s %s  %s\n         %s, line %d\n", found.what, f.Invariant, f.Says, f, f.Line)
		}
	}
	moments := 0
	for _, n := range j.Held {
		moments += n
	}
	for _, id := range sortedKeys(j.Unasked) {
		fmt.Printf("%-8s %s  %s\n", "unasked", id, j.Unasked[id])
	}
	v := j.Verdict()
	fmt.Printf("%d versions, %d gaps, judged in %.2f s: %d invariants kept at %d moments, %d broken, %d unsure\nverdict: %s (exit %d)\n",
		j.Versions, j.Gaps, time.Since(started).Seconds(), len(j.Held), moments, len(j.Broken), len(j.Unsure), v, v.ExitCode())
	return v.ExitCode(), nil
}

// rejudgement is what judging a run again has shown.
type rejudgement struct {
	results             []verdict.Result // with the new judgements
	changes             []string
	edited              bool // the judge is not the one that judged then
	histories, versions int
	took                time.Duration
}

// rejudge judges every history of a run again. It is an error if one is not the
// file that was judged then.
func rejudge(ctx context.Context, dir string) (*rejudgement, error) {
	results, err := verdict.ReadAll(filepath.Join(dir, resultsFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is no run: it has no %s", dir, resultsFolder)
	}
	if err != nil {
		return nil, err
	}
	again := &rejudgement{}
	for _, result := range results {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if result.Judgement == nil {
			if result.History != "" {
				return nil, fmt.Errorf("%s was never judged: its recording was cut short", filepath.Join(dir, result.History))
			}
			again.results = append(again.results, result)
			continue
		}
		now, took, err := judgeSame(dir, *result.Judgement)
		if err != nil {
			return nil, err
		}
		again.histories++
		again.versions += now.Versions
		again.took += took
		again.edited = again.edited || now.Edition != result.Judgement.Edition
		again.changes = append(again.changes, changed(result, *now)...)
		result.Judgement = now
		again.results = append(again.results, result)
	}
	if again.histories == 0 {
		return nil, fmt.Errorf("%s has no history that was judged", dir)
	}
	return again, nil
}

// judgeSame judges a history again. It is an error if it is another than then.
func judgeSame(dir string, then verdict.Judgement) (now *verdict.Judgement, took time.Duration, err error) {
	now, took, err = judgeFile(dir, then.History)
	if err == nil && now.SHA256 != then.SHA256 {
		err = fmt.Errorf("%s is not the file that was judged: its SHA-256 is another", filepath.Join(dir, then.History))
	}
	return now, took, err
}

// changed says what the judge says otherwise than then, a line each.
func changed(result verdict.Result, now verdict.Judgement) []string {
	then := *result.Judgement
	var lines []string
	for _, list := range []struct {
		as        string
		then, now []verdict.Finding
	}{{"broken", then.Broken, now.Broken}, {"unsure", then.Unsure, now.Unsure}, {"blocked", then.Blocked, now.Blocked}} {
		for _, f := range list.now {
			if !slices.ContainsFunc(list.then, f.Same) {
				lines = append(lines, fmt.Sprintf("%s is %s, and was not: %s (%s)", f.Invariant, list.as, f, then.History))
			}
		}
		for _, f := range list.then {
			if !slices.ContainsFunc(list.now, f.Same) {
				lines = append(lines, fmt.Sprintf("%s was %s, and is not: %s (%s)", f.Invariant, list.as, f, then.History))
			}
		}
	}
	var fresh []string
	for _, id := range sortedKeys(now.Held) {
		if then.Held[id] == 0 {
			fresh = append(fresh, id)
		}
	}
	if len(fresh) > 0 {
		lines = append(lines, fmt.Sprintf("%s: kept, and had no occasion then (%s)", strings.Join(fresh, " "), then.History))
	}
	return lines
}

// guarantees lists what the judge knows of.
func guarantees() []verdict.Guarantee {
	var all []verdict.Guarantee
	for _, inv := range judge.Invariants() {
		all = append(all, verdict.Guarantee{ID: inv.ID, Says: inv.Says})
	}
	return all
}

// seal seals a history that somebody made as plain lines, so that it can be
// judged.
func seal(_ context.Context, o options) (int, error) {
	if o.history == "" {
		return verdict.Infra.ExitCode(), errors.New("HISTORY=<file" + history.Extension + "> says which history is to be sealed")
	}
	path, err := history.Seal(o.history, history.Sealing{})
	if err != nil {
		return verdict.Infra.ExitCode(), err
	}
	fmt.Printf("sealed %s\njudge it with: make judge HISTORY=%s\n", path, path)
	return 0, nil
}
