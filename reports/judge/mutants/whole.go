package mutants

import (
	"slices"

	"github.com/tidwall/gjson"

	"github.com/jobproof/jobproof/reports/history"
)

// Why nobody can tell that a mutant is not legal. It counts as one that was not caught.
const (
	olderMoment    = "the status may show an older moment, for the cache lags; and pods that were refused because their namespace goes"
	notDeleted     = "a pod that is to go loses the finalizer first, and its deletion may be refused for ever"
	otherContainer = "another container ended later, or the pod is not one that a back-off counts from"
	others         = "another controller writes the status of this Job"
	writtenLater   = "the controller writes a decision later if it could not delete a pod"
	deletedFirst   = "somebody else may delete a pod before the controller does, which then takes the finalizer from it when it is going"
	byIndex        = "a success is counted by its index, and nothing shows when its pod has lost the finalizer"
	unheardOf      = "the recording ends before anything is written of it"
	schedules      = "when a CronJob makes a Job is not judged"
	endedEarlier   = "the pod ended earlier than it did, and the controller, whose cache lags, saw it no sooner"
)

// overlooked says why a pod's or a Job's other numbers need not be noticed.
func (s *Source) overlooked(i int) string {
	changed := s.changed(i)
	switch {
	case s.lines[i].Kind == history.Jobs.Name && only(changed, numbers), s.lines[i].Kind == history.Pods.Name && only(changed, progress):
		return olderMoment
	}
	return s.elsewhere(i)
}

// elsewhere says whether a Job is managed by another controller.
func (s *Source) elsewhere(i int) string {
	if by := gjson.GetBytes(s.lines[i].Object, "spec.managedBy").Str; s.lines[i].Kind == history.Jobs.Name && by != "" && by != "kubernetes.io/job-controller" {
		return others
	}
	return ""
}

// elsewhereAt says whether something that comes before a line is made by a CronJob.
func (s *Source) elsewhereAt(until int) string {
	for i := range until {
		if s.lines[i].Kind == history.CronJobs.Name {
			return schedules
		}
	}
	return ""
}

// miscountable says why a number in a Job's status may be another. If it is as in the version before, and nothing else is,
// the write changes nothing.
func (s *Source) miscountable(i int, counter string, n int) (same, hidden string) {
	if !slices.Contains(numbers, counter) {
		return "", s.elsewhere(i)
	}
	alone := s.after[i] < 0 || s.facts[s.after[i]]["spec"] == s.facts[i]["spec"] // a write of the spec repeats the status
	if s.before[i] >= 0 && alone && slices.Equal(s.changed(i), []string{counter}) && int(gjson.GetBytes(s.lines[s.before[i]].Object, "status."+counter).Int()) == n {
		return batched, ""
	}
	return "", olderMoment
}

// letGo says why a pod may lose the finalizer: it runs, and may be about to be deleted.
func (s *Source) letGo(i int) string {
	if s.active(i) {
		return notDeleted
	}
	return ""
}

// lendable says why a pod may lose or get the finalizer for a while: somebody does it by hand, and the controller, which has
// nothing to do with the pod then, does not look.
func (s *Source) lendable(i int) string {
	next, before := s.after[i], s.before[i]
	switch {
	case s.unowned(i) != "":
		return anybody
	case before < 0 || s.facts[i]["deletion"] != "":
		return ""
	case next < 0:
		if s.ended(before) && !s.tracked(before) && !s.tracked(i) && s.quiet(i, len(s.lines)) {
			return anybody
		}
	case s.facts[next]["deletion"] != "":
	case s.active(i) && s.active(next) && s.tracked(i) && s.tracked(next), s.ended(before) && !s.tracked(i) && s.quiet(i, next):
		return anybody
	}
	return ""
}

// unowned says why it does not matter what a pod is like: it is no Job's.
func (s *Source) unowned(i int) string {
	if s.lines[i].Kind == history.Pods.Name && s.job(i) == "" {
		return anybody
	}
	return ""
}

