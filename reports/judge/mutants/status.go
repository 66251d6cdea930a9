package mutants

import (
	"strconv"

	"github.com/tidwall/gjson"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge/tree"
)

// conditionTypes are those of a Job's conditions in a line.
func conditionTypes(s *Source, i int) []string {
	var types []string
	for _, t := range gjson.GetBytes(s.lines[i].Object, "status.conditions.#.type").Array() {
		types = append(types, t.Str)
	}
	return types
}

var conditionOperators = []Operator{
	{Name: "flip condition", Says: "a condition of a Job is the opposite, in one version", sites: conditionSites(false, func(object *tree.Value, condition string) {
		path := "status.conditions[" + condition + "].status"
		if text, _ := at(object, path).Text(); text == "True" {
			put(object, path, "False")
		} else {
			put(object, path, "True")
		}
	})},
	{Name: "drop condition", Says: "a Job does not have a condition, in one version", sites: laterSites(conditionSites(false, func(object *tree.Value, condition string) {
		parsed("status.conditions[" + condition + "]").Remove(object)
	}))},
	{Name: "drop condition ever", Says: "a Job never gets a condition", sites: conditionSites(true, func(object *tree.Value, condition string) {
		parsed("status.conditions[" + condition + "]").Remove(object)
	})},
	{Name: "double condition", Says: "a Job has a condition twice", sites: conditionSites(false, func(object *tree.Value, condition string) {
		list := at(object, "status.conditions")
		list.Items = append(list.Items, at(object, "status.conditions["+condition+"]"))
	})},
	{Name: "other reason", Says: "a condition of a Job has another reason", sites: conditionSites(true, func(object *tree.Value, condition string) {
		reason := "DeadlineExceeded"
		path := "status.conditions[" + condition + "].reason"
		if text, _ := at(object, path).Text(); text == reason {
			reason = "BackoffLimitExceeded"
		}
		if at(object, path) != nil {
			put(object, path, reason)
		}
	})},
	{Name: "add condition", Says: "a Job has one condition more, in one version", sites: eachOf(history.Jobs.Name, func(s *Source, i int) []site {
		var all []site
		for _, condition := range []string{"Complete", "Failed", "FailureTarget", "SuccessCriteriaMet", "Suspended"} {
			if gjson.GetBytes(s.lines[i].Object, `status.conditions.#(type=="`+condition+`")`).Exists() {
				continue
			}
			one := inObject(i, func(object *tree.Value) {
				created := at(object, "metadata.creationTimestamp").String()
				put(object, "status.conditions["+condition+"]", map[string]any{
					"type": condition, "status": "True", "reason": "BackoffLimitExceeded", "message": "so it is", "lastTransitionTime": created[1 : len(created)-1],
				})
			})
			one[0].what = s.tell(i) + " " + condition
			all = append(all, one...)
		}
		return all
	})},
}

// conditionSites are the sites at which something can be done to a condition of a Job: in one version, or where it is new and
// from there on.
func conditionSites(on bool, change func(object *tree.Value, condition string)) func(*Source) []site {
	return eachOf(history.Jobs.Name, func(s *Source, i int) []site {
		var all []site
		for _, condition := range conditionTypes(s, i) {
			do := func(object *tree.Value) { change(object, condition) }
			one := inObject(i, do)[0]
			if on {
				if s.before[i] >= 0 && gjson.GetBytes(s.lines[s.before[i]].Object, `status.conditions.#(type=="`+condition+`")`).Exists() {
					continue
				}
				one = fromThere(s, i, do)
			}
			one.what = s.tell(i) + " " + condition
			one.hidden = s.elsewhere(i)
			all = append(all, one)
		}
		return all
	})
}

// laterSites are sites at which something is left out of one version and stands in the next.
func laterSites(sites func(*Source) []site) func(*Source) []site {
	return func(s *Source) []site {
		all := sites(s)
		for i := range all {
			if all[i].hidden == "" {
				all[i].hidden = writtenLater
			}
		}
		return all
	}
}

var counterOperators = func() []Operator {
	var all []Operator
	for _, counter := range []string{"active", "ready", "terminating", "succeeded", "failed"} {
		for _, by := range []int{1, -1} {
			name, says := counter+" up", "status."+counter+" is one more, in one version"
			if by < 0 {
				name, says = counter+" down", "status."+counter+" is one less, in one version"
			}
			all = append(all, Operator{Name: name, Says: says, sites: eachOf(history.Jobs.Name, func(s *Source, i int) []site {
				n := int(gjson.GetBytes(s.lines[i].Object, "status."+counter).Int())
				if n+by < 0 || s.lines[i].Type == history.Added {
					return nil
				}
				one := inObject(i, func(object *tree.Value) { put(object, "status."+counter, n+by) })
				one[0].same, one[0].hidden = s.miscountable(i, counter, n+by)
				return one
			})})
		}
	}
	return append(all,
		Operator{Name: "other uncounted", Says: "another pod is uncounted in place of one", sites: uncountedSites(func(s *Source, i int, list string, uid string) []site {
			var all []site
			for _, pod := range s.of(history.Pods.Name) {
				if other := s.lines[pod].UID; s.ever(pod) && other != uid {
					all = append(all, inObject(i, func(object *tree.Value) { put(object, "status.uncountedTerminatedPods."+list+"["+uid+"]", other) })...)
				}
			}
			return all
		})},
		Operator{Name: "uncounted as the other", Says: "an uncounted success is a failure, or a failure a success", sites: uncountedSites(func(_ *Source, i int, list string, uid string) []site {
			other := map[string]string{"succeeded": "failed", "failed": "succeeded"}[list]
			return inObject(i, func(object *tree.Value) {
				parsed("status.uncountedTerminatedPods." + list + "[" + uid + "]").Remove(object)
				put(object, "status.uncountedTerminatedPods."+other+"[+]", uid)
			})
		})},
		Operator{Name: "not uncounted", Says: "an uncounted pod is not in the status", sites: uncountedSites(func(_ *Source, i int, list string, uid string) []site {
			return inObject(i, func(object *tree.Value) {
				parsed("status.uncountedTerminatedPods." + list + "[" + uid + "]").Remove(object)
			})
		})},
		Operator{Name: "indexes moved", Says: "completedIndexes has another index, in one version", sites: eachOf(history.Jobs.Name, func(s *Source, i int) []site {
			text := gjson.GetBytes(s.lines[i].Object, "status.completedIndexes").Str
			if text == "" {
				return nil
			}
			completions := int(gjson.GetBytes(s.lines[i].Object, "spec.completions").Int())
			var all []site
			for _, other := range []string{"", text + "," + strconv.Itoa(completions-1), strconv.Itoa(completions), "0-" + text} {
				if other != text {
					all = append(all, inObject(i, func(object *tree.Value) { put(object, "status.completedIndexes", other) })...)
				}
			}
			return all
		})},
	)
}()

// uncountedSites are the sites at which something can be done to an uncounted pod.
func uncountedSites(find func(s *Source, i int, list, uid string) []site) func(*Source) []site {
	return eachOf(history.Jobs.Name, func(s *Source, i int) []site {
		var all []site
		for _, list := range []string{"succeeded", "failed"} {
			for _, uid := range gjson.GetBytes(s.lines[i].Object, "status.uncountedTerminatedPods."+list).Array() {
				all = append(all, find(s, i, list, uid.Str)...)
			}
		}
		return all
	})
}
