package mutants

import (
	"slices"

	"github.com/jobproof/jobproof/reports/history"
)

var linesOperators = []Operator{
	{Name: "drop", Says: "a version was not seen", sites: func(s *Source) []site {
		var all []site
		for i := range s.lines {
			all = append(all, site{what: s.tell(i), same: s.droppable(i), hidden: s.overlooked(i), make: func(d *draft) { d.lines = slices.Delete(d.lines, i, i+1) }})
		}
		return all
	}},
	{Name: "drop life", Says: "no version of a pod was seen", sites: eachOf(history.Pods.Name, func(s *Source, i int) []site {
		if !s.ever(i) {
			return nil
		}
		uid := s.lines[i].UID
		return []site{{make: func(d *draft) {
			d.lines = slices.DeleteFunc(d.lines, func(v history.Version) bool { return v.UID == uid })
		}}}
	})},
	{Name: "drop rest", Says: "nothing of a pod was seen any more after a version of it", sites: eachOf(history.Pods.Name, func(s *Source, i int) []site {
		if s.after[i] < 0 {
			return nil
		}
		uid := s.lines[i].UID
		same, hidden := s.forgettable(i)
		return []site{{same: same, hidden: hidden, make: func(d *draft) {
			d.lines = append(d.lines[:i+1:i+1], slices.DeleteFunc(slices.Clone(d.lines[i+1:]), func(v history.Version) bool { return v.UID == uid })...)
		}}}
	})},
	{Name: "duplicate line", Says: "a line stands there twice", sites: func(s *Source) []site {
		var all []site
		for i := range s.lines {
			all = append(all, site{what: s.tell(i), make: func(d *draft) {
				d.lines = slices.Insert(d.lines, i+1, d.lines[i])
				for n := i + 1; n < len(d.lines); n++ {
					d.rv[n] = uint64(n) * step
				}
			}})
		}
		return all
	}},
	{Name: "duplicate write", Says: "a version was written twice", sites: func(s *Source) []site {
		var all []site
		for i, v := range s.lines {
			if v.Type == history.Listed {
				continue // it is not a write
			}
			same := "a write that changes nothing is one that anybody may do"
			if v.Type == history.Deleted {
				same = "" // nothing comes after it
			}
			all = append(all, site{what: s.tell(i), same: same, make: func(d *draft) { d.lines = slices.Insert(d.lines, i+1, again(d.lines[i])) }})
		}
		return all
	}},
	{Name: "repeat later", Says: "an object is again as it was two versions before", sites: func(s *Source) []site {
		var all []site
		for i, v := range s.lines {
			next := s.after[i]
			if next < 0 || v.Kind != history.Jobs.Name && v.Kind != history.Pods.Name || s.lines[next].Type == history.Deleted {
				continue
			}
			all = append(all, site{what: s.tell(next), same: s.repeatable(i, next), hidden: s.overlooked(next), make: func(d *draft) {
				stale := again(d.lines[i])
				stale.Seen = d.lines[next].Seen
				d.lines = slices.Insert(d.lines, next+1, stale)
			}})
		}
		return all
	}},
	{Name: "twin", Says: "another pod lives the same life at the same time", sites: eachOf(history.Pods.Name, func(s *Source, i int) []site {
		if !s.ever(i) {
			return nil
		}
		return []site{{same: s.unowned(i), hidden: s.handmade(i), make: func(d *draft) { d.lines = twinned(d.lines, d.lines[i]) }}}
	})},
}

// again is a version written once more.
func again(v history.Version) history.Version {
	if v.Type == history.Added || v.Type == history.Listed {
		v.Type = history.Modified
	}
	return v
}

// twinned puts a copy of each version of a pod, under another name, behind it.
func twinned(lines []history.Version, pod history.Version) []history.Version {
	name, uid := pod.Name[:len(pod.Name)-5]+"twin2", "2"+pod.UID[1:]
	var all []history.Version
	for _, v := range lines {
		all = append(all, v)
		if v.UID == pod.UID {
			v.Object = replaceAll(replaceAll(v.Object, pod.Name, name), pod.UID, uid)
			v.Name, v.UID = name, uid
			all = append(all, v)
		}
	}
	return all
}
