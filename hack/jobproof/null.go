package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/jobproof/jobproof/reports/verdict"
)

// nullChaos runs the specs whose proof rests on faults, and makes every fault a
// no-op. Its exit status is 0 if each of them came out inconclusive: one that is
// proven although nothing went wrong would be proven by anything.
func nullChaos(ctx context.Context, o options) (code int, err error) {
	o.null = true
	return runSpecs(ctx, o, (*run).reportNull)
}

// reportNull says which specs were not inconclusive.
func (r *run) reportNull(ctx context.Context) (int, error) {
	plan, err := verdict.ReadPlan(r.results())
	if err != nil {
		return verdict.Infra.ExitCode(), err
	}
	results, damaged := verdict.ReadAll(r.results())
	wrong := notInconclusive(plan, results)
	for _, line := range wrong {
		r.say("%s", line)
	}
	if err := errors.Join(damaged, ctx.Err()); err != nil {
		return verdict.Infra.ExitCode(), err
	}
	if len(wrong) > 0 {
		r.say("without any fault, %d of %d specs were not inconclusive (exit 2); evidence in %s", len(wrong), len(plan.Specs), r.folder())
		return verdict.Inconclusive.ExitCode(), nil
	}
	r.say("without any fault, all %d specs were inconclusive, as they must be (exit 0); evidence in %s", len(plan.Specs), r.folder())
	return 0, nil
}

// notInconclusive returns a line for each planned spec that was not wholly
// inconclusive: its verdict and those of its claims must be.
func notInconclusive(plan verdict.Plan, results []verdict.Result) []string {
	of := make(map[string]verdict.Result, len(results))
	for _, result := range results {
		of[result.Spec] = result
	}
	var lines []string
	for _, planned := range plan.Specs {
		result, ran := of[planned.Spec]
		switch said := result.Verdict(); {
		case !ran:
			lines = append(lines, fmt.Sprintf("%s: the run ended before it", planned.Spec))
			continue
		case said != verdict.Inconclusive:
			lines = append(lines, fmt.Sprintf("%s: is %s although nothing went wrong%s", planned.Spec, said, reason(result)))
			continue
		}
		for _, claim := range result.Claims {
			if claim.Verdict != verdict.Inconclusive {
				lines = append(lines, fmt.Sprintf("%s: its claim %s is %s although nothing went wrong", planned.Spec, claim.ID, claim.Verdict))
			}
		}
	}
	return lines
}

// reason is why a spec is not proven, after a colon; "" if it is.
func reason(result verdict.Result) string {
	for _, claim := range result.Claims {
		if because := cmp.Or(claim.Because, result.Failure); because != "" {
			return ": " + because
		}
	}
	return ""
}
