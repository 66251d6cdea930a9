package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/jobproof/jobproof/fixtures/claims"
	"github.com/jobproof/jobproof/reports/junit"
	"github.com/jobproof/jobproof/reports/verdict"
)

// report sums up the run: the failures, the table of verdicts, junit.xml. It
// returns the exit status. A report that could not be written is an error, but
// hides no verdict: a refuted claim stays refuted.
func (r *run) report(ctx context.Context) (int, error) {
	registry, faulty := claims.Load()
	plan, err := verdict.ReadPlan(r.results())
	if err != nil {
		return verdict.Infra.ExitCode(), r.noCluster(err)
	}
	results, damaged := verdict.ReadAll(r.results())
	summary := verdict.Summarize(plan, results, guarantees()...)
	for _, result := range results {
		if result.Failure != "" {
			fmt.Printf("\n%s\n%s", strings.TrimRight(result.Failure, "\n"), r.again(result))
		}
	}
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	colour := err == nil && os.Getenv("NO_COLOR") == ""
	if err != nil {
		width = 120
	}
	fmt.Println()
	printed := verdict.Table(os.Stdout, summary, registry, width, colour)
	fmt.Println()
	if n := len(plan.LeftOut); n > 0 {
		r.say("%d specs were left out, which THOROUGH=1 adds; %s/%s names them", n, resultsFolder, verdict.PlannedFile)
	}
	written := r.writeJUnit(summary, time.Since(r.start))
	code := summary.ExitCode()
	err = errors.Join(faulty, damaged, printed, written, ctx.Err())
	if err != nil && code == verdict.Proven.ExitCode() {
		code = verdict.Inconclusive.ExitCode()
	}
	r.say("verdict: %s (exit %d); evidence in %s: junit.xml, results, histories, environment.json", summary.Overall, code, r.folder())
	return code, err
}

// sortedKeys returns the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// again returns the line that says how to run a spec that failed once more.
func (r *run) again(result verdict.Result) string {
	if result.Plan != "" {
		return fmt.Sprintf("  once more: make replay PLAN=%s\n  with the fewest steps: make shrink PLAN=%[1]s\n", filepath.Join(r.folder(), result.Plan))
	}
	for _, claim := range result.Claims {
		if claim.Verdict != verdict.Proven {
			return fmt.Sprintf("  once more: make e2e CLAIM=%s\n", claim.ID)
		}
	}
	return ""
}

// folder returns the run's folder as a user would name it.
func (r *run) folder() string {
	here, err := os.Getwd()
	if err != nil {
		return r.dir
	}
	if folder, err := filepath.Rel(here, r.dir); err == nil {
		return folder
	}
	return r.dir
}

func (r *run) writeJUnit(summary verdict.Summary, took time.Duration) error {
	facts, err := r.readFacts()
	if err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(r.dir, "junit.xml"))
	if err != nil {
		return err
	}
	return errors.Join(junit.Write(file, summary, facts, r.start, took), file.Close())
}
