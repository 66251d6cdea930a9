package forge

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge/tree"
)

// insert adds a copy of one version.
func (t *timeline) insert(in *Insert) error {
	original, err := t.one(&in.CopyOf)
	if err != nil {
		return err
	}
	target, err := t.where(in.After, in.Before, original)
	if err != nil {
		return err
	}
	copied := &entry{v: original.v.Clone()}
	copied.v.RV, copied.v.Seen = 0, target.seen
	another := in.As.Name != "" || in.As.UID != "" || in.As.Index != nil
	switch {
	case another:
		if err := t.rename(original, in.As, []*entry{copied}, false); err != nil {
			return err
		}
	case copied.v.Type == history.Added || copied.v.Type == history.Listed:
		copied.v.Type = history.Modified
	}
	copied.v.Type = cmp.Or(in.As.Type, copied.v.Type)
	t.entries = slices.Insert(t.entries, target.place, copied)
	if err := t.call(copied.v.UID, in.Call); err != nil {
		return err
	}
	return t.change(&in.Change, []*entry{copied})
}

// live adds a copy of an object's life.
func (t *timeline) live(l *Life) error {
	originals, err := t.object(&l.CopyOf)
	if err != nil {
		return err
	}
	first := originals[0]
	if first.v.Type == history.Listed {
		return fmt.Errorf("%s %s was there before the history began", first.v.Kind, first.v.Name)
	}
	if l.Versions > len(originals) {
		return fmt.Errorf("%s %s has %d versions", first.v.Kind, first.v.Name, len(originals))
	}
	if l.Versions > 0 {
		originals = originals[:l.Versions]
	}
	if l.Pods {
		originals = t.withPods(first.v.UID)
	}
	target, err := t.where(l.After, nil, first)
	if err != nil {
		return err
	}
	var copies, own []*entry
	for _, e := range originals {
		c := &entry{v: e.v.Clone()}
		if copies = append(copies, c); e.v.UID == first.v.UID {
			own = append(own, c)
		}
	}
	if err := t.rename(first, l.As, copies, l.Pods); err != nil {
		return err
	}
	if err := t.later(copies, target); err != nil {
		return err
	}
	if err := t.call(own[0].v.UID, l.Call); err != nil {
		return err
	}
	return t.change(&l.Change, own)
}

// withPods returns the versions of a Job and of all its pods.
func (t *timeline) withPods(job string) []*entry {
	mine := map[string]bool{job: true}
	var all []*entry
	for _, e := range t.entries {
		if e.gap != nil {
			continue
		}
		if e.v.Kind == history.Pods.Name && bytes.Contains(e.v.Object, []byte(`"`+job+`"`)) {
			mine[e.v.UID] = true
		}
		if mine[e.v.UID] {
			all = append(all, e)
		}
	}
	return all
}

// later puts copies among the entries, the first of them at the spot and the others in their own rhythm. The times in them
// move along, by whole seconds as they are.
func (t *timeline) later(copies []*entry, target spot) error {
	began := copies[0].v.Seen
	by := target.seen.Sub(began)
	seconds := target.seen.Truncate(time.Second).Sub(began.Truncate(time.Second))
	place := target.place
	for i, c := range copies {
		c.v.Seen, c.v.RV = c.v.Seen.Add(by), 0
		for i > 0 && place < len(t.entries) && (t.entries[place].gap != nil || !t.entries[place].v.Seen.After(c.v.Seen)) {
			place++
		}
		t.entries = slices.Insert(t.entries, place, c)
		place++
		if err := c.edit(func(object *tree.Value) error { return shiftTimes(object, nil, seconds) }); err != nil {
			return err
		}
	}
	return nil
}

