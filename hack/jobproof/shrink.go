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

	"github.com/jobproof/jobproof/chaos/plan"
	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/reports/verdict"
)

// shrink looks for the fewest steps of a plan that still break what it breaks, and writes that plan beside it. All tries are on
// one cluster. With TIMES each candidate is tried that often, and one red try is enough: for what does not break every time.
func shrink(ctx context.Context, o options) (code int, err error) {
	whole, err := readReplaying(o, "shrink")
	if err != nil {
		return verdict.Infra.ExitCode(), err
	}
	return onCluster(ctx, o, func(r *run, c *cluster.Cluster) (int, error) {
		s := &shrinking{run: r, cluster: c, options: o, times: whole.times}
		r.say("is the plan %s red to begin with? …", whole.plan.Name)
		if s.breaks, err = s.try(ctx, whole.plan); err != nil {
			return verdict.Infra.ExitCode(), err
		}
		if len(s.breaks) == 0 {
			return verdict.Inconclusive.ExitCode(), fmt.Errorf(
				"the plan %s is not red: nothing was refuted or broken in %d tries, so there is nothing to shrink; TIMES=5 tries more often",
				whole.plan.Name, whole.times)
		}
		r.say("it is: %s", strings.Join(s.breaks, "; "))
		reduced, err := plan.Reduce(whole.plan, func(p *plan.Plan) (bool, error) { return s.red(ctx, p) })
		if err != nil {
			return verdict.Infra.ExitCode(), err
		}
		return s.tell(whole, reduced)
	})
}

// shrinking is the search for the smallest plan.
type shrinking struct {
	*run
	cluster *cluster.Cluster
	options options
	times   int
	tries   int
	// breaks is what the whole plan breaks.
	breaks []string
}

// red reports whether a plan breaks what the whole plan breaks: one of the same invariants if it breaks any, for these hold
// whatever goes wrong, and else one of the same ends.
func (s *shrinking) red(ctx context.Context, p *plan.Plan) (bool, error) {
	breaks, err := s.try(ctx, p)
	if err != nil {
		return false, err
	}
	decisive := slices.ContainsFunc(s.breaks, isInvariant)
	red := slices.ContainsFunc(breaks, func(what string) bool {
		return slices.Contains(s.breaks, what) && (!decisive || isInvariant(what))
	})
	said := "not red"
	if red {
		said = "red: " + strings.Join(breaks, "; ")
	}
	s.say("try %d: %d steps on %d manifests: %s", s.tries, len(p.Steps), len(p.Jobs), said)
	return red, nil
}

// try conducts a plan and returns what it breaks. Its evidence is in a folder of its own.
func (s *shrinking) try(ctx context.Context, p *plan.Plan) ([]string, error) {
	s.tries++
	try := *s.run
	try.dir = filepath.Join(s.dir, fmt.Sprintf("try-%02d", s.tries))
	file := filepath.Join(try.dir, p.Name+".yaml")
	for _, folder := range []string{try.results(), filepath.Join(try.dir, "histories")} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(s.cluster.Save(try.dir), os.WriteFile(file, p.Bytes(), 0o644)); err != nil {
		return nil, err
	}
	o := s.options
	o.replayed = &replaying{file: file, plan: p, times: s.times}
	of := stages[0]
	if p.Serial() {
		of = stages[1]
	}
	failed := try.ginkgo(ctx, s.cluster, o, of)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	results, damaged := verdict.ReadAll(try.results())
	if len(results) == 0 {
		return nil, errors.Join(fmt.Errorf("the plan was not conducted; see %s", try.suiteLog(of)), failed, damaged)
	}
	return broken(results), damaged
}

// broken says what was broken, in words that are the same for the same breach: the invariants, and what was expected of the
// Jobs and not so.
func broken(results []verdict.Result) []string {
	words := map[string]bool{}
	for _, result := range results {
		if result.Judgement != nil {
			for _, finding := range result.Judgement.Broken {
				words[invariantWord+finding.Invariant+" is broken"] = true
			}
		}
		for _, claim := range result.Claims {
			if claim.Verdict == verdict.Refuted {
				expected, _, _ := strings.Cut(claim.Because, ", but ")
				words[expected] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(words))
}

// invariantWord begins what broken says of an invariant.
const invariantWord = "the invariant "

func isInvariant(what string) bool { return strings.HasPrefix(what, invariantWord) }

// tell writes the smallest plan beside the whole one, and says what it is.
func (s *shrinking) tell(whole replaying, reduced *plan.Plan) (int, error) {
	file := filepath.Join(filepath.Dir(whole.file), reduced.Name+".shrunk.yaml")
	if err := os.WriteFile(file, reduced.Bytes(), 0o644); err != nil {
		return verdict.Infra.ExitCode(), err
	}
	s.say("%d of %d steps are enough, found with %d tries in %.0f s:\n\n%s", len(reduced.Steps), len(whole.plan.Steps), s.tries,
		time.Since(s.start).Seconds(), reduced.Bytes())
	s.say("conduct it again: make replay PLAN=%s", file)
	return verdict.Refuted.ExitCode(), nil
}
