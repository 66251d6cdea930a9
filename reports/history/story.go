package history

import (
	"fmt"
	"strings"
	"time"
)

// Entry is one line of a story: what a version changed.
type Entry struct {
	// Index is the version's place in History.Versions.
	Index int
	// Since is how long after the start of the recording it arrived.
	Since time.Duration
	// Kind and Name say which object.
	Kind, Name string
	// What changed, such as "phase Pending→Running, node worker2".
	What string
}

// String formats the entry as one line of text.
func (e Entry) String() string {
	return fmt.Sprintf("%+9.3fs  %s/%s  %s", e.Since.Seconds(), strings.ToLower(e.Kind), e.Name, e.What)
}

// Story tells the history in words, in the order of resource versions. A version that changes nothing worth telling, such
// as a node's heartbeat, has no entry.
func (h *History) Story() []Entry {
	var story []Entry
	before := map[string][]fact{}
	for i, v := range h.versions {
		after := facts(v)
		what := changes(before[v.UID], after)
		if _, known := before[v.UID]; !known {
			what = append([]string{strings.ToLower(v.Type)}, what...)
		} else if v.Type == Deleted {
			what = append(what, "gone")
		}
		before[v.UID] = after
		if len(what) > 0 {
			story = append(story, Entry{
				Index: i, Since: v.Seen.Sub(h.Start), Kind: v.Kind, Name: v.Name, What: strings.Join(what, ", "),
			})
		}
	}
	return story
}

// changes names the facts that differ. Facts that were there before and are gone are told too.
func changes(before, after []fact) []string {
	known := map[string]string{}
	for _, f := range before {
		known[f.name] = f.value
	}
	var what []string
	for _, f := range after {
		was, ok := known[f.name]
		delete(known, f.name)
		switch {
		case !ok:
			what = append(what, f.name+" "+f.value)
		case was != f.value:
			what = append(what, f.name+" "+was+"→"+f.value)
		}
	}
	for _, f := range before {
		if was, gone := known[f.name]; gone {
			what = append(what, f.name+" "+was+"→none")
		}
	}
	return what
}
