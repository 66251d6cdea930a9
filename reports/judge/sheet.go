package judge

import (
	"cmp"
	"slices"
	"time"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/verdict"
)

// sheet is what the judge writes down.
type sheet struct {
	line     int
	rv       uint64
	seen     time.Time
	versions int
	gaps     int

	held                          map[string]int
	unasked                       map[string]string
	broken, unsure, blocked, told []verdict.Finding
	known                         map[string]map[findingKey]place // by the uid of what an invariant was asked about
}

type findingKey struct{ invariant, object string }

// place is where a finding stands, so that one that comes again is counted.
type place struct {
	list *[]verdict.Finding
	at   int
}

func newSheet() sheet {
	return sheet{held: map[string]int{}, unasked: map[string]string{}, known: map[string]map[findingKey]place{}}
}

// at says which version is being looked at.
func (s *sheet) at(line int, v *history.Version) {
	s.line, s.rv, s.seen = line, v.RV, v.Seen
	s.versions++
}

func (s *sheet) atTheEnd(at time.Time) { s.line, s.rv, s.seen = 0, 0, at }

// subject is what an invariant is asked about.
type subject interface {
	// Object is how a finding names it, such as "Job/demo".
	Object() string
	identity() (namespace, uid string)
}

// enter writes down an answer about an object. whole says that the object's life was recorded from its beginning.
func (s *sheet) enter(inv *Invariant, about subject, whole bool, a Answer) {
	switch {
	case !a.asked:
	case a.broken == "" && a.unsure == "":
		s.held[inv.ID]++
	default:
		namespace, uid := about.identity()
		f := verdict.Finding{What: a.broken, Because: a.unsure, Object: cmp.Or(a.about, about.Object()), Namespace: namespace}
		if a.unsure == "" && inv.Memory && !whole {
			f.Because = "it was not recorded from its creation on"
		}
		if a.unsure == "" && s.gaps > 0 && (inv.Memory || inv.Across) {
			f.Because = "part of the history is missing"
		}
		s.find(inv, uid, f)
	}
}

// find writes down a finding; f holds what is not known here.
func (s *sheet) find(inv *Invariant, uid string, f verdict.Finding) {
	list := &s.broken
	switch {
	case f.Because != "":
		list = &s.unsure
	case inv.Advisory:
		list = &s.told
	}
	s.keep(list, inv, uid, f)
}

// keep adds a finding to a list, or counts it if it is known.
func (s *sheet) keep(list *[]verdict.Finding, inv *Invariant, uid string, f verdict.Finding) {
	key := findingKey{inv.ID, f.Object}
	if p, again := s.known[uid][key]; again && p.list == list {
		(*list)[p.at].Times++
		return
	}
	f.Invariant, f.Says, f.Line, f.RV, f.Seen, f.Times = inv.ID, inv.Says, s.line, s.rv, s.seen, 1
	*list = append(*list, f)
	if s.known[uid] == nil {
		s.known[uid] = map[findingKey]place{}
	}
	s.known[uid][key] = place{list, len(*list) - 1}
}

// forget drops nothing that was found, only what is remembered about an object that is gone.
func (s *sheet) forget(uid string) { delete(s.known, uid) }

// byPlace sorts findings by line, those of the end last; what was found at the same place by invariant and object, so that the
// same history has the same judgement.
func byPlace(a, b verdict.Finding) int {
	return cmp.Or(cmp.Compare(uint(a.Line-1), uint(b.Line-1)), cmp.Compare(a.Invariant, b.Invariant), cmp.Compare(a.Object, b.Object))
}

// judgement is the whole sheet. oneController says that one controller manager was in charge all the time.
func (s *sheet) judgement(oneController bool) verdict.Judgement {
	broken, unsure, told := s.broken, s.unsure, s.told
	if !oneController {
		broken = nil
		for _, f := range s.broken {
			inv, _ := Find(f.Invariant)
			if inv.OneController {
				f.Because = "another controller manager took over meanwhile"
			}
			switch {
			case inv.Forgotten:
				told = append(told, f)
			case inv.OneController:
				unsure = append(unsure, f)
			default:
				broken = append(broken, f)
			}
		}
	}
	for _, list := range [][]verdict.Finding{broken, unsure, s.blocked, told} {
		slices.SortStableFunc(list, byPlace)
	}
	return verdict.Judgement{
		Edition: Edition(), Versions: s.versions, Gaps: s.gaps, Held: s.held,
		Broken: broken, Unsure: unsure, Blocked: s.blocked, Told: told, Unasked: s.unasked,
	}
}
