package mutants

import (
	"slices"
	"strings"

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
	unheardOf      = "nothing is written of it before the recording ends"
	byNames        = "what endpoints are to follow is judged only of pods that are ready or gone"
	policies       = "whether something is owed follows from policies, indexes, adoption or lost nodes, which is not worked out here"
	slowKubelet    = "a kubelet may take its time to run a pod, or to end one that is marked"
	byHand         = "somebody may make a pod, or take its finalizer or give it back, by hand"
	schedules      = "when a CronJob makes a Job is not judged"
	endedLater     = "the pod ended a version later, and the controller saw that before it wrote"
	notReached     = "the Job was suspended or resumed again before the controller came to it"
	endedEarlier   = "the pod ended earlier than it did, and the controller, whose cache lags, saw it no sooner"
)

// overlooked says why a pod's or a Job's other numbers need not be noticed.
func (s *Source) overlooked(i int) string {
	changed := s.changed(i)
	switch {
	case s.lines[i].Kind == history.Jobs.Name && only(changed, numbers), s.lines[i].Kind == history.Pods.Name && only(changed, progress):
		return olderMoment
	case slices.Contains(changed, "finalizers"):
		return byHand
	case s.lines[i].Kind == history.Jobs.Name && s.suspends(i):
		return notReached
	case s.lines[i].Kind == history.Nodes.Name:
		return onlyBlocks
	case s.lines[i].Kind == history.CronJobs.Name:
		return schedules
	}
	return s.elsewhere(i)
}

// suspends says whether the condition Suspended turns in a line.
func (s *Source) suspends(i int) bool {
	const path = `status.conditions.#(type=="Suspended").status`
	return s.before[i] >= 0 && gjson.GetBytes(s.lines[i].Object, path).Str != gjson.GetBytes(s.lines[s.before[i]].Object, path).Str
}

// elsewhere says whether a Job is managed by another controller.
func (s *Source) elsewhere(i int) string {
	if by := gjson.GetBytes(s.lines[i].Object, "spec.managedBy").Str; s.lines[i].Kind == history.Jobs.Name && by != "" && by != "kubernetes.io/job-controller" {
		return others
	}
	return ""
}

// owed says why it is not known whether a controller owed anything before a line.
func (s *Source) owed(until int) string {
	for i := range until {
		switch {
		case s.lines[i].Kind == history.CronJobs.Name:
			return schedules
		case s.apart(i):
			return byNames
		case s.elsewhere(i) != "":
			return others
		}
	}
	return policies
}

// miscountable says why a number in a Job's status may be another: if the pods were like that at a moment since the version
// before, and nothing else is written with it.
func (s *Source) miscountable(i int, counter string, n int) (same, hidden string) {
	if !slices.Contains(numbers, counter) {
		return "", s.elsewhere(i)
	}
	object := gjson.ParseBytes(s.lines[i].Object).Get("status")
	shown := standing{int(object.Get("active").Int()), int(object.Get("ready").Int()), int(object.Get("terminating").Int()), 0}
	switch counter {
	case "active":
		shown.active = n
	case "ready":
		shown.ready = n
	default:
		shown.terminating = n
	}
	next := s.after[i] // a write of the spec, or the mark for deletion, repeats the status
	alone := next < 0 || s.facts[next]["spec"] == s.facts[i]["spec"] && s.facts[next]["deletion"] == s.facts[i]["deletion"]
	if s.before[i] >= 0 && alone && only(s.changed(i), numbers) && s.was(i, shown) {
		return cacheLags, ""
	}
	return "", olderMoment
}

// letGo says why a pod may lose the finalizer: it runs, and may be about to be deleted.
func (s *Source) letGo(i int) string {
	if s.active(i) {
		return notDeleted
	}
	return byHand
}

// takeable says why a pod may lose the finalizer from a version on: somebody takes it from a pod that runs, which is then
// never counted.
func (s *Source) takeable(i int) string {
	if s.before[i] < 0 || !s.active(i) || s.indexed(i) && s.endsAs(i) == succeeded {
		return ""
	}
	for n := i; n < len(s.lines); n++ {
		if s.lines[n].Kind == history.Jobs.Name && strings.Contains(s.facts[n]["uncounted"], s.lines[i].UID) {
			return ""
		}
	}
	return anybody
}

// lendable says why a pod may lose or get the finalizer for a while: somebody does it by hand, and the controller, which has
// nothing to do with the pod then, does not look.
func (s *Source) lendable(i int) string {
	next, before := s.after[i], s.before[i]
	switch {
	case before < 0 || s.facts[i]["deletion"] != "" || next >= 0 && s.facts[next]["deletion"] != "":
		return ""
	case s.unowned(i) != "", s.ended(before) && !s.tracked(before) && !s.tracked(i):
		return anybody
	case next < 0:
	case s.active(i) && s.tracked(i) && s.tracked(next), s.ended(before) && !s.tracked(i) && s.unmoved(i, next):
		return anybody
	}
	return ""
}

// unmoved says whether no status that is written between a line and another moves the pod on from the uncounted ones, or ends
// the Job.
func (s *Source) unmoved(i, until int) bool {
	for n := i + 1; n < until; n++ {
		if s.lines[n].Kind != history.Jobs.Name || s.job(n) != s.job(i) {
			continue
		}
		before := s.before[n] >= 0 && strings.Contains(s.facts[s.before[n]]["uncounted"], s.lines[i].UID)
		if s.lines[n].Type == history.Deleted || before && !strings.Contains(s.facts[n]["uncounted"], s.lines[i].UID) || slices.Contains(s.changed(n), "conditions") {
			return false
		}
	}
	return true
}

