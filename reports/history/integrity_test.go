package history

import (
	"strings"
	"testing"
)

func TestReaderRefusesWhatNoServerShows(t *testing.T) {
	byArrival := strings.Replace(ofOne, `"rv"`, `"arrival"`, 1)
	added := podLine(Added, "a", 1000)
	object := func(old, changed string) string {
		at := strings.Index(added, `"object"`)
		return added[:at] + strings.Replace(added[at:], old, changed, 1)
	}
	for name, test := range map[string]struct {
		lines []string
		line  int
		says  string
	}{
		"an rv that falls": {[]string{ofOne, added, podLine(Modified, "a", 999)}, 3, "resource version 999 does not come after 1000"},
		"an rv twice":      {[]string{ofOne, added, podLine(Added, "b", 1000)}, 3, "resource version 1000 does not come after 1000"},
		"an rv that falls between kinds": {[]string{ofOne, added, lineSeen(2000, Added, "Job", "jp-test", "demo", 999)}, 3,
			"resource version 999 does not come after 1000"},
		"an rv twice in one kind": {[]string{byArrival, added, podLine(Added, "b", 1000)}, 3, "that of the Pod before it"},
		"an Event's deletion at another's creation": {[]string{ofOne, line(Added, "Event", "jp-test", "e", 5), line(Added, "Event", "jp-test", "f", 6),
			line(Deleted, "Event", "jp-test", "e", 6)}, 4, "resource version 6"},
		"pods deleted at one rv": {[]string{ofOne, podLine(Added, "a", 1), podLine(Added, "b", 2), podLine(Deleted, "a", 3), podLine(Deleted, "b", 3)}, 5,
			"resource version 3"},
		"time that goes back": {[]string{ofOne, added, lineSeen(999, Modified, "Pod", "jp-test", "a", 1001)}, 3, "seen 1ms before the Pod of an earlier"},

		"another name":         {[]string{ofOne, object(`"name":"a"`, `"name":"b"`)}, 2, `the object's name is "b" and the line's "a"`},
		"another namespace":    {[]string{ofOne, object(`"jp-test"`, `"jp-else"`)}, 2, `the object's namespace is "jp-else" and the line's "jp-test"`},
		"another uid":          {[]string{ofOne, object(`"uid-a"`, `"uid-b"`)}, 2, `the object's uid is "uid-b" and the line's "uid-a"`},
		"another rv":           {[]string{ofOne, object(`"1000"`, `"1001"`)}, 2, `the object's resourceVersion is "1001" and the line's "1000"`},
		"an rv with zeros":     {[]string{ofOne, object(`"1000"`, `"01000"`)}, 2, `the object's resourceVersion is "01000"`},
		"an rv as a number":    {[]string{ofOne, object(`"1000"`, `1000`)}, 2, `the object's resourceVersion is ""`},
		"another kind":         {[]string{ofOne, object(`"Pod"`, `"Job"`)}, 2, `the object's kind is "Job" and the line's "Pod"`},
		"no metadata":          {[]string{ofOne, object(`"metadata"`, `"metadate"`)}, 2, `the object's name is ""`},
		"metadata that is not": {[]string{ofOne, object(`"metadata"`, `"metadata":7,"m"`)}, 2, `the object's name is ""`},

		"a foreign namespace": {[]string{ofOne, line(Added, "Pod", "jp-else", "a", 1)}, 2, `foreign: it is in the namespace "jp-else" and the history of "jp-test"`},
		"a foreign write": {[]string{ofOne, strings.Replace(writeText(1, "create", "a"), "jp-test", "jp-else", 1)}, 2,
			`foreign: the write is in the namespace "jp-else"`},
		"a pod without one":        {[]string{ofOne, line(Added, "Pod", "", "a", 1)}, 2, `a Pod in the namespace ""`},
		"a node with one":          {[]string{ofOne, line(Listed, "Node", "jp-test", "n", 1)}, 2, `a Node in the namespace "jp-test"`},
		"a pod of all without one": {[]string{ofAll, line(Added, "Pod", "", "a", 1)}, 2, `a Pod in the namespace ""`},

		"MODIFIED at first": {[]string{ofOne, podLine(Modified, "a", 1)}, 2, "the first version of the uid uid-a is MODIFIED"},
		"DELETED at first":  {[]string{ofOne, podLine(Deleted, "a", 1)}, 2, "the first version of the uid uid-a is DELETED"},
		"MODIFIED after DELETED": {[]string{ofOne, podLine(Added, "a", 1), podLine(Deleted, "a", 2), podLine(Modified, "a", 3)}, 4,
			"MODIFIED after the DELETED of the uid uid-a"},
		"DELETED after DELETED": {[]string{ofOne, podLine(Added, "a", 1), podLine(Deleted, "a", 2), podLine(Deleted, "a", 3)}, 4,
			"DELETED after the DELETED of the uid uid-a"},
		"ADDED after DELETED": {[]string{ofOne, podLine(Added, "a", 1), podLine(Deleted, "a", 2), podLine(Added, "a", 3)}, 4,
			"ADDED after the DELETED of the uid uid-a"},
		"LISTED after DELETED": {[]string{ofOne, podLine(Added, "a", 1), podLine(Deleted, "a", 2), gapText("Pod", 2, 3), podLine(Listed, "a", 3)}, 5,
			"LISTED after the DELETED of the uid uid-a"},
		"ADDED twice":           {[]string{ofOne, podLine(Added, "a", 1), podLine(Added, "a", 2)}, 3, "ADDED although the uid uid-a is there"},
		"LISTED twice":          {[]string{ofOne, podLine(Listed, "a", 1), podLine(Listed, "a", 2)}, 3, "LISTED a second time"},
		"LISTED after ADDED":    {[]string{ofOne, podLine(Added, "a", 1), podLine(Listed, "b", 2)}, 3, "LISTED after the watch of Pod began"},
		"LISTED after MODIFIED": {[]string{ofOne, podLine(Listed, "a", 1), podLine(Modified, "a", 2), podLine(Listed, "b", 3)}, 4, "LISTED after the watch of Pod began"},
		"LISTED after another kind's gap": {[]string{ofOne, podLine(Added, "a", 1), gapText("Job", 1, 2), podLine(Listed, "b", 3)}, 4,
			"LISTED after the watch of Pod began"},
		"LISTED long after a gap": {[]string{ofOne, podLine(Added, "a", 1), gapText("Pod", 1, 2), podLine(Modified, "a", 3), podLine(Listed, "b", 4)}, 5,
			"LISTED after the watch of Pod began"},
		"a uid of two names": {[]string{ofOne, podLine(Added, "a", 1), strings.ReplaceAll(podLine(Modified, "b", 2), "uid-b", "uid-a")}, 3,
			"the uid uid-a belongs to the Pod jp-test/a"},
		"a uid of two kinds": {[]string{ofOne, podLine(Added, "a", 1), line(Modified, "Job", "jp-test", "a", 2)}, 3,
			"the uid uid-a belongs to the Pod jp-test/a"},
		"a uid of two namespaces": {[]string{ofAll, podLine(Added, "a", 1), line(Modified, "Pod", "jp-else", "a", 2)}, 3,
			"the uid uid-a belongs to the Pod jp-test/a"},

		"a gap too late":             {[]string{ofOne, podLine(Added, "a", 5), gapText("Pod", 4, 9)}, 3, "a gap from resource version 4 on stands after 5"},
		"a gap too early":            {[]string{ofOne, gapText("Pod", 4, 9), podLine(Listed, "a", 3)}, 3, "resource version 3 does not come after 4"},
		"a gap too late in its kind": {[]string{byArrival, podLine(Added, "a", 5), gapText("Pod", 4, 9)}, 3, "a gap from resource version 4 on stands after 5"},

		"a write too late": {[]string{ofOne, podLine(Added, "a", 500), writeText(500, "create", "a")}, 3, "the write stands after a version that was seen later"},
		"a write after a version that was late": {[]string{ofOne, lineSeen(2000, Added, "Job", "jp-test", "demo", 4), podLine(Added, "a", 500),
			writeText(1500, "create", "a")}, 4, "the write stands after a version that was seen later"},
		"a write too early":  {[]string{ofOne, writeText(501, "create", "a"), podLine(Added, "a", 500)}, 3, "seen 1ms before the write"},
		"writes in disorder": {[]string{ofOne, writeText(2, "create", "a"), writeText(1, "create", "b")}, 3, "the write stands after a later one"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := read([]byte(sealed(test.lines...)))
			if !says(err, test.line, test.says) {
				t.Errorf("error is %v, want one of line %d that says %q", err, test.line, test.says)
			}
		})
	}
}

