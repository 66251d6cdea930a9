package verdict

import (
	"cmp"
	"fmt"
	"slices"
)

// Summary is the outcome of a run.
type Summary struct {
	// Claims holds every claim that was planned or reported, by id.
	Claims []ClaimSummary
	// Specs holds every spec that was planned or reported, by section and text.
	Specs []SpecSummary
	// Invariants holds every invariant, by id: those that Summarize was given and those that were judged.
	Invariants []InvariantSummary
	// Overall is the worst verdict of all claims and specs, and NotExercised if there are none.
	Overall Verdict
	// Because says why there is nothing to sum up; it is empty if there is a spec.
	Because string
}

// ClaimSummary is the outcome of a claim over all specs that show it.
type ClaimSummary struct {
	// The result of the spec that decided; its Evidence is never empty if that spec has a history.
	ClaimResult
	// Spec is the spec that decided: the first of those with the worst verdict.
	Spec string
	// Showings are the results of all specs that were to show it, in the order of Summary.Specs.
	Showings []Showing
}

// Showing is the result of a claim in one spec.
type Showing struct {
	Spec string
	ClaimResult
}

// SpecSummary is the outcome of one spec.
type SpecSummary struct {
	// The result as it was reported, plus the claims that were planned but that it does not mention.
	Result
	// Verdict is that of the completed result.
	Verdict Verdict
}

// Explained says whether one of the spec's claims, or its judgement, has the spec's own verdict. If none has, the spec
// failed on something else, or it shows nothing at all.
func (s SpecSummary) Explained() bool {
	if s.Judgement != nil && s.Judgement.Verdict() == s.Verdict {
		return true
	}
	return slices.ContainsFunc(s.Claims, func(c ClaimResult) bool { return c.Verdict == s.Verdict })
}

// Because says why a spec that is not Explained has its verdict.
func (s SpecSummary) Because() string {
	return cmp.Or(s.Failure, "it names no claim, so it shows nothing")
}

// Summarize joins what was planned with what was reported. A planned spec without a result is inconclusive, and so is a
// planned claim that its spec's result does not mention. A claim of the plan that no spec names is NotExercised, which
// counts as if a spec had not shown it. What was reported without being planned counts too. The
// guarantees are all that the judge knows of; one that no history had an occasion for is NotExercised, which changes
// nothing about the overall verdict.
func Summarize(plan Plan, results []Result, guarantees ...Guarantee) Summary {
	var s Summary
	for _, r := range complete(plan.Specs, results) {
		s.Specs = append(s.Specs, SpecSummary{Result: r, Verdict: r.Verdict()})
	}
	if len(s.Specs) == 0 {
		return Summary{Overall: NotExercised, Because: "no spec was planned"}
	}
	s.Claims = sumClaims(s.Specs, plan.Claims)
	s.Invariants = sumInvariants(s.Specs, guarantees)
	s.Overall = Proven
	for _, spec := range s.Specs {
		s.Overall = Worst(s.Overall, spec.Verdict) // a spec is no better than its worst claim
	}
	for _, claim := range s.Claims {
		s.Overall = Worst(s.Overall, claim.Verdict) // there may be none for it
	}
	return s
}

// NoCluster is the summary of a run that never got a cluster.
func NoCluster(because string) Summary { return Summary{Overall: Infra, Because: because} }

// ExitCode returns 0 if every claim was proven, 1 if one was refuted, 2 otherwise.
func (s Summary) ExitCode() int { return s.Overall.ExitCode() }

// Count returns how many claims have that verdict.
func (s Summary) Count(v Verdict) int {
	n := 0
	for _, c := range s.Claims {
		if c.Verdict == v {
			n++
		}
	}
	return n
}

// complete returns a result for every spec that was planned or reported, by section and text, with every planned claim.
func complete(planned []Planned, results []Result) []Result {
	all := slices.Clone(results)
	for i := range all {
		all[i].Claims = slices.Clone(all[i].Claims)
		for j := range all[i].Claims {
			all[i].Claims[j].Verdict = Worst(all[i].Claims[j].Verdict) // what is not a verdict becomes one
		}
	}
	for _, p := range planned {
		i := slices.IndexFunc(all, func(r Result) bool { return r.Spec == p.Spec })
		because := "the result of its spec does not mention it"
		if i < 0 {
			because = "the run ended before it"
			all = append(all, Result{Spec: p.Spec, Section: p.Section, Failure: because})
			i = len(all) - 1
		}
		r := &all[i]
		for _, id := range p.Claims {
			if !slices.ContainsFunc(r.Claims, func(c ClaimResult) bool { return c.ID == id }) {
				r.Claims = append(r.Claims, ClaimResult{ID: id, Verdict: Inconclusive, Because: because})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Result) int {
		return cmp.Or(cmp.Compare(a.Section, b.Section), cmp.Compare(a.Spec, b.Spec))
	})
	return all
}

// sumClaims sums up each claim over the specs; those expected are there even if no spec names them.
func sumClaims(specs []SpecSummary, expected []string) []ClaimSummary {
	byID := map[string][]Showing{}
	for _, spec := range specs {
		for _, c := range spec.Claims {
			if c.Evidence == "" {
				c.Evidence = spec.History
			}
			byID[c.ID] = append(byID[c.ID], Showing{Spec: spec.Spec, ClaimResult: c})
		}
	}
	var sums []ClaimSummary
	for _, showings := range byID {
		sums = append(sums, decide(showings))
	}
	for _, id := range expected {
		if byID[id] == nil {
			missing := ClaimResult{ID: id, Verdict: NotExercised, Because: "no spec names it"}
			sums = append(sums, ClaimSummary{ClaimResult: missing})
		}
	}
	slices.SortFunc(sums, func(a, b ClaimSummary) int { return cmp.Compare(a.ID, b.ID) })
	return sums
}

// decide picks the first of the worst showings.
//
// The worst wins even between proven and not exercised. An author plans a second spec for a claim because it shows a
// case that the first does not: "although a pod or its node fails" is only half shown where nodes may not be killed.
// Who calls that proven claims more than was tried; who calls it not exercised, and says which spec did prove it, errs
// on the side that an auditor can live with.
func decide(showings []Showing) ClaimSummary {
	worst, proven := showings[0], 0
	for _, s := range showings {
		if Compare(s.Verdict, worst.Verdict) > 0 {
			worst = s
		}
		if s.Verdict == Proven {
			proven++
		}
	}
	sum := ClaimSummary{ClaimResult: worst.ClaimResult, Spec: worst.Spec, Showings: showings}
	if sum.Verdict == NotExercised && proven > 0 {
		sum.Because = fmt.Sprintf("%s; %d of its %d specs proved it", sum.Because, proven, len(showings))
	}
	return sum
}