// unowned says why it does not matter what a pod is like: it is no Job's and becomes none.
func (s *Source) unowned(i int) string {
	if s.lines[i].Kind != history.Pods.Name {
		return ""
	}
	for n := i; n >= 0; n = s.after[n] {
		if s.job(n) != "" {
			return ""
		}
	}
	return anybody
}

// handmade says why a pod may be as it likes when it is created: somebody makes it, and a Job adopts it.
func (s *Source) handmade(i int) string {
	if s.job(i) == "" {
		return byHand
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
// counted, or is gone; or why that does not show.
func (s *Source) dismissed(i int) (same, hidden string) {
	switch {
	case s.lines[i].Type == history.Deleted, s.before[i] >= 0 && !s.tracked(i) && s.ended(i) && s.ended(s.before[i]):
		return anybody, ""
	}
	return "", olderMoment
}

// holdable says why a pod may keep its finalizer: it goes with the pod, or the recording ends and nothing shows that it went
// on.
func (s *Source) holdable(i int) (same, hidden string) {
	switch {
	case s.indexed(i) && s.facts[i]["phase"] == succeeded && s.quiet(i, len(s.lines)):
		return unheard, ""
	case s.indexed(i) && s.ended(i):
		return "", byIndex
	case s.active(i) || s.facts[i]["deletion"] != "":
		return "", deletedFirst
	}
	return "", byHand
}

// forgettable says why a pod may stay as it is from a version on, or why that does not show.
func (s *Source) forgettable(i int) (same, hidden string) {
	if s.ended(i) && !s.tracked(i) && !s.removed(i) {
		return unheard, ""
	}
	for n := s.after[i]; n >= 0; n = s.after[n] {
		if s.lines[n].Type != history.Modified || !only(s.changed(n), progress) {
			return "", slowKubelet
		}
	}
	if !s.quiet(i, len(s.lines)) {
		return "", slowKubelet
	}
	return unheard, ""
}

// removed says whether a pod's Job is removed after a line.
func (s *Source) removed(i int) bool {
	for n := i + 1; n < len(s.lines); n++ {
		if s.lines[n].Kind == history.Jobs.Name && s.lines[n].Type == history.Deleted && s.job(n) == s.job(i) {
			return true
		}
	}
	return false
}

// endOf is where a pod ends after a line; the end of the history if it does not.
func (s *Source) endOf(i int) int {
	for n := i; n >= 0; n = s.after[n] {
		if s.ended(n) {
			return n
		}
	}
	return len(s.lines)
}

// markable says why a pod may be marked for deletion from a version on: it has ended, or does so before anybody writes of it.
func (s *Source) markable(i int) string {
	if s.active(i) && s.before[i] >= 0 && s.quiet(i, s.endOf(i)) && s.endsAs(i) == succeeded {
		return unwatched
	}
	if s.before[i] >= 0 && s.ended(i) && s.ended(s.before[i]) && !s.tracked(i) {
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
func (s *Source) mayEndOtherwise(i int) (same, hidden string) {
	if s.indexed(i) && s.indexTaken(i) {
		return "", byIndex
	}
	for n := i; n >= 0; n = s.after[n] {
		if s.tracked(n) {
			return "", policies // it may be adopted and counted, or not
		}
	}
	if s.before[i] >= 0 && !s.tracked(s.before[i]) {
		return asItLikes, ""
	}
	return "", policies
}

// indexTaken says whether the pod's index was completed before a line, so that the pod counts neither way.
func (s *Source) indexTaken(i int) bool {
	for n := range i {
		if s.lines[n].Kind == history.Pods.Name && s.lines[n].UID != s.lines[i].UID && s.facts[n]["phase"] == succeeded && s.index(n) == s.index(i) {
			return true
		}
	}
	return false
}

func (s *Source) index(i int) string {
	return gjson.Get(s.facts[i]["annotations"], `batch\.kubernetes\.io/job-completion-index`).Str
}

// rephasable says why a pod's phase may be another.
func (s *Source) rephasable(i int, phase string, on bool) (same, hidden string) {
	next := s.after[i]
	switch {
	case (phase == "Pending" || phase == "Running") && s.active(i) && (!on || s.endsAs(i) == ""):
		return nothing, ""
	case s.ended(i) && s.before[i] >= 0 && !s.ended(s.before[i]) && !on && next >= 0 && s.facts[next]["phase"] == s.facts[i]["phase"] &&
		(phase == "Pending" || phase == "Running") && s.quiet(i, next) && s.facts[next]["finalizers"] == s.facts[i]["finalizers"]:
		return unwatched, ""
	case s.before[i] >= 0 && s.active(s.before[i]) && !s.tracked(s.before[i]), s.facts[i]["deletion"] != "":
		return "", asItLikes
	case s.active(i) && s.endsAs(i) == `"`+phase+`"`:
		if s.before[i] >= 0 && (on || s.endOf(i) == next) && s.quiet(i, s.endOf(i)) {
			return unwatched, ""
		}
		return "", endedEarlier
	case s.active(i):
		return "", unheardOf
	case phase == "Pending" || phase == "Running":
		return "", endedLater
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