// rename gives copies of an object another identity, and to those of its pods that are among them theirs.
func (t *timeline) rename(original *entry, as As, copies []*entry, pods bool) error {
	names := map[string][2]string{} // by uid: the new name and uid
	uids := []string{original.v.UID}
	if pods {
		for _, c := range copies {
			if !slices.Contains(uids, c.v.UID) {
				uids = append(uids, c.v.UID)
			}
		}
	}
	var swaps []string
	for i, uid := range uids {
		t.copies++
		e := copies[slices.IndexFunc(copies, func(c *entry) bool { return c.v.UID == uid })]
		fresh := [2]string{newName(e, t.copies), newUID(uid, t.copies)}
		if i == 0 {
			fresh = [2]string{cmp.Or(as.Name, indexed(fresh[0], e, as.Index)), cmp.Or(as.UID, fresh[1])}
		}
		names[uid] = fresh
		swaps = append(swaps, uid, fresh[1])
		if i > 0 || e.v.Kind == history.Pods.Name {
			swaps = append(swaps, `"`+e.v.Name+`"`, `"`+fresh[0]+`"`)
		}
	}
	if original.v.Kind == history.Jobs.Name { // its name begins those of its pods, so it comes last
		name := names[original.v.UID][0]
		swaps = append(swaps, `"`+original.v.Name+`"`, `"`+name+`"`, `"`+original.v.Name+`-`, `"`+name+`-`)
	}
	replacer := strings.NewReplacer(swaps...)
	for _, c := range copies {
		fresh := names[c.v.UID]
		if pods && original.v.Kind == history.Jobs.Name && c.v.Kind == history.Pods.Name {
			prefix := names[original.v.UID][0] + "-"
			fresh[0] = prefix + strings.TrimPrefix(fresh[0], original.v.Name+"-")
		}
		c.v.Object = []byte(replacer.Replace(string(c.v.Object)))
		c.v.Name, c.v.UID = fresh[0], fresh[1]
		name := tree.Path{{Name: "metadata"}, {Name: "name"}}
		if err := c.edit(func(object *tree.Value) error { return name.Merge(object, tree.ScalarOf(fresh[0])) }); err != nil {
			return err
		}
		if as.Index != nil && c.v.Kind == history.Pods.Name {
			if err := c.reindex(*as.Index); err != nil {
				return err
			}
		}
	}
	return nil
}

// newName is the name that the API server might have given the copy: that of its pods ends in five characters of its own.
func newName(e *entry, n int) string {
	if e.v.Kind != history.Pods.Name {
		return fmt.Sprintf("%s-copy%d", e.v.Name, n)
	}
	stem := e.v.Name
	if i := strings.LastIndexByte(stem, '-'); i > 0 {
		stem = stem[:i]
	}
	return fmt.Sprintf("%s-c%04d", stem, n)
}

func newUID(uid string, n int) string {
	if len(uid) < 8 {
		return uid + strconv.Itoa(n)
	}
	return fmt.Sprintf("%08x%s", 0xc0de0000+n, uid[8:])
}

// indexed changes the completion index in the name of an Indexed Job's pod: demo-0-c0001.
func indexed(name string, e *entry, index *int) string {
	was := completionIndex(e)
	if index == nil || was < 0 {
		return name
	}
	i := strings.LastIndexByte(name, '-')
	return strings.TrimSuffix(name[:i], "-"+strconv.Itoa(was)) + "-" + strconv.Itoa(*index) + name[i:]
}

// reindex gives a pod another completion index, wherever it stands.
func (e *entry) reindex(index int) error {
	was := completionIndex(e)
	if was < 0 {
		return fmt.Errorf("the pod %s has no completion index", e.v.Name)
	}
	text := strconv.Itoa(index)
	return e.edit(func(object *tree.Value) error {
		for _, field := range []string{"metadata.labels[batch.kubernetes.io/job-completion-index]", "metadata.annotations[batch.kubernetes.io/job-completion-index]"} {
			p, _ := tree.ParsePath(field)
			if p.In(object) == nil {
				continue
			}
			if err := p.Merge(object, tree.ScalarOf(text)); err != nil {
				return err
			}
		}
		for field, end := range map[string]string{"metadata.generateName": "-", "spec.hostname": ""} {
			p, _ := tree.ParsePath(field)
			if name, is := p.In(object).Text(); is {
				stem := strings.TrimSuffix(name, "-"+strconv.Itoa(was)+end)
				if err := p.Merge(object, tree.ScalarOf(stem+"-"+text+end)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