// creates says whether pods are created for a Job after a line.
func (s *Source) creates(i int) bool {
	for n := i + 1; n < len(s.lines); n++ {
		if s.lines[n].Kind == history.Pods.Name && s.lines[n].Type == history.Added && s.job(n) == s.job(i) {
			return true
		}
	}
	return false
}

// dismissed says why it does not matter whose a pod is, or which index it has, from a version on: it has ended and been
// counted, is gone, or is nobody's; or that the Job's status still shows it.
func (s *Source) dismissed(i int) (same, hidden string) {
	switch {
	case s.unowned(i) != "", s.lines[i].Type == history.Deleted, s.before[i] >= 0 && !s.tracked(i) && s.ended(i) && s.ended(s.before[i]):
		return anybody, ""
	case !s.tracked(i) || s.facts[i]["deletion"] != "" || s.quiet(i, len(s.lines)):
		return "", olderMoment
	}
	return "", ""
}

// holdable says why a pod may keep its finalizer: it goes with the pod, or the recording ends and nothing shows that it went
// on.
func (s *Source) holdable(i int) (same, hidden string) {
	switch {
	case s.indexed(i) && s.facts[i]["phase"] == succeeded && s.quiet(i, len(s.lines)):
		return unheard, ""
	case s.indexed(i) && s.facts[i]["phase"] == succeeded:
		return "", byIndex
	case s.active(i) || s.facts[i]["deletion"] != "":
		return "", deletedFirst
	}
	return "", ""
}

// forgettable says why a pod may stay as it is from a version on.
func (s *Source) forgettable(i int) string {
	if s.ended(i) && !s.tracked(i) {
		return unheard
	}
	for n := s.after[i]; n >= 0; n = s.after[n] {
		if s.lines[n].Type != history.Modified || len(s.changed(n)) > 0 {
			return ""
		}
	}
	return nothing
}

// markable says why a pod may be marked for deletion from a version on: it has ended.
func (s *Source) markable(i int) string {
	if s.unowned(i) != "" || s.before[i] >= 0 && s.ended(i) && s.ended(s.before[i]) && !s.tracked(i) {
		return anybody
	}
	return ""
}

// unmarkable says why a pod may be marked a version later than it was.
func (s *Source) unmarkable(i int) string {
	next := s.after[i]
	switch {
	case s.before[i] >= 0 && s.facts[s.before[i]]["deletion"] != "" || next < 0:
		return ""
	case s.lines[next].Type == history.Deleted && s.ended(s.before[i]):
		return goesToo
	case s.quiet(i, next) && only(s.changed(i), append(progress, "deletion")):
		return unwatched
	}
	return ""
}

// mayEndOtherwise says why a pod may succeed in place of failing, or the other way round.
func (s *Source) mayEndOtherwise(i int) string {
	for n := i; n >= 0; n = s.after[n] {
		if s.tracked(n) {
			return "" // it may be adopted and counted
		}
	}
	if s.before[i] >= 0 && !s.tracked(s.before[i]) {
		return asItLikes
	}
	return ""
}

// rephasable says why a pod's phase may be another.
func (s *Source) rephasable(i int, phase string, on bool) (same, hidden string) {
	next := s.after[i]
	switch {
	case (phase == "Pending" || phase == "Running") && s.active(i) && (!on || s.endsAs(i) == ""):
		return nothing, ""
	case s.before[i] >= 0 && s.active(s.before[i]) && !s.tracked(s.before[i]), s.facts[i]["deletion"] != "":
		return "", asItLikes
	case s.active(i) && s.endsAs(i) == `"`+phase+`"`:
		if s.lines[i].Type == history.Modified && next >= 0 && s.facts[next]["phase"] == s.endsAs(i) && s.quiet(i, next) {
			return unwatched, ""
		}
		return "", endedEarlier
	case s.active(i) && s.quiet(i, len(s.lines)):
		return "", unheardOf
	}
	return "", ""
}

// endsAs is the phase in which a pod ends after a line, or nothing.
func (s *Source) endsAs(i int) string {
	for n := i; n >= 0; n = s.after[n] {
		if s.ended(n) {
			return s.facts[n]["phase"]
		}
	}
	return ""
}
