package verdict

import (
	"cmp"
	"maps"
	"slices"
)

// Guarantee is an invariant of the judge's: its id and its sentence.
type Guarantee struct{ ID, Says string }

// InvariantSummary is the outcome of an invariant over all histories of a run.
type InvariantSummary struct {
	Guarantee
	// Verdict is Refuted if it was broken, Inconclusive if that cannot be told, NotExercised if no history had an
	// occasion for it, and otherwise Proven.
	Verdict Verdict
	// Moments is how often it spoke and was kept, Histories in how many histories.
	Moments, Histories int
	// Findings are its breaches, then what is unsure.
	Findings []SpecFinding
}

// SpecFinding is a finding and the spec whose history showed it.
type SpecFinding struct {
	Spec, History string
	Finding
}

// Because is its first finding, or why it was not asked.
func (s InvariantSummary) Because() string {
	if len(s.Findings) > 0 {
		return s.Findings[0].String()
	}
	if s.Verdict == NotExercised {
		return "no history had an occasion for it"
	}
	return ""
}

// sumInvariants sums up each invariant over the specs.
func sumInvariants(specs []SpecSummary, guarantees []Guarantee) []InvariantSummary {
	byID := map[string]*InvariantSummary{}
	of := func(id, says string) *InvariantSummary {
		if byID[id] == nil {
			byID[id] = &InvariantSummary{Guarantee: Guarantee{id, says}, Verdict: NotExercised}
		}
		if byID[id].Says == "" {
			byID[id].Says = says
		}
		return byID[id]
	}
	for _, g := range guarantees {
		of(g.ID, g.Says)
	}
	for _, spec := range specs {
		j := spec.Judgement
		if j == nil {
			continue
		}
		for id, moments := range j.Held {
			sum := of(id, "")
			sum.Moments += moments
			sum.Histories++
			if sum.Verdict == NotExercised {
				sum.Verdict = Proven
			}
		}
		for _, found := range []struct {
			findings []Finding
			as       Verdict
		}{{j.Broken, Refuted}, {j.Unsure, Inconclusive}} {
			for _, f := range found.findings {
				sum := of(f.Invariant, f.Says)
				sum.Verdict = Worst(sum.Verdict, found.as)
				sum.Findings = append(sum.Findings, SpecFinding{spec.Spec, spec.History, f})
			}
		}
	}
	sums := make([]InvariantSummary, 0, len(byID))
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		sum := *byID[id]
		slices.SortStableFunc(sum.Findings, func(a, b SpecFinding) int { return cmp.Compare(a.Finding.Because, b.Finding.Because) })
		sums = append(sums, sum)
	}
	return sums
}
