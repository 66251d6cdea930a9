package forge

import (
	"fmt"
	"strconv"
	"time"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge/tree"
)

// pause lets time pass before a version: what comes from there on is seen later, and the times that are new in it are later.
func (t *timeline) pause(p *Pause) error {
	e, err := t.one(&p.Before)
	if err != nil {
		return err
	}
	by := p.For.std()
	if by <= 0 || by%time.Second != 0 {
		return fmt.Errorf("a pause lasts whole seconds")
	}
	begins, from := t.place(e), e.v.Seen
	latest := map[string]*tree.Value{}
	for i, e := range t.entries {
		if i < begins {
			if e.gap == nil {
				if latest[e.v.UID], err = tree.Parse(e.v.Object); err != nil {
					return err
				}
			}
			continue
		}
		if e.gap != nil {
			e.gap.Seen = e.gap.Seen.Add(by)
			continue
		}
		e.v.Seen = e.v.Seen.Add(by)
		before := latest[e.v.UID]
		if err := e.edit(func(object *tree.Value) error { return shiftTimes(object, before, by) }); err != nil {
			return err
		}
	}
	for i := range t.writes {
		if !t.writes[i].At.Before(from) {
			t.writes[i].At = t.writes[i].At.Add(by)
		}
	}
	t.end.At = t.end.At.Add(by)
	return nil
}

// shiftTimes moves every time in v, but for those that are the same at the same place in before.
func shiftTimes(v, before *tree.Value, by time.Duration) error {
	if v.Kind == tree.Scalar {
		text, is := v.Text()
		if !is || len(text) < len("2006-01-02T15:04:05Z") || before != nil && before.String() == v.String() {
			return nil
		}
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.000000Z"} {
			at, err := time.Parse(layout, text)
			if err == nil && at.Format(layout) == text {
				*v = *tree.ScalarOf(at.Add(by).Format(layout))
				return nil
			}
		}
		return nil
	}
	for i, item := range v.Items {
		var was *tree.Value
		if before != nil && before.Kind == v.Kind {
			s := tree.Step{Name: strconv.Itoa(i), Bracket: true}
			if v.Kind == tree.Object {
				s = tree.Step{Name: v.Keys[i]}
			} else if name := nameOf(item); name != "" {
				s.Name = name
			}
			if at := s.Child(before); at >= 0 {
				was = before.Items[at]
			}
		}
		if err := shiftTimes(item, was, by); err != nil {
			return err
		}
	}
	return nil
}

// nameOf is what identifies an element of a list.
func nameOf(item *tree.Value) string {
	for _, key := range tree.Identifying {
		if text, is := item.Get(key).Text(); is {
			return text
		}
	}
	return ""
}

// write adds a request to the audit log.
func (t *timeline) write(w *Write) error {
	target, err := t.where(w.After, w.Before, nil)
	if err != nil {
		return err
	}
	next := target.place
	for next < len(t.entries) && t.entries[next].gap != nil {
		next++
	}
	// The request must be older than the version behind it and younger than all before it.
	latest := t.header.Start
	for _, e := range t.entries[:next] {
		if e.gap == nil && e.v.Seen.After(latest) {
			latest = e.v.Seen
		}
	}
	at := latest.Add(time.Microsecond)
	if next < len(t.entries) {
		e := t.entries[next]
		if !e.v.Seen.After(at) {
			e.v.Seen = at.Add(time.Microsecond)
		}
		at = e.v.Seen.Add(-time.Microsecond)
	}
	at = at.Add(-w.Ago.std())
	request := history.Write{
		At: at, Verb: w.Verb, Resource: w.Resource, Subresource: w.Subresource, Namespace: t.header.Namespace, Name: w.Name, Code: w.Code,
	}
	request.User, request.Agent = whoIs(w.By)
	if request.Code == 0 {
		request.Code = 200
	}
	if w.Of != "" {
		versions, err := t.object(&Selector{Of: w.Of})
		if err != nil {
			return err
		}
		v := versions[0].v
		request.Name, request.UID, request.Namespace = v.Name, v.UID, v.Namespace
		if request.Resource == "" {
			request.Resource = lower(v.Kind) + "s"
		}
	}
	t.writes = append(t.writes, request)
	return nil
}

// whoIs returns the user and the agent of a request. Controllers use a service account each, in one program.
func whoIs(by string) (user, agent string) {
	const account = "system:serviceaccount:kube-system:"
	switch by {
	case "job-controller", "pod-garbage-collector", "node-controller", "ttl-after-finished-controller", "cronjob-controller",
		"namespace-controller", "generic-garbage-collector", "disruption-controller":
		return account + by, "kube-controller-manager"
	case "scheduler":
		return "system:kube-scheduler", "kube-scheduler"
	case "kubelet":
		return "system:node:worker", "kubelet"
	default:
		return by, "kubectl"
	}
}
