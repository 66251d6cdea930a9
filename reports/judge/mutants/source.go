package mutants

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge/tree"
)

// Source is a legal history of which mutants are made.
type Source struct {
	// Name is what the report calls it.
	Name   string
	header history.Header
	end    history.End
	lines  []history.Version
	writes []history.Write
	facts  []facts
	before []int // of each line, that of the object's version before it, or -1
	after  []int // and that of the next one, or -1
}

// facts are what a version says that anybody could count on, by name.
type facts map[string]string

// Load reads a sealed history.
func Load(path, name string) (*Source, error) {
	h, err := history.Open(path)
	if err != nil {
		return nil, err
	}
	s := &Source{Name: name, header: h.Header, end: *h.End, lines: h.Versions(), writes: h.Writes}
	s.header.Origin = history.Hand
	if len(h.Gaps) > 0 {
		return nil, fmt.Errorf("%s: a history with gaps is not known to be legal", path)
	}
	latest := map[string]int{}
	for i, v := range s.lines {
		before, known := latest[v.UID]
		if !known {
			before = -1
		} else {
			s.after[before] = i
		}
		latest[v.UID] = i
		s.before, s.after = append(s.before, before), append(s.after, -1)
		s.facts = append(s.facts, factsOf(v))
	}
	return s, nil
}

func factsOf(v history.Version) facts {
	f := facts{}
	object := gjson.ParseBytes(v.Object)
	take := func(name, path string) { f[name] = object.Get(path).Raw }
	take("deletion", "metadata.deletionTimestamp")
	switch v.Kind {
	case history.Nodes.Name:
		take("ready", `status.conditions.#(type=="Ready").status`)
		take("taints", "spec.taints")
	case history.Pods.Name:
		for name, path := range map[string]string{
			"phase": "status.phase", "ready": `status.conditions.#(type=="Ready").status`, "finalizers": "metadata.finalizers",
			"owner": "metadata.ownerReferences", "labels": "metadata.labels", "annotations": "metadata.annotations", "node": "spec.nodeName",
			"restarts": "status.containerStatuses.#.restartCount", "disrupted": `status.conditions.#(type=="DisruptionTarget").reason`,
			"exit": "status.containerStatuses.#.state.terminated.exitCode",
		} {
			take(name, path)
		}
		if f["phase"] == `"Running"` {
			f["phase"] = `"Pending"` // nobody counts on whether it runs yet
		}
		for name, none := range map[string]string{"exit": "[]", "restarts": "[0]"} {
			if f[name] == none {
				f[name] = "" // as before the first report
			}
		}
	case history.Jobs.Name:
		f["conditions"] = object.Get("status.conditions.#.type").Raw + object.Get("status.conditions.#.status").Raw
		for name, path := range map[string]string{
			"spec": "spec", "labels": "metadata.labels", "active": "status.active", "ready": "status.ready", "terminating": "status.terminating",
			"succeeded": "status.succeeded", "failed": "status.failed", "completed": "status.completedIndexes", "failedIndexes": "status.failedIndexes",
			"uncounted": "status.uncountedTerminatedPods", "start": "status.startTime", "completion": "status.completionTime",
			"finalizers": "metadata.finalizers",
		} {
			take(name, path)
		}
		if f["uncounted"] == "{}" {
			f["uncounted"] = ""
		}
	}
	return f
}

// changed names the facts that are new in a line, against the object's version before it.
func (s *Source) changed(i int) []string { return differ(s.factsBefore(i), s.facts[i]) }

func (s *Source) factsBefore(i int) facts {
	if s.before[i] < 0 {
		return facts{}
	}
	return s.facts[s.before[i]]
}

func differ(a, b facts) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if a[name] != b[name] {
			names = append(names, name)
		}
	}
	return names
}

// tell says of a line what happens in it.
func (s *Source) tell(i int) string {
	v := s.lines[i]
	if v.Type != history.Modified {
		return v.Kind + " " + v.Type
	}
	return v.Kind + " " + strings.Join(s.changed(i), "+")
}

// of returns the lines of a kind.
func (s *Source) of(kind string) []int {
	var all []int
	for i, v := range s.lines {
		if v.Kind == kind {
			all = append(all, i)
		}
	}
	return all
}

// draft is a mutant that is being made. Lines may be put elsewhere; numbers are given at the end, unless rv says otherwise.
type draft struct {
	lines  []history.Version
	writes []history.Write
	rv     map[int]uint64 // of a line, if it is not to be the one that its place asks for
	end    history.End
}

func (s *Source) draft() *draft {
	return &draft{lines: slices.Clone(s.lines), writes: slices.Clone(s.writes), rv: map[int]uint64{}, end: s.end}
}

// edit changes the object in a line.
func (d *draft) edit(i int, change func(object *tree.Value)) {
	object, err := tree.Parse(d.lines[i].Object)
	if err != nil {
		panic(fmt.Sprintf("a legal history holds an object that is none: %v", err)) // Load has checked it
	}
	change(object)
	d.lines[i].Object = object.Append(nil)
}

// step is how far apart the resource versions of neighbours are.
const step = 10

var rvOpens = []byte(`"resourceVersion":"`)

// seal numbers the lines by their places and seals them.
func (d *draft) seal(header history.Header) ([]byte, error) {
	var sealed bytes.Buffer
	w, err := history.NewWriter(&sealed, header)
	if err != nil {
		return nil, err
	}
	writes := d.writes
	for i, v := range d.lines {
		for ; len(writes) > 0 && !writes[0].At.After(v.Seen); writes = writes[1:] {
			if err := w.Write(writes[0]); err != nil {
				return nil, err
			}
		}
		v.RV = uint64(i+1) * step
		if rv, given := d.rv[i]; given {
			v.RV = rv
		}
		head, tail, _ := bytes.Cut(v.Object, rvOpens) // the first is that of the metadata
		_, tail, found := bytes.Cut(tail, []byte(`"`))
		if !found {
			return nil, fmt.Errorf("a version without a resource version")
		}
		v.Object = slices.Concat(head, rvOpens, strconv.AppendUint(nil, v.RV, 10), []byte(`"`), tail)
		if err := w.Version(v); err != nil {
			return nil, err
		}
	}
	for _, late := range writes {
		if err := w.Write(late); err != nil {
			return nil, err
		}
	}
	if err := w.End(d.end); err != nil {
		return nil, err
	}
	return sealed.Bytes(), nil
}

// at is the value at a path, written as package tree does it.
func at(object *tree.Value, path string) *tree.Value { return parsed(path).In(object) }

// put merges a value into what is at a path. What is not there stays away.
func put(object *tree.Value, path string, value any) {
	_ = parsed(path).Merge(object, tree.Of(value)) // only a list without that element refuses
}

func parsed(path string) tree.Path {
	p, err := tree.ParsePath(path)
	if err != nil {
		panic(err) // they are written in this package
	}
	return p
}
