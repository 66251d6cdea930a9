package judge

import "github.com/tidwall/gjson"

// withoutIndex says, in words, which container of the template has no JOB_COMPLETION_INDEX in the pod; nothing if all have
// it. A container that a webhook adds need not have it.
func (t *template) withoutIndex(p *PodVersion) string {
	shape := p.shape()
	if t.indexed[shape] {
		return ""
	}
	template, pod := gjson.Parse(t.spec), gjson.Parse(p.specRaw)
	for _, list := range [...]string{"containers", "initContainers"} {
		have := field(pod, list)
		wrong := ""
		field(template, list).ForEach(func(_, stated gjson.Result) bool {
			name := field(stated, "name").Str
			have.ForEach(func(_, container gjson.Result) bool {
				if field(container, "name").Str == name && !hasEnv(container, "JOB_COMPLETION_INDEX") {
					wrong = "its container " + name + " has no JOB_COMPLETION_INDEX"
				}
				return wrong == ""
			})
			return wrong == ""
		})
		if wrong != "" {
			return wrong
		}
	}
	t.indexed[shape] = true
	return ""
}

func hasEnv(container gjson.Result, name string) (has bool) {
	field(container, "env").ForEach(func(_, env gjson.Result) bool {
		has = field(env, "name").Str == name
		return !has
	})
	return has
}
