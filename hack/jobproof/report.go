package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/term"

	"github.com/jobproof/jobproof/fixtures/claims"
	"github.com/jobproof/jobproof/reports/junit"
	"github.com/jobproof/jobproof/reports/verdict"
)

// report sums up the run: the failures, the table of verdicts, junit.xml. It
// returns the exit status.
func (r *run) report(ctx context.Context) (int, error) {
	registry, err := claims.Load()
	if err != nil {
		return 2, err
	}
	plan, err := verdict.ReadPlanned(r.results())
	if err != nil {
		return 2, err
	}
	results, damaged := verdict.ReadAll(r.results())
	summary := verdict.Summarize(plan, results)
	for _, result := range results {
		if result.Failure != "" {
			fmt.Printf("\n%s\n", result.Failure)
		}
	}
	width, _, err := term.GetSize(int(os.Stdout.Fd()))
	colour := err == nil && os.Getenv("NO_COLOR") == ""
	if err != nil {
		width = 120
	}
	fmt.Println()
	if err := verdict.Table(os.Stdout, summary, registry, width, colour); err != nil {
		return 2, err
	}
	fmt.Println()
	if err := errors.Join(damaged, r.writeJUnit(summary, time.Since(r.start))); err != nil {
		return 2, err
	}
	folder, err := filepath.Rel(".", r.dir)
	if err != nil {
		folder = r.dir
	}
	r.say("verdict: %s; evidence in %s (junit.xml, results, histories, environment.json)", summary.Overall, folder)
	return summary.ExitCode(), ctx.Err()
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
