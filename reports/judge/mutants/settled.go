package mutants

import (
	"github.com/tidwall/gjson"

	"github.com/jobproof/jobproof/reports/history"
)

// world is what exists before a line.
type world struct {
	source *Source
	until  int
	jobs   []int
	pods   map[string][]int // by the uid of their Job
	lost   map[string]bool  // nodes that are not ready
	other  bool             // there is something else that controllers look after
}

func (s *Source) worldAt(until int) world {
	latest := map[string]int{}
	for i := range until {
		latest[s.lines[i].UID] = i
	}
	w := world{source: s, until: until, pods: map[string][]int{}, lost: map[string]bool{}}
	for i := range until {
		v := s.lines[i]
		switch {
		case latest[v.UID] != i:
		case v.Kind == history.Jobs.Name:
			w.jobs = append(w.jobs, i)
		case v.Kind == history.Pods.Name && v.Type != history.Deleted:
			w.pods[s.job(i)] = append(w.pods[s.job(i)], i)
		case v.Kind == history.Nodes.Name:
			w.lost[v.Name] = s.facts[i]["ready"] != `"True"`
		case v.Kind != history.Events.Name && v.Kind != history.Pods.Name:
			w.other = true
		}
	}
	return w
}

// patient says why nothing need happen for as long as it likes after the lines before one: no Job and no controller has
// anything to do.
func (s *Source) patient(until int) string {
	w := s.worldAt(until)
	if w.other || len(w.pods[""]) > 0 {
		return ""
	}
	for _, pods := range w.pods {
		for _, pod := range pods {
			if !s.ended(pod) && w.lost[gjson.Parse(s.facts[pod]["node"]).Str] {
				return ""
			}
		}
	}
	for _, job := range w.jobs {
		if !w.content(job) {
			return ""
		}
	}
	return settled
}

// standing is how many pods of a Job are what, as its status counts them, and how many have ended and are tracked.
type standing struct{ active, ready, terminating, ended int }

func (w world) standing(job string) standing {
	var now standing
	for _, pod := range w.pods[job] {
		switch {
		case w.source.active(pod):
			now.active++
			if w.source.facts[pod]["ready"] == `"True"` {
				now.ready++
			}
		case !w.source.ended(pod):
			now.terminating++
		}
		if w.source.tracked(pod) && !w.source.active(pod) {
			now.ended++
		}
	}
	return now
}

// content says whether a Job and its pods are as they are to be.
func (w world) content(i int) bool {
	job := gjson.ParseBytes(w.source.lines[i].Object)
	if job.Get("metadata.deletionTimestamp").Exists() {
		return false
	}
	for _, pod := range w.pods[w.source.lines[i].UID] {
		if !gjson.Get(w.source.facts[pod]["labels"], `batch\.kubernetes\.io/controller-uid`).Exists() {
			return false // it is to be released
		}
	}
	now, status := w.standing(w.source.lines[i].UID), job.Get("status")
	numbers := standing{int(status.Get("active").Int()), int(status.Get("ready").Int()), int(status.Get("terminating").Int()), 0}
	if w.source.lines[i].Type == history.Deleted || now != numbers || uncounted(job) > 0 || w.source.elsewhere(i) != "" {
		return false
	}
	conditions := map[string]string{}
	for _, c := range status.Get("conditions").Array() {
		conditions[c.Get("type").Str] = c.Get("status").Str
	}
	suspended, suspends := conditions["Suspended"]
	switch {
	case conditions["Complete"] == "True" || conditions["Failed"] == "True":
		return w.told(i) && !job.Get("spec.ttlSecondsAfterFinished").Exists()
	case len(conditions) > 1 || len(conditions) == 1 && !suspends, job.Get("spec.suspend").Bool() != (suspended == "True"):
		return false
	case suspended == "True":
		return now.active == 0
	}
	wanted := int(job.Get("spec.parallelism").Int())
	switch completions := job.Get("spec.completions"); {
	case job.Get("spec.activeDeadlineSeconds").Exists(), job.Get("spec.backoffLimitPerIndex").Exists() && status.Get("failedIndexes").Str != "":
		return false
	case completions.Exists():
		wanted = min(wanted, int(completions.Int()-status.Get("succeeded").Int()))
	case status.Get("succeeded").Int() > 0:
		wanted = now.active
	}
	return now.active == wanted && status.Get("startTime").Exists()
}

func uncounted(job gjson.Result) int {
	list := job.Get("status.uncountedTerminatedPods")
	return len(list.Get("succeeded").Array()) + len(list.Get("failed").Array())
}

// told says whether an Event tells of the Job's end.
func (w world) told(i int) bool {
	s := w.source
	for n := range w.until {
		if s.lines[n].Kind != history.Events.Name || gjson.GetBytes(s.lines[n].Object, "involvedObject.uid").Str != s.lines[i].UID {
			continue
		}
		switch gjson.GetBytes(s.lines[n].Object, "reason").Str {
		case "Completed", "BackoffLimitExceeded", "DeadlineExceeded", "PodFailurePolicy", "FailedIndexes", "MaxFailedIndexesExceeded":
			return true
		}
	}
	return false
}

// was says whether the pods of a Job were so at some moment since the version of it before a line.
func (s *Source) was(i int, numbers standing) bool {
	for n := s.before[i] + 1; n <= i; n++ {
		now := s.worldAt(n).standing(s.lines[i].UID)
		now.ended = 0
		if now == numbers {
			return true
		}
	}
	return false
}
