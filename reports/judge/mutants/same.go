package mutants

import (
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/jobproof/jobproof/reports/history"
)

// Here is why a mutant may be a legal history too. Each reason is one that holds of the controllers as they are written, and
// is claimed only where it is certain: a judge who objects to such a mutant gives a false alarm.
const (
	nothing     = "nothing that anybody counts on has changed"
	bestEffort  = "an Event is best effort, it may never have been written"
	onlyBlocks  = "of a node only its loss matters"
	unwatched   = "nobody wrote anything of the Job in between"
	batched     = "what runs is written when the controller comes to it, a second later or with something else"
	together    = "the controller may write both at once"
	unheard     = "the recording ends before anybody has to act on it"
	independent = "they have nothing to do with each other"
	cacheLags   = "the controller has not seen it yet, for its cache lags"
	settled     = "nothing is owed to anybody: the next move is a kubelet's, the scheduler's or a user's"
	anybody     = "anybody may do that, and nobody counts on it"
	goesToo     = "the last finalizer, and the mark, go with the object"
	asItLikes   = "a pod that is marked, or that the controller let go, ends as it likes"
)

// numbers are the fields of a Job's status that say how many pods are what at a moment.
var numbers = []string{"active", "ready", "terminating", "start"}

// progress is what kubelet and scheduler write in a pod while it goes on.
var progress = []string{"ready", "exit", "restarts", "phase", "node", "disrupted"}

// only says whether all names are among some.
func only(names, among []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(among, name) })
}

// job returns the uid of the Job that a line is about: the Job's own, or that of a pod's owner.
func (s *Source) job(i int) string {
	switch v := s.lines[i]; v.Kind {
	case history.Jobs.Name:
		return v.UID
	case history.Pods.Name:
		return gjson.Get(s.facts[i]["owner"], "0.uid").Str
	}
	return ""
}

// quiet says whether nothing of a line's Job stands between it and another: neither the Job, nor another of its pods being
// created or deleted.
func (s *Source) quiet(i, until int) bool {
	for n := i + 1; n < until; n++ {
		if s.job(n) != s.job(i) || s.lines[n].UID == s.lines[i].UID {
			continue
		}
		if s.lines[n].Kind == history.Jobs.Name || s.lines[n].Type != history.Modified {
			return false
		}
	}
	return true
}

// unread says whether no status that is written between a line and another counts ready pods afresh.
func (s *Source) unread(i, until int) bool {
	for n := i + 1; n < until; n++ {
		if s.lines[n].Kind == history.Jobs.Name && s.job(n) == s.job(i) && (s.lines[n].Type == history.Deleted || !s.keepsReady(n)) {
			return false
		}
	}
	return true
}

// keepsReady says whether a version of a Job changes nothing that follows from how many pods are ready.
func (s *Source) keepsReady(n int) bool {
	changed := s.changed(n)
	return !slices.Contains(changed, "ready") && !slices.Contains(changed, "active") && !slices.Contains(changed, "conditions")
}

// ofPod says whether an Event is about a pod, which only kubelet and scheduler write.
func (s *Source) ofPod(i int) bool {
	return gjson.GetBytes(s.lines[i].Object, "involvedObject.kind").Str == history.Pods.Name
}

func (s *Source) droppable(i int) string {
	v, next := s.lines[i], s.after[i]
	if v.Type != history.Modified && next >= 0 {
		return "" // what follows has no beginning
	}
	changed := s.changed(i)
	switch v.Kind {
	case history.Events.Name:
		return bestEffort
	case history.Nodes.Name:
		if v.Type == history.Listed || len(changed) == 0 {
			return onlyBlocks
		}
	case history.Services.Name, history.EndpointSlices.Name, history.PersistentVolumeClaims.Name:
		return unwatched
	case history.Pods.Name:
		return s.podDroppable(i, changed)
	case history.Jobs.Name:
		if v.Type == history.Modified {
			return s.jobDroppable(i, changed)
		}
	}
	return ""
}

