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
	// Refused were not accepted by the reader, Broken by the judge, who named these invariants first. Unsure are those about
	// which the judge does not say that all is well.
	Refused, Broken, Unsure int
	Named                   map[string]int
	// Survived are those that nobody noticed.
	Survived []Survivor
	// Alarms are legal ones that were refused all the same, and by what.
	Alarms []string
}

// Survivor is a mutant that nobody noticed: of which history, what stood where it was changed, and why nobody can notice;
// that is empty if there is no known reason.
type Survivor struct{ Source, What, Why string }

// Caught is how many were noticed of those that are not legal.
func (o *Outcome) Caught() int { return o.Refused + o.Broken + o.Unsure }

// Legal is how many are legal histories too.
func (o *Outcome) Legal() int {
	n := 0
	for _, some := range o.Same {
		n += some
	}
	return n
}

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
	out := &Outcome{Operator: o, Same: map[string]int{}, Named: map[string]int{}}
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
		if objections := slices.Concat(found, judgement.Unsure); refused != nil || len(objections) > 0 {
			o.Alarms = append(o.Alarms, fmt.Sprintf("%s: %s: %s", s.Name, at.what, against(refused, objections)))
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
		o.Survived = append(o.Survived, Survivor{s.Name, at.what, at.hidden})
	}
	return nil
}

// against says what was said against a mutant.
func against(refused error, found []verdict.Finding) string {
	if refused != nil {
		return refused.Error()
	}
	var ids []string
	for _, f := range found {
		ids = append(ids, f.Invariant)
	}
	slices.Sort(ids)
	return strings.Join(slices.Compact(ids), " ")
}