func TestReaderAcceptsWhatServersMayShow(t *testing.T) {
	for name, lines := range map[string][]string{
		"nothing":                       {ofOne},
		"two kinds in order of arrival": {ofAll, podLine(Added, "a", 5), line(Added, "Job", "jp-test", "demo", 4), podLine(Modified, "a", 6)},
		"several namespaces":            {ofAll, podLine(Added, "a", 5), line(Added, "Pod", "jp-else", "b", 6), line(Listed, "Node", "", "n", 7)},
		"kinds that arrive at odds":     {ofOne, lineSeen(2000, Added, "Job", "jp-test", "demo", 4), podLine(Added, "a", 5)},
		"a kind that is not known":      {ofOne, line(Added, "Lease", "jp-test", "l", 5), line(Listed, "Device", "", "d", 6)},
		"one name after the other":      {ofOne, podLine(Added, "a", 1), podLine(Deleted, "a", 2), strings.ReplaceAll(podLine(Added, "a", 3), "uid-a", "uid-a2")},
		"the same in another layout":    {ofOne, strings.ReplaceAll(strings.ReplaceAll(podLine(Added, "a", 1), `":`, `" : `), `,"`, ` , "`)},
		"metadata at the end":           {ofOne, strings.Replace(podLine(Added, "a", 1), `{"kind"`, `{"spec":{"x":[1]},"kind"`, 1)},
		"no kind, as it is listed":      {ofOne, strings.Replace(podLine(Listed, "a", 1), `"kind":"Pod","apiVersion":"v1",`, "", 1)},
		"a generateName": {ofOne, strings.Replace(podLine(Added, "a", 1), `"a","namespace":"jp-test","uid":"uid-a","res`,
			`"a","generateName":"a-","namespace":"jp-test","uid":"uid-a","res`, 1)},
		"escapes":                          {ofOne, strings.Replace(podLine(Added, "a", 1), `"name":"a"`, `"name":"\u0061"`, 1)},
		"a gap with nothing after it":      {ofOne, podLine(Added, "a", 5), gapText("Pod", 5, 9)},
		"two gaps of one stretch":          {ofOne, podLine(Added, "a", 5), gapText("Pod", 5, 9), gapText("Job", 5, 9), podLine(Listed, "a", 7)},
		"a gap that another kind is ahead": {strings.Replace(ofOne, `"rv"`, `"arrival"`, 1), line(Added, "Job", "jp-test", "demo", 9), gapText("Pod", 5, 9)},
		"a write at the moment of seeing":  {ofOne, writeText(500, "create", "a"), podLine(Added, "a", 500)},
		"writes only":                      {ofOne, writeText(1, "create", "a"), writeText(1, "create", "b")},
	} {
		t.Run(name, func(t *testing.T) {
			got, _, err := read([]byte(sealed(lines...)))
			if err != nil || len(got) != len(lines)-1 {
				t.Errorf("read %d lines of %d, %v", len(got), len(lines)-1, err)
			}
		})
	}
}