func (s *Source) podDroppable(i int, changed []string) string {
	next := s.after[i]
	v := s.lines[i]
	switch {
	case len(changed) == 0 && v.Type == history.Modified, slices.Equal(changed, []string{"node"}) && next >= 0:
		return nothing
	case next >= 0 && s.lines[next].Type == history.Deleted && only(changed, []string{"deletion", "finalizers"}) && s.ended(s.before[i]):
		return goesToo
	case next >= 0 && only(changed, []string{"restarts", "ready"}) && only(s.changed(next), progress) && s.unread(i, next):
		return unwatched
	case next >= 0 && s.facts[next]["deletion"] != "" && only(changed, append(progress, "deletion")) && only(s.changed(next), append(progress, "deletion")) && s.quiet(i, next):
		return unwatched
	case next >= 0:
		return ""
	case v.Type == history.Deleted && s.ended(s.before[i]) && !s.tracked(s.before[i]):
		return unheard
	case v.Type == history.Modified && only(changed, progress) && s.quiet(i, len(s.lines)):
		return unheard
	case slices.Equal(changed, []string{"finalizers"}) && s.indexed(i) && s.facts[i]["phase"] == succeeded && s.quiet(i, len(s.lines)):
		return unheard // its index is counted, and nothing shows that it has gone on
	}
	return ""
}

// ended says whether a pod is Succeeded or Failed in a line.
func (s *Source) ended(i int) bool {
	return i >= 0 && (s.facts[i]["phase"] == succeeded || s.facts[i]["phase"] == failed)
}

const (
	succeeded = `"Succeeded"`
	failed    = `"Failed"`
)

func (s *Source) indexed(i int) bool {
	return strings.Contains(s.facts[i]["annotations"], "job-completion-index")
}

func (s *Source) jobDroppable(i int, changed []string) string {
	next := s.after[i]
	if len(changed) == 0 {
		return nothing
	}
	counting := append([]string{"succeeded", "failed", "uncounted"}, numbers...)
	switch {
	case next < 0 && only(changed, numbers), next < 0 && only(changed, counting) && s.aloneBetween(i, len(s.lines)):
		return unheard
	case next < 0 || s.facts[next]["spec"] != s.facts[i]["spec"] || s.facts[next]["deletion"] != s.facts[i]["deletion"]:
		return "" // such a write repeats the status
	case only(changed, numbers):
		return batched
	case only(changed, counting) && s.facts[i]["uncounted"] == "":
		return together // what has been counted may be written with what comes next
	}
	return ""
}

// aloneBetween says whether nothing stands between two versions of a Job that has to do with it, but its own.
func (s *Source) aloneBetween(i, until int) bool {
	for n := i + 1; n < until; n++ {
		if s.job(n) == s.job(i) && s.lines[n].UID != s.lines[i].UID {
			return false
		}
	}
	return true
}

func (s *Source) repeatable(i, next int) string {
	changed := s.changed(next)
	switch {
	case len(changed) == 0:
		return nothing
	case s.lines[i].Kind == history.Pods.Name && only(changed, []string{"restarts", "ready"}) && s.unread(next, s.until(next)):
		return unwatched
	}
	return ""
}

// until is where the next version of an object stands, or the end.
func (s *Source) until(i int) int {
	if s.after[i] < 0 {
		return len(s.lines)
	}
	return s.after[i]
}

func (s *Source) exchangeable(i, next int) string {
	changed := s.changed(next)
	switch {
	case s.lines[next].Type != history.Modified || s.before[i] < 0:
	case len(changed) == 0:
		return nothing
	case s.lines[i].Kind == history.Pods.Name && only(changed, []string{"restarts", "ready"}) && s.unread(i, s.until(next)):
		return unwatched
	}
	return ""
}

