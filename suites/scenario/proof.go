package scenario

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jobproof/jobproof/reports/verdict"
)

// proof is what one spec has shown so far about the claims it names.
type proof struct {
	claims  []string
	met     map[string]int    // how often a claim was asked about and was as stated
	refuted map[string]string // what was seen instead, the first time
	texts   []string          // the failures in full, in the order in which they came
	shown   int               // how many of them Ginkgo has been given

	// void says why nothing that was recorded can be relied on: a gap, a file that could not be written.
	void []string
	// excuses say why what looks refuted may be no fault of the Job controller's: an API server that is not ready, a node
	// that was lost.
	excuses []string
	// end says why the spec was over before it was through; nil if it was through.
	end *ending
}

// ending is why a spec was over early.
type ending struct {
	// why completes "the spec ended early: ".
	why string
	// refuted is true if it ended because a claim was refuted, so that there was nothing left to go on with; otherwise
	// something went wrong with the spec or the harness.
	refuted bool
	// skipped is true if the spec said that it cannot be run here.
	skipped bool
}

func newProof(claims []string) *proof {
	return &proof{claims: claims, met: map[string]int{}, refuted: map[string]string{}}
}

// ids splits "J-104 J-112" and says which of them the spec did not name.
func (p *proof) ids(claims string) (ids []string, err error) {
	ids = strings.Fields(claims)
	if len(ids) == 0 {
		return nil, fmt.Errorf("no claim is named: give the ids of those that this shows")
	}
	for _, id := range ids {
		if !slices.Contains(p.claims, id) {
			return nil, fmt.Errorf("%s is not among the claims of this spec; add it to its scenario.Claims", id)
		}
	}
	return ids, nil
}

// meet notes that claims were as stated.
func (p *proof) meet(ids []string) {
	for _, id := range ids {
		p.met[id]++
	}
}

// refute notes that claims were not as stated: in one sentence, and in full.
func (p *proof) refute(ids []string, sentence, text string) {
	for _, id := range ids {
		if _, already := p.refuted[id]; !already {
			p.refuted[id] = sentence
		}
	}
	p.texts = append(p.texts, text)
}

// finish notes why the spec is over early. The first reason is kept; what follows from it is none.
func (p *proof) finish(end ending) {
	if p.end == nil {
		p.end = &end
	}
}

// results says what is known about each claim.
func (p *proof) results() []verdict.ClaimResult {
	results := make([]verdict.ClaimResult, len(p.claims))
	for i, id := range p.claims {
		v, because := p.judge(id)
		results[i] = verdict.ClaimResult{ID: id, Verdict: v, Because: because}
	}
	return results
}

// judge says what is known about one claim, and why it is not proven.
func (p *proof) judge(id string) (verdict.Verdict, string) {
	seen, refuted := p.refuted[id]
	doubts := p.void
	if refuted {
		doubts = slices.Concat(p.void, p.excuses)
	}
	switch {
	case len(doubts) > 0 && refuted:
		return verdict.Inconclusive, fmt.Sprintf("%s; but %s", seen, strings.Join(doubts, "; "))
	case len(doubts) > 0:
		return verdict.Inconclusive, strings.Join(doubts, "; ")
	case refuted:
		return verdict.Refuted, seen
	case p.end != nil && p.end.skipped:
		return verdict.NotExercised, p.end.why
	case p.end != nil && p.end.refuted && p.met[id] == 0:
		return verdict.NotExercised, "the spec ended before it: " + p.end.why
	case p.end != nil:
		return verdict.Inconclusive, "the spec ended before it was through: " + p.end.why
	case p.met[id] == 0:
		return verdict.NotExercised, "the spec names it but never asked about it"
	default:
		return verdict.Proven, ""
	}
}

// skipped reports whether the spec said that it cannot be run here, before anything was refuted.
func (p *proof) skipped() bool { return p.end != nil && p.end.skipped && len(p.refuted) == 0 }

// fresh returns the failures that Ginkgo was not given yet.
func (p *proof) fresh() []string {
	texts := p.texts[p.shown:]
	p.shown = len(p.texts)
	return slices.Clone(texts)
}

// open names the claims that are neither proven nor simply refuted, those with the same reason on one line.
func (p *proof) open() []string {
	var reasons []string
	ids := map[string][]string{}
	for _, r := range p.results() {
		if r.Verdict == verdict.Proven || r.Verdict == verdict.Refuted {
			continue
		}
		reason := fmt.Sprintf("%s: %s", r.Verdict, r.Because)
		if ids[reason] == nil {
			reasons = append(reasons, reason)
		}
		ids[reason] = append(ids[reason], r.ID)
	}
	var lines []string
	for _, reason := range reasons {
		lines = append(lines, strings.Join(ids[reason], " ")+"  "+reason)
	}
	return lines
}
