package mutants

import (
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge/tree"
)

const (
	tracking   = "batch.kubernetes.io/job-tracking"
	finalizer  = "metadata.finalizers[" + tracking + "]"
	indexInfo  = "metadata.annotations[batch.kubernetes.io/job-completion-index]"
	indexLabel = "metadata.labels[batch.kubernetes.io/job-completion-index]"
)

var podOperators = []Operator{
	{Name: "drop finalizer", Says: "a pod does not have the tracking finalizer from a version on", sites: eachOf(history.Pods.Name, func(s *Source, i int) []site {
		if !s.tracked(i) {
			return nil
		}
		one := fromThere(s, i, func(object *tree.Value) { parsed(finalizer).Remove(object) })
		one.same, one.hidden = s.takeable(i), s.letGo(i)
		return []site{one}
	})},
	{Name: "drop finalizer once", Says: "a pod does not have the tracking finalizer in one version", sites: eachOf(history.Pods.Name, func(s *Source, i int) []site {
		if !s.tracked(i) {
			return nil
		}
		one := inObject(i, func(object *tree.Value) { parsed(finalizer).Remove(object) })
		one[0].same, one[0].hidden = s.lendable(i), s.letGo(i)
		return one
	})},
	{Name: "add finalizer", Says: "a pod has the tracking finalizer again, in one version", sites: eachOf(history.Pods.Name, func(s *Source, i int) []site {
		if s.tracked(i) {
			return nil
		}
		one := inObject(i, func(object *tree.Value) { put(object, "metadata.finalizers", []any{tracking}) })
		one[0].same, one[0].hidden = s.lendable(i), byHand
		return one
	})},
	{Name: "keep finalizer", Says: "a pod keeps the tracking finalizer", sites: eachOf(history.Pods.Name, func(s *Source, i int) []site {
		if s.tracked(i) || s.before[i] < 0 || !s.tracked(s.before[i]) {
			return nil
		}
		one := fromThere(s, i, func(object *tree.Value) { put(object, "metadata.finalizers", []any{tracking}) })
		one.same, one.hidden = s.holdable(i)
		return []site{one}
	})},
	{Name: "other owner", Says: "a pod has another owner from a version on", sites: eachOf(history.Pods.Name, func(s *Source, i int) []site {
		one := fromThere(s, i, func(object *tree.Value) {
			put(object, "metadata.ownerReferences[0].uid", "00000000-0000-4000-8000-000000000000")
		})
		one.same, one.hidden = s.dismissed(i)
		return []site{one}
	})},
	{Name: "no owner", Says: "a pod has no owner from a version on", sites: eachOf(history.Pods.Name, func(s *Source, i int) []site {
		one := fromThere(s, i, func(object *tree.Value) { parsed("metadata.ownerReferences").Remove(object) })
		one.same, one.hidden = s.dismissed(i)
		return []site{one}
	})},
	{Name: "other index", Says: "a pod has another completion index from a version on", sites: indexSites(func(object *tree.Value, index string) {
		put(object, indexInfo, index)
		put(object, indexLabel, index)
	})},
	{Name: "other annotation", Says: "a pod's annotation has another completion index", sites: indexSites(func(object *tree.Value, index string) {
		put(object, indexInfo, index)
	})},
	{Name: "other phase", Says: "a pod is in another phase, in one version", sites: phaseSites(false)},
	{Name: "other phase on", Says: "a pod is in another phase from a version on", sites: phaseSites(true)},
	{Name: "other exit", Says: "a container failed that succeeded, or succeeded that failed, and the pod with it", sites: eachOf(history.Pods.Name, func(s *Source, i int) []site {
		phase := s.facts[i]["phase"]
		other := map[string]string{`"Succeeded"`: "Failed", `"Failed"`: "Succeeded"}[phase]
		if other == "" || s.before[i] >= 0 && s.facts[s.before[i]]["phase"] == phase {
			return nil
		}
		same, hidden := s.mayEndOtherwise(i)
		return []site{{same: same, hidden: hidden, make: fromThere(s, i, func(object *tree.Value) {
			put(object, "status.phase", other)
			put(object, "status.containerStatuses[0].state.terminated.exitCode", map[string]int{"Failed": 1, "Succeeded": 0}[other])
		}).make}}
	})},
	{Name: "mark", Says: "a pod is marked for deletion from a version on", sites: eachOf(history.Pods.Name, func(s *Source, i int) []site {
		if s.facts[i]["deletion"] != "" {
			return nil
		}
		when := s.lines[i].Seen.UTC().Add(30 * time.Second).Format(time.RFC3339)
		one := fromThere(s, i, func(object *tree.Value) {
			if at(object, "metadata.deletionTimestamp") == nil {
				put(object, "metadata.deletionTimestamp", when)
				put(object, "metadata.deletionGracePeriodSeconds", 30)
			}
		})
		if one.same = s.markable(i); one.same == "" {
			one.hidden = olderMoment
		}
		return []site{one}
	})},
	{Name: "unmark", Says: "a pod is not marked for deletion, in one version", sites: eachOf(history.Pods.Name, func(s *Source, i int) []site {
		if s.facts[i]["deletion"] == "" {
			return nil
		}
		one := inObject(i, func(object *tree.Value) {
			parsed("metadata.deletionTimestamp").Remove(object)
			parsed("metadata.deletionGracePeriodSeconds").Remove(object)
		})
		one[0].same, one[0].hidden = s.unmarkable(i), olderMoment
		return one
	})},
	{Name: "other label", Says: "a pod has another Job's name in its labels, from a version on", sites: eachOf(history.Pods.Name, func(s *Source, i int) []site {
		one := fromThere(s, i, func(object *tree.Value) { put(object, "metadata.labels[batch.kubernetes.io/job-name]", "other") })
		generated := strings.Contains(s.facts[i]["labels"], "batch.kubernetes.io/controller-uid") // not with a manualSelector
		if one.same, one.hidden = s.unowned(i), s.handmade(i); s.before[i] >= 0 || !generated {
			one.same = anybody
		}
		return []site{one}
	})},
	{Name: "other template", Says: "a Job's template is another from a version on", sites: eachOf(history.Jobs.Name, func(s *Source, i int) []site {
		one := fromThere(s, i, func(object *tree.Value) { put(object, "spec.template.spec.containers[0].image", "other") })
		if s.before[i] < 0 && !s.creates(i) {
			one.same = anybody
		}
		return []site{one}
	})},
}

