package mutants

import (
	"cmp"
	"slices"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge/tree"
)

// Operator is a way to spoil a history.
type Operator struct {
	Name string
	// Says what it does, in a few words.
	Says string
	// sites are the places in a history where it can be done.
	sites func(*Source) []site
}

// site is a place where an operator can be applied.
type site struct {
	what string // what stands there
	make func(*draft)
	// same is why the result is a legal history too, or empty.
	same string
	// hidden is why nobody can notice it although it is not, if nobody does.
	hidden string
}

// Operators are all of them.
func Operators() []Operator {
	return slices.Concat(linesOperators, orderOperators, timeOperators, conditionOperators, counterOperators, podOperators)
}

// eachOf makes a site of each line of a kind that a function finds something to do in.
func eachOf(kind string, find func(s *Source, i int) []site) func(*Source) []site {
	return func(s *Source) []site {
		var all []site
		for _, i := range s.of(kind) {
			for _, found := range find(s, i) {
				found.what, found.hidden = cmp.Or(found.what, s.tell(i)), cmp.Or(found.hidden, s.elsewhere(i))
				all = append(all, found)
			}
		}
		return all
	}
}

// inObject is a site at which the object in one line is changed.
func inObject(i int, change func(object *tree.Value)) []site {
	return []site{{make: func(d *draft) { d.edit(i, change) }}}
}

// fromThere is a site at which the object is changed in a line and in all that come after it.
func fromThere(s *Source, i int, change func(object *tree.Value)) site {
	return site{make: func(d *draft) {
		for n := i; n >= 0; n = s.after[n] {
			d.edit(n, change)
		}
	}}
}

// ever says whether a line is an object's first and the object was created then.
func (s *Source) ever(i int) bool { return s.before[i] < 0 && s.lines[i].Type != history.Listed }

// because gives all sites a reason why nobody may notice.
func because(hidden string, sites func(*Source) []site) func(*Source) []site {
	return func(s *Source) []site {
		all := sites(s)
		for i := range all {
			all[i].hidden = hidden
		}
		return all
	}
}
