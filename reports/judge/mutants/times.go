package mutants

import (
	"fmt"
	"slices"
	"time"

	"github.com/tidwall/gjson"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge/tree"
)

var timeOperators = []Operator{
	{Name: "retime pod birth", Says: "a pod's creationTimestamp is another in one version", sites: shifts(history.Pods.Name, "metadata.creationTimestamp")},
	{Name: "retime pod deletion", Says: "a pod's deletionTimestamp is another in one version", sites: shifts(history.Pods.Name, "metadata.deletionTimestamp")},
	{Name: "retime pod end", Says: "a pod's containers ended at another time, in one version", sites: because(otherContainer, eachOf(history.Pods.Name, endShifts))},
	{Name: "retime Job birth", Says: "a Job's creationTimestamp is another in one version", sites: shifts(history.Jobs.Name, "metadata.creationTimestamp")},
	{Name: "retime Job start", Says: "a Job's startTime is another in one version", sites: shifts(history.Jobs.Name, "status.startTime")},
	{Name: "retime Job start ever", Says: "a Job's startTime is another in all its versions", sites: shiftsOn(history.Jobs.Name, "status.startTime")},
	{Name: "retime completion", Says: "a Job's completionTime is another", sites: shiftsOn(history.Jobs.Name, "status.completionTime")},
	{Name: "retime condition", Says: "a Job's condition turned at another time, in one version", sites: eachOf(history.Jobs.Name, func(s *Source, i int) []site {
		var all []site
		for _, condition := range conditionTypes(s, i) {
			all = append(all, shift(s, i, "status.conditions["+condition+"].lastTransitionTime", false)...)
		}
		return all
	})},
	{Name: "retime outcome", Says: "the condition that decides a Job turned at another time", sites: eachOf(history.Jobs.Name, func(s *Source, i int) []site {
		var all []site
		for _, condition := range conditionTypes(s, i) {
			all = append(all, shift(s, i, "status.conditions["+condition+"].lastTransitionTime", true)...)
		}
		return all
	})},
	{Name: "pause", Says: "nothing happens for half an hour", sites: func(s *Source) []site {
		var all []site
		for i := 1; i < len(s.lines); i++ {
			all = append(all, site{what: s.tell(i), same: s.patient(i), hidden: s.owed(i), make: func(d *draft) {
				for n := range d.writes {
					if d.writes[n].At.After(d.lines[i].Seen) {
						d.writes[n].At = d.writes[n].At.Add(30 * time.Minute)
					}
				}
				for n := i; n < len(d.lines); n++ {
					d.lines[n].Seen = d.lines[n].Seen.Add(30 * time.Minute)
				}
				d.end.At = d.end.At.Add(30 * time.Minute)
			}})
		}
		return all
	}},
	{Name: "stop", Says: "nothing more happens, for half an hour", sites: func(s *Source) []site {
		var all []site
		for i := 1; i < len(s.lines); i++ {
			all = append(all, site{what: s.tell(i), same: s.patient(i), hidden: s.owed(i), make: func(d *draft) {
				d.writes = slices.DeleteFunc(d.writes, func(w history.Write) bool { return w.At.After(d.lines[i].Seen) })
				d.lines = d.lines[:i]
				d.end.At = d.end.At.Add(30 * time.Minute)
			}})
		}
		return all
	}},
}

// endShifts are the sites at which the ends of a pod's containers can be moved.
func endShifts(s *Source, i int) []site {
	object := gjson.ParseBytes(s.lines[i].Object)
	if s.time(i, "status.containerStatuses[0].state.terminated.finishedAt").IsZero() {
		return nil
	}
	var all []site
	for _, by := range []time.Duration{-far, far} {
		move := func(object *tree.Value, path string) {
			text, _ := at(object, path).Text()
			if when, err := time.Parse(time.RFC3339, text); err == nil {
				put(object, path, when.Add(by).Format(time.RFC3339))
			}
		}
		all = append(all, site{what: s.tell(i) + " " + by.String(), make: func(d *draft) {
			d.edit(i, func(edited *tree.Value) {
				for _, list := range []string{"status.containerStatuses", "status.initContainerStatuses"} {
					for n := range object.Get(list + ".#").Int() {
						move(edited, fmt.Sprintf("%s[%d].state.terminated.finishedAt", list, n))
					}
				}
			})
		}})
	}
	return all
}

// shifts are the sites at which a time can be moved in one version; shiftsOn those at which it is new, and moved from there on.
func shifts(kind, path string) func(*Source) []site {
	return eachOf(kind, func(s *Source, i int) []site { return shift(s, i, path, false) })
}

func shiftsOn(kind, path string) func(*Source) []site {
	return eachOf(kind, func(s *Source, i int) []site { return shift(s, i, path, true) })
}

// far is how far times are moved: more than clocks differ by.
const far = 10 * time.Minute

// shift is two sites, for the past and the future, or none if the time is not there, or is not new and is to be so.
func shift(s *Source, i int, path string, on bool) []site {
	when := s.time(i, path)
	if when.IsZero() || on && s.before[i] >= 0 && s.time(s.before[i], path).Equal(when) {
		return nil
	}
	var all []site
	for _, by := range []time.Duration{-far, far} {
		move := func(object *tree.Value) {
			if at(object, path) != nil {
				put(object, path, when.Add(by).Format(time.RFC3339))
			}
		}
		one := site{make: func(d *draft) { d.edit(i, move) }}
		if on {
			one = fromThere(s, i, move)
		}
		one.what = s.tell(i) + " " + by.String()
		all = append(all, one)
	}
	return all
}

// time is the time at a path in a line, or zero.
func (s *Source) time(i int, path string) time.Time {
	object, err := tree.Parse(s.lines[i].Object)
	if err != nil {
		return time.Time{}
	}
	text, _ := at(object, path).Text()
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return when
}
