package mutants

import (
	"bytes"
	"cmp"
	"time"

	"github.com/jobproof/jobproof/reports/history"
)

func replaceAll(text []byte, old, new string) []byte {
	return bytes.ReplaceAll(text, []byte(old), []byte(new))
}

var orderOperators = []Operator{
	{Name: "swap kinds", Says: "two neighbours of different kinds change places", sites: func(s *Source) []site {
		return s.neighbours(func(a, b history.Version) bool { return a.Kind != b.Kind })
	}},
	{Name: "swap objects", Says: "two neighbours of a kind change places", sites: func(s *Source) []site {
		return s.neighbours(func(a, b history.Version) bool { return a.Kind == b.Kind && a.UID != b.UID })
	}},
	{Name: "swap versions", Says: "an object's versions come in the other order", sites: func(s *Source) []site {
		var all []site
		for i, v := range s.lines {
			next := s.after[i]
			if next < 0 || v.Kind != history.Jobs.Name && v.Kind != history.Pods.Name {
				continue
			}
			all = append(all, site{what: s.tell(next), same: s.exchangeable(i, next), hidden: s.overlooked(next), make: func(d *draft) {
				a, b := &d.lines[i], &d.lines[next]
				a.Object, b.Object = b.Object, a.Object
				if b.Type == history.Deleted {
					a.Type, b.Type = b.Type, a.Type
				}
			}})
		}
		return all
	}},
	{Name: "renumber line", Says: "a line has the number of the one before it", sites: func(s *Source) []site {
		var all []site
		for i := 1; i < len(s.lines); i++ {
			all = append(all, site{what: s.tell(i), make: func(d *draft) { d.rv[i] = uint64(i) * step }})
		}
		return all
	}},
	{Name: "renumber on", Says: "all numbers from a line on are larger", sites: func(s *Source) []site {
		var all []site
		for i := range s.lines {
			all = append(all, site{what: s.tell(i), same: "numbers say the order and nothing else", make: func(d *draft) {
				for n := i; n < len(d.lines); n++ {
					d.rv[n] = uint64(n+1)*step + 5
				}
			}})
		}
		return all
	}},
	{Name: "renumber ahead", Says: "a line has a number that others have reached", sites: func(s *Source) []site {
		var all []site
		for i := 0; i+3 < len(s.lines); i++ {
			all = append(all, site{what: s.tell(i), make: func(d *draft) { d.rv[i] = uint64(i+3)*step + 1 }})
		}
		return all
	}},
	{Name: "seen earlier", Says: "a version was seen before the one before it of its kind", sites: func(s *Source) []site {
		var all []site
		last := map[string]time.Time{}
		for i, v := range s.lines {
			before, known := last[v.Kind]
			last[v.Kind] = v.Seen
			if known {
				all = append(all, site{what: s.tell(i), make: func(d *draft) { d.lines[i].Seen = before.Add(-time.Second) }})
			}
		}
		return all
	}},
}

// neighbours are the sites at which two lines that follow each other can change places.
func (s *Source) neighbours(fit func(a, b history.Version) bool) []site {
	var all []site
	for i := 0; i+1 < len(s.lines); i++ {
		if !fit(s.lines[i], s.lines[i+1]) {
			continue
		}
		all = append(all, site{what: s.tell(i) + " / " + s.tell(i+1), same: s.independent(i, i+1), hidden: cmp.Or(s.overlooked(i), s.overlooked(i+1)), make: func(d *draft) {
			d.lines[i], d.lines[i+1] = d.lines[i+1], d.lines[i]
			if s.lines[i].Kind == s.lines[i+1].Kind { // what is seen of a kind is seen in its order
				d.lines[i].Seen, d.lines[i+1].Seen = d.lines[i+1].Seen, d.lines[i].Seen
			}
		}})
	}
	return all
}
