package judge

import "time"

// clocks is about the clocks of the cluster and of the recorder. What they tell is compared throughout; if they are far
// apart, nothing that rests on it can be trusted.
var clocks = []Invariant{{
	ID:   "S30",
	Says: "No moment that is noted in an object lies after it was seen, or before the object was created.",
	Source: "the clocks of API server, controller manager, kubelets and recorder, which are to agree within a minute " +
		"(pkg/controller/job/job_controller.go:1045 and 1212, pkg/kubelet/container, k8s.io/apiserver/pkg/registry/rest)",
	Exceptions: []string{"clocks that do not agree: then it is not certain what was broken"},
	Job:        jobsClock,
	Pod:        podsClock,
}}

// apart is how far clocks may be apart. Those of one cluster are kept within milliseconds of each other; a minute leaves
// room for a recorder elsewhere.
const apart = time.Minute

func jobsClock(j *Job) Answer {
	born := j.Now.Meta.CreationTimestamp.Time
	noted := func(what string, at time.Time) Answer {
		if at.IsZero() {
			return Answer{}
		}
		return within(what, at, born, j.Now.Seen)
	}
	if j.Was == nil {
		return noted("creationTimestamp", born)
	}
	if start := j.Now.Status.StartTime; start != nil && !start.Equal(j.Was.Status.StartTime) {
		if a := noted("startTime", start.Time); a.unsure != "" {
			return a
		}
	}
	for i := range j.Now.Status.Conditions {
		c := &j.Now.Status.Conditions[i]
		if was := j.Was.Condition(c.Type); was != nil && was.LastTransitionTime.Equal(&c.LastTransitionTime) {
			continue
		}
		if a := noted("the condition "+string(c.Type), c.LastTransitionTime.Time); a.unsure != "" {
			return a
		}
	}
	return Answer{}
}

func podsClock(p *Pod) Answer {
	switch {
	case p.Created():
		from := p.Now.Created
		if p.Job != nil {
			from = p.Job.Now.Meta.CreationTimestamp.Time
		}
		return within("creationTimestamp", p.Now.Created, from, p.Now.Seen)
	case p.Was == nil:
		return Answer{}
	case !p.Now.Deleting.Equal(p.Was.Deleting) && !p.Now.Deleting.IsZero():
		return within("deletionTimestamp", p.Now.Deleting.Add(-p.Now.Grace), p.Now.Created, p.Now.Seen)
	case !p.Now.Ended.Equal(p.Was.Ended) && !p.Now.Ended.IsZero():
		return within("the end of its last container", p.Now.Ended, p.Now.Created, p.Now.Seen)
	}
	return Answer{}
}

// within is unsure if a moment does not lie between two others, give or take what clocks may be apart.
func within(what string, at, from, to time.Time) Answer {
	switch {
	case at.Sub(to) > apart:
		return Unsure("the clocks are %v apart: %s lies after it was seen", at.Sub(to).Round(time.Second), what)
	case from.Sub(at) > apart:
		return Unsure("the clocks are %v apart: %s lies before it was created", from.Sub(at).Round(time.Second), what)
	}
	return Held
}