func (s *Source) independent(i, next int) string {
	a, b := s.lines[i], s.lines[next]
	switch {
	case a.Kind == history.Nodes.Name && b.Kind == history.Nodes.Name, a.Kind == history.Events.Name && b.Kind == history.Events.Name:
		return independent
	case s.apart(i) || s.apart(next):
		return independent
	case a.Kind == history.Nodes.Name && s.lines[next].Kind != history.Pods.Name, b.Kind == history.Nodes.Name && s.lines[i].Kind != history.Pods.Name:
		return independent
	case a.Kind == history.Nodes.Name && (a.Type == history.Listed || len(s.changed(i)) == 0),
		b.Kind == history.Nodes.Name && (b.Type == history.Listed || len(s.changed(next)) == 0):
		return onlyBlocks
	case a.Kind == history.Events.Name && s.ofPod(i), b.Kind == history.Events.Name && s.ofPod(next):
		return independent
	case a.Kind == history.Events.Name && s.mere(next), b.Kind == history.Events.Name && s.mere(i),
		a.Kind == history.Events.Name && b.Kind == history.Jobs.Name && s.ofItsPods(i), b.Kind == history.Events.Name && a.Kind == history.Jobs.Name && s.ofItsPods(next):
		return independent
	case a.Kind == history.Events.Name && s.ofAnother(i, next), b.Kind == history.Events.Name && s.ofAnother(next, i):
		return independent
	case a.Kind == history.Pods.Name && b.Kind == history.Pods.Name:
		return s.podsIndependent(i, next)
	case a.Kind == history.Jobs.Name && b.Kind == history.Pods.Name:
		if b.Type == history.Modified && only(s.changed(next), progress) {
			return cacheLags
		}
	case a.Kind == history.Pods.Name && b.Kind == history.Jobs.Name && s.job(i) == s.job(next):
		if a.Type == history.Modified && only(s.changed(i), []string{"node", "exit", "restarts"}) {
			return independent
		}
	case s.job(i) != s.job(next) && s.job(i) != "" && s.job(next) != "":
		return independent
	}
	return ""
}

// ofAnother says whether an Event is about another Job than a line.
func (s *Source) ofAnother(i, n int) bool {
	uid := gjson.GetBytes(s.lines[i].Object, "involvedObject.uid").Str
	return s.lines[n].Kind == history.Jobs.Name && uid != s.lines[n].UID
}

// ofItsPods says whether an Event of a Job is about the creation or deletion of a pod, which is no moment of the Job's own.
func (s *Source) ofItsPods(i int) bool {
	reason := gjson.GetBytes(s.lines[i].Object, "reason").Str
	return reason == "SuccessfulCreate" || reason == "SuccessfulDelete"
}

// apart says whether a line is about something that follows the pods in its own time.
func (s *Source) apart(i int) bool {
	switch s.lines[i].Kind {
	case history.Services.Name, history.EndpointSlices.Name, history.PersistentVolumeClaims.Name:
		return true
	}
	return false
}

// mere says whether a line is a version of an object that was there before and is there after it, which is no Job.
func (s *Source) mere(i int) bool {
	return s.lines[i].Type == history.Modified && s.lines[i].Kind != history.Jobs.Name
}

// podsIndependent is about two pods. What happens to one does not depend on the other unless one is created for the other.
func (s *Source) podsIndependent(i, next int) string {
	created := func(n int) bool { return s.lines[n].Type == history.Added }
	calm := func(n int) bool {
		return s.lines[n].Type == history.Modified && only(s.changed(n), []string{"ready", "exit", "restarts", "node", "finalizers"}) ||
			s.active(n) && s.before[n] >= 0 && s.active(s.before[n])
	}
	switch {
	case created(i) && created(next), !created(i) && !created(next), calm(i) || calm(next), s.job(i) != s.job(next), s.room(i):
		return independent
	}
	return ""
}

// room says whether a Job could have one more pod before a line.
func (s *Source) room(until int) bool {
	latest := map[string]int{}
	job := gjson.Result{}
	for i := range until {
		switch s.lines[i].Kind {
		case history.Pods.Name:
			latest[s.lines[i].UID] = i
		case history.Jobs.Name:
			if s.job(i) == s.job(until) {
				job = gjson.ParseBytes(s.lines[i].Object)
			}
		}
	}
	active := 0
	for _, i := range latest {
		if s.job(i) == s.job(until) && s.active(i) {
			active++
		}
	}
	return active < int(job.Get("spec.parallelism").Int())
}

// active says whether a pod is neither finished nor marked for deletion.
func (s *Source) active(i int) bool {
	phase := s.facts[i]["phase"]
	return s.lines[i].Type != history.Deleted && s.facts[i]["deletion"] == "" && phase != succeeded && phase != failed
}
