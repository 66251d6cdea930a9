package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jobproof/jobproof/fixtures/claims"
	"github.com/jobproof/jobproof/reports/verdict"
)

// finding is what the latest run that asked about a claim found on one version.
type finding struct {
	verdict  verdict.Verdict
	because  string
	evidence string // the history of the spec that decided, and its transcript if there is one
}

// matrix prints every statement of the documents with its verdict on each Kubernetes version that it was asked about,
// and the file that shows it. It reads the runs in out/; the latest run of a version that planned a claim decides. With
// CLAIM it prints that claim only. The exit status is 0: it reports what runs have found and is no run.
func matrix(_ context.Context, o options) (int, error) {
	failed := verdict.Infra.ExitCode()
	registry, faulty := claims.Load()
	if _, known := registry.Get(o.claim); o.claim != "" && !known {
		return failed, fmt.Errorf("CLAIM=%s: there is no such claim", o.claim)
	}
	found, err := findings()
	if err != nil {
		return failed, err
	}
	out := bufio.NewWriter(os.Stdout)
	for _, claim := range registry.All() {
		if o.claim == "" || claim.ID == o.claim {
			printClaim(out, claim, found)
		}
	}
	if o.claim == "" {
		printTotals(out, registry, found)
	}
	if err := errors.Join(faulty, out.Flush()); err != nil {
		return failed, err
	}
	return 0, nil
}

// findings reads all runs: by version, then by claim.
func findings() (map[string]map[string]finding, error) {
	// A run's folder is named by the time of its start, so the latest comes last.
	runs, err := filepath.Glob(filepath.Join("out", "*", resultsFolder))
	if err != nil {
		return nil, err
	}
	slices.SortFunc(runs, func(a, b string) int { return cmp.Compare(started(a), started(b)) })
	found := map[string]map[string]finding{}
	for _, results := range runs {
		dir := filepath.Dir(results)
		if filepath.Base(dir) == "latest" {
			continue
		}
		version := kubernetesOf(dir)
		plan, err := verdict.ReadPlan(results)
		if version == "" || err != nil {
			continue // it never came to a cluster or to a plan
		}
		// A result that cannot be read counts as one that never came.
		read, _ := verdict.ReadAll(results)
		if found[version] == nil {
			found[version] = map[string]finding{}
		}
		summary := verdict.Summarize(plan, read)
		transcripts := map[string]string{} // by spec
		for _, spec := range summary.Specs {
			transcripts[spec.Spec] = spec.Transcript
		}
		for _, c := range summary.Claims {
			var files []string
			for _, file := range []string{c.Evidence, transcripts[c.Spec]} {
				if file != "" {
					files = append(files, filepath.Join(dir, file))
				}
			}
			found[version][c.ID] = finding{c.Verdict, c.Because, strings.Join(files, " ")}
		}
	}
	return found, nil
}

// started is when the run of a results folder planned its specs, as a text that sorts.
func started(results string) string {
	info, err := os.Stat(filepath.Join(results, verdict.PlannedFile))
	if err != nil {
		return ""
	}
	return info.ModTime().UTC().Format("20060102150405.000")
}

// kubernetesOf returns the version that the cluster of a run said it has; "" if there was none.
func kubernetesOf(dir string) string {
	text, err := os.ReadFile(filepath.Join(dir, environment))
	if err != nil {
		return ""
	}
	var facts map[string]string
	if json.Unmarshal(text, &facts) != nil {
		return ""
	}
	return facts["kubernetes.version"]
}

func printClaim(out *bufio.Writer, claim claims.Claim, found map[string]map[string]finding) {
	if claim.Unprovable != "" {
		fmt.Fprintf(out, "%s  %s (%s)\n       no cluster can show it: %s\n", claim.ID, claim.Statement, claim.Place, claim.Unprovable)
		return
	}
	fmt.Fprintf(out, "%s  %s (%s; %s)\n", claim.ID, claim.Statement, claim.Place, claim.Truth)
	if claim.Truth != claims.Holds {
		fmt.Fprintf(out, "       instead: %s\n", claim.Instead)
	}
	for _, version := range versionsOf(found) {
		f, asked := found[version][claim.ID]
		switch {
		case !asked:
			fmt.Fprintf(out, "       %-9s %s\n", version, verdict.NotExercised)
		case f.verdict == verdict.Proven:
			fmt.Fprintf(out, "       %-9s %-13s %s\n", version, f.verdict, f.evidence)
		default:
			fmt.Fprintf(out, "       %-9s %-13s %s: %s\n", version, f.verdict, cmp.Or(f.evidence, "no evidence"), f.because)
		}
	}
}

// printTotals counts the claims by version and verdict.
func printTotals(out *bufio.Writer, registry *claims.Registry, found map[string]map[string]finding) {
	all := registry.All()
	unprovable := 0
	for _, claim := range all {
		if claim.Unprovable != "" {
			unprovable++
		}
	}
	fmt.Fprintf(out, "\n%d statements; %d of them no cluster can show\n", len(all), unprovable)
	for _, version := range versionsOf(found) {
		counts := map[verdict.Verdict]int{}
		for _, claim := range all {
			if claim.Unprovable == "" {
				counts[cmp.Or(found[version][claim.ID].verdict, verdict.NotExercised)]++
			}
		}
		fmt.Fprintf(out, "%-9s %d proven, %d refuted, %d inconclusive, %d not exercised\n", version,
			counts[verdict.Proven], counts[verdict.Refuted], counts[verdict.Inconclusive], counts[verdict.NotExercised])
	}
	if len(found) == 0 {
		fmt.Fprintln(out, "no run yet: make e2e")
	}
}

// versionsOf returns the versions, newest first.
func versionsOf(found map[string]map[string]finding) []string {
	versions := slices.Sorted(maps.Keys(found))
	slices.Reverse(versions)
	return versions
}
