package mutants

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/jobproof/jobproof/reports/judge"
	"github.com/jobproof/jobproof/reports/verdict"
)

// Outcome is what became of the mutants of one operator.
type Outcome struct {
	Operator Operator
	// Made is how many there are; of those Same are legal histories too, by reason.
	Made int
	Same map[string]int
	// Refused were not accepted by the reader, Broken by the judge, who named these invariants. Unsure are those about which
	// the judge would not say that all is well.
	Refused, Broken, Unsure int
	Named                   map[string]int
	// Survived are those that nobody noticed, by what was changed, and why nobody can; that is empty if there is no reason.
	Survived map[string]string
	// Alarms are legal ones that the judge refused all the same.
	Alarms map[string]int
}

// Caught is how many were noticed of those that are not legal.
func (o *Outcome) Caught() int { return o.Refused + o.Broken + o.Unsure }

// Run makes up to limit mutants with an operator, spread evenly over all the places where it can be applied, and has each
// read and judged.
func Run(o Operator, sources []*Source, limit int) (*Outcome, error) {
	type place struct {
		source *Source
		site   site
	}
	var places []place
	for _, s := range sources {
		for _, found := range o.sites(s) {
			places = append(places, place{s, found})
		}
	}
	out := &Outcome{Operator: o, Same: map[string]int{}, Named: map[string]int{}, Survived: map[string]string{}, Alarms: map[string]int{}}
	n := min(limit, len(places))
	for k := range n {
		p := places[k*len(places)/n]
		if err := out.try(p.source, p.site); err != nil {
			return nil, fmt.Errorf("%s of %s: %w", o.Name, p.source.Name, err)
		}
	}
	return out, nil
}

func (o *Outcome) try(s *Source, at site) error {
	d := s.draft()
	at.make(d)
	sealed, err := d.seal(s.header)
	if err != nil {
		return err
	}
	o.Made++
	judgement, refused := judge.Read(bytes.NewReader(sealed))
	found := slices.Concat(judgement.Broken, judgement.Told)
	if at.same != "" {
		o.Same[at.same]++
		if refused != nil || len(found)+len(judgement.Unsure) > 0 {
			o.Alarms[fmt.Sprintf("%s: %s: %v %s", s.Name, at.what, refused, names(slices.Concat(found, judgement.Unsure)))]++
		}
		return nil
	}
	switch {
	case refused != nil:
		o.Refused++
	case len(found) > 0:
		o.Broken++
		o.Named[slices.MinFunc(found, func(a, b verdict.Finding) int { return cmp.Compare(uint(a.Line-1), uint(b.Line-1)) }).Invariant]++
	case len(judgement.Unsure) > 0:
		o.Unsure++
	default:
		o.Survived[s.Name+": "+at.what] = at.hidden
	}
	return nil
}

func names(found []verdict.Finding) string {
	var ids []string
	for _, f := range found {
		ids = append(ids, f.Invariant)
	}
	slices.Sort(ids)
	return strings.Join(slices.Compact(ids), " ")
}
