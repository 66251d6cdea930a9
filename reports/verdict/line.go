package verdict

import (
	"fmt"
	"slices"
	"strings"
)

// Line returns the line that is printed when a spec ends: its verdict, how long it took, where it stands, its text and
// what became of its claims. It is plain text without a line break.
func Line(r Result) string {
	v := r.Verdict()
	return fmt.Sprintf("%s  %6.1fs  %s: %s [%s]", pad(string(v), verdictColumns), r.Seconds,
		plain(r.Section), plain(r.Spec), strings.Join(tell(r), "; "))
}

// tell says what became of a spec's claims: which of them are not proven, worst first, and how many are.
func tell(r Result) []string {
	ids := map[Verdict][]string{}
	for _, c := range r.Claims {
		v := Worst(c.Verdict)
		ids[v] = append(ids[v], plain(c.ID))
	}
	var told []string
	for _, v := range slices.Backward(order) {
		if v != Proven && len(ids[v]) > 0 {
			told = append(told, fmt.Sprintf("%s: %s", v, some(ids[v])))
		}
	}
	if r.Judgement != nil {
		told = append(told, r.Judgement.tell()...)
	}
	if len(told) == 0 && r.Failure != "" {
		told = append(told, "failed although no claim did: "+clip(plain(r.Failure), 80))
	}
	switch n := len(ids[Proven]); {
	case n == 1:
		told = append(told, "1 claim proven")
	case n > 1:
		told = append(told, fmt.Sprintf("%d claims proven", n))
	case len(told) == 0 && r.Judgement != nil:
		told = append(told, fmt.Sprintf("%d invariants kept", len(r.Judgement.Held)))
	case len(told) == 0:
		told = append(told, "no claims")
	}
	return told
}

// tell says which invariants were not kept.
func (j Judgement) tell() []string {
	var told []string
	for _, list := range []struct {
		as       string
		findings []Finding
	}{{"broken", j.Broken}, {"unsure", j.Unsure}} {
		var ids []string
		for _, f := range list.findings {
			if !slices.Contains(ids, f.Invariant) {
				ids = append(ids, f.Invariant)
			}
		}
		if len(ids) > 0 {
			told = append(told, list.as+": "+some(ids))
		}
	}
	return told
}

// some lists a few ids and says how many more there are.
func some(ids []string) string {
	const few = 4 // enough to look one up; results hold the rest
	if len(ids) <= few {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:few], ", "), len(ids)-few)
}