func (s *Source) tracked(i int) bool {
	for _, name := range gjson.Parse(s.facts[i]["finalizers"]).Array() {
		if name.Str == tracking {
			return true
		}
	}
	return false
}

// indexSites are the sites at which a pod's completion index can be another from there on: that of its neighbour.
func indexSites(change func(object *tree.Value, index string)) func(*Source) []site {
	return eachOf(history.Pods.Name, func(s *Source, i int) []site {
		index := gjson.GetBytes(s.lines[i].Object, `metadata.annotations.batch\.kubernetes\.io/job-completion-index`)
		if !index.Exists() {
			return nil
		}
		other := strconv.Itoa(int(index.Int()) ^ 1)
		one := fromThere(s, i, func(object *tree.Value) { change(object, other) })
		one.hidden = s.elsewhere(i)
		return []site{one}
	})
}

// phaseSites are the sites at which a pod's phase can be another.
func phaseSites(on bool) func(*Source) []site {
	return eachOf(history.Pods.Name, func(s *Source, i int) []site {
		var all []site
		for _, phase := range []string{"Pending", "Running", "Succeeded", "Failed"} {
			if gjson.GetBytes(s.lines[i].Object, "status.phase").Str == phase {
				continue
			}
			change := func(object *tree.Value) { put(object, "status.phase", phase) }
			one := inObject(i, change)[0]
			if on {
				one = fromThere(s, i, change)
			}
			one.what = s.tell(i) + " " + s.facts[i]["phase"] + "→" + phase
			one.same, one.hidden = s.rephasable(i, phase, on)
			all = append(all, one)
		}
		return all
	})
}
