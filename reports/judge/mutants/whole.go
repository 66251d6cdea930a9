package mutants

import "github.com/jobproof/jobproof/reports/history"

// Why nobody can notice what is not legal.
const (
	olderMoment = "the status may show an older moment, for the cache lags, and pods that were refused because their namespace goes"
	notDeleted  = "a pod that is to go loses the finalizer first, and its deletion may be refused for ever"
)

func (s *Source) miscountable(_ int, counter string) string {
	switch counter {
	case "active", "ready", "terminating":
		return olderMoment
	}
	return ""
}

func (s *Source) letGo(i int) string {
	if s.active(i) {
		return notDeleted
	}
	return ""
}

// dismissed says why it does not matter whose a pod is from a version on: it has ended and been counted.
func (s *Source) dismissed(i int) string {
	if s.before[i] >= 0 && !s.tracked(s.before[i]) && !s.tracked(i) && !s.active(i) && !s.active(s.before[i]) && s.facts[i]["deletion"] == "" {
		return anybody
	}
	return ""
}

// holdable says why a pod may keep its finalizer: the recording ends, and nothing shows that it went on.
func (s *Source) holdable(i int) string {
	if s.indexed(i) && s.facts[i]["phase"] == succeeded && s.quiet(i, len(s.lines)) {
		return unheard
	}
	return ""
}

// forgettable says why a pod may stay as it is from a version on.
func (s *Source) forgettable(i int) string {
	for n := s.after[i]; n >= 0; n = s.after[n] {
		if s.lines[n].Type != history.Modified || len(s.changed(n)) > 0 {
			return ""
		}
	}
	return nothing
}

// markable says why a pod may be marked for deletion from a version on: it has ended.
func (s *Source) markable(i int) string {
	if s.before[i] >= 0 && !s.active(i) && !s.active(s.before[i]) && !s.tracked(i) && !s.tracked(s.before[i]) {
		return anybody
	}
	return ""
}

// rephasable says why a pod's phase may be another.
func (s *Source) rephasable(i int, phase string, on bool) string {
	next := s.after[i]
	switch {
	case (phase == "Pending" || phase == "Running") && s.active(i) && !on:
		return nothing
	case s.lines[i].Type != history.Modified || on || next < 0:
		return ""
	case s.active(i) && s.facts[next]["phase"] == `"`+phase+`"` && s.quiet(i, next) && s.facts[i]["deletion"] == "":
		return unwatched
	}
	return ""
}
