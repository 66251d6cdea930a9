package mutants

import (
	"github.com/tidwall/gjson"

	"github.com/jobproof/jobproof/reports/history"
)

// patient says why nothing need happen for as long as it likes after the lines before one: no Job and no controller has
// anything to do.
func (s *Source) patient(until int) string {
	latest := map[string]int{}
	for i := range until {
		latest[s.lines[i].UID] = i
	}
	pods := map[string][]int{}
	for _, i := range latest {
		v := s.lines[i]
		switch {
		case v.Kind == history.Pods.Name && v.Type != history.Deleted:
			pods[s.job(i)] = append(pods[s.job(i)], i)
		case v.Kind == history.Nodes.Name && gjson.GetBytes(v.Object, `status.conditions.#(type=="Ready").status`).Str != "True":
			return ""
		case v.Kind != history.Jobs.Name && v.Kind != history.Pods.Name && v.Kind != history.Events.Name && v.Kind != history.Nodes.Name:
			return ""
		}
	}
	for _, i := range latest {
		if s.lines[i].Kind == history.Jobs.Name && !s.content(i, pods[s.lines[i].UID], until) {
			return ""
		}
	}
	return settled
}

// content says whether a Job and its pods are as they are to be.
func (s *Source) content(i int, pods []int, until int) bool {
	job := gjson.ParseBytes(s.lines[i].Object)
	if s.lines[i].Type == history.Deleted || job.Get("metadata.deletionTimestamp").Exists() || job.Get("spec.activeDeadlineSeconds").Exists() {
		return false
	}
	active, ready, terminating := 0, 0, 0
	for _, pod := range pods {
		switch {
		case s.active(pod):
			active++
			if s.facts[pod]["ready"] == `"True"` {
				ready++
			}
		case s.tracked(pod):
			return false
		case !s.ended(pod):
			terminating++
		}
	}
	finished := job.Get(`status.conditions.#(type=="Complete").status`).Str == "True" || job.Get(`status.conditions.#(type=="Failed").status`).Str == "True"
	if status := job.Get("status"); active != int(status.Get("active").Int()) || ready != int(status.Get("ready").Int()) ||
		terminating != int(status.Get("terminating").Int()) {
		return false
	}
	if finished {
		return active == 0 && s.told(i, until)
	}
	suspended := job.Get(`status.conditions.#(type=="Suspended").status`).Str
	if job.Get("status.conditions.#").Int() > 0 && suspended == "" || uncounted(job) > 0 || job.Get("spec.suspend").Bool() != (suspended == "True") {
		return false
	}
	if suspended == "True" {
		return active == 0
	}
	if !job.Get("status.startTime").Exists() {
		return false
	}
	wanted := int(job.Get("spec.parallelism").Int())
	if completions := job.Get("spec.completions"); completions.Exists() {
		wanted = min(wanted, int(completions.Int()-job.Get("status.succeeded").Int()))
	}
	return active == wanted
}

func uncounted(job gjson.Result) int {
	list := job.Get("status.uncountedTerminatedPods")
	return len(list.Get("succeeded").Array()) + len(list.Get("failed").Array())
}

// told says whether an Event tells of the Job's end.
func (s *Source) told(i, until int) bool {
	for n := range until {
		if s.lines[n].Kind != history.Events.Name || gjson.GetBytes(s.lines[n].Object, "involvedObject.uid").Str != s.lines[i].UID {
			continue
		}
		switch gjson.GetBytes(s.lines[n].Object, "reason").Str {
		case "Completed", "BackoffLimitExceeded", "DeadlineExceeded":
			return true
		}
	}
	return false
}
