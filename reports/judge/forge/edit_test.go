package forge

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/jobproof/jobproof/reports/history"
)

// script reads a script about the base.
func script(t *testing.T, text string) *Script {
	t.Helper()
	file := filepath.Join(t.TempDir(), "story.yaml")
	if err := os.WriteFile(file, []byte("from: base\n"+text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func forged(t *testing.T, text string) *Forged {
	t.Helper()
	f, err := script(t, text).Make(base(t))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// differences are the lines that are new in a plot, and those that are gone.
func differences(from, to string) string {
	before, after := strings.Split(strings.TrimSpace(from), "\n"), strings.Split(strings.TrimSpace(to), "\n")
	var different []string
	for _, line := range before {
		if !slices.Contains(after, line) {
			different = append(different, "- "+line)
		}
	}
	for _, line := range after {
		if !slices.Contains(before, line) {
			different = append(different, "+ "+line)
		}
	}
	return strings.Join(different, "\n")
}

func TestEdits(t *testing.T) {
	for name, c := range map[string]struct{ edits, want string }{
		"nothing": {"edits: []", ""},
		"set": {
			`edits: [{select: {of: job, when: {status.active: 2}}, set: {status.active: 7}}]`, `
- 4000 4.000 MODIFIED Job/demo active=2
+ 4000 4.000 MODIFIED Job/demo active=7`,
		},
		"set from one version on": {
			`edits: [{select: {of: pod1, when: {status.phase: Running}, from: true}, set: {status.phase: Failed}}]`, `
- 5000 5.000 MODIFIED Pod/demo-0-aaaaa Running
- 6000 6.000 MODIFIED Pod/demo-0-aaaaa Succeeded
- 8000 8.000 MODIFIED Pod/demo-0-aaaaa Succeeded
+ 5000 5.000 MODIFIED Pod/demo-0-aaaaa Failed
+ 6000 6.000 MODIFIED Pod/demo-0-aaaaa Failed
+ 8000 8.000 MODIFIED Pod/demo-0-aaaaa Failed`,
		},
		"set all versions of all objects": {
			`edits: [{select: {kind: Pod, when: {status.phase: Pending}, all: true}, set: {status.phase: Unknown}}]`, `
- 2000 2.000 ADDED Pod/demo-0-aaaaa Pending
- 3000 3.000 ADDED Pod/demo-1-bbbbb Pending
+ 2000 2.000 ADDED Pod/demo-0-aaaaa Unknown
+ 3000 3.000 ADDED Pod/demo-1-bbbbb Unknown`,
		},
		"add a condition, drop another": {
			`edits: [{select: {of: job, version: -1}, set: {"status.conditions[Failed]": {status: "True"}}, remove: ["status.conditions[Complete]"]}]`, `
- 7000 7.000 MODIFIED Job/demo Complete active=1
+ 7000 7.000 MODIFIED Job/demo Failed active=1`,
		},
		"drop": {`edits: [{select: {of: pod1, version: -1}, drop: true}]`, `- 8000 8.000 MODIFIED Pod/demo-0-aaaaa Succeeded`},
		"change type": {
			`edits: [{select: {of: pod1, version: -1}, type: DELETED}]`, `
- 8000 8.000 MODIFIED Pod/demo-0-aaaaa Succeeded
+ 8000 8.000 DELETED Pod/demo-0-aaaaa Succeeded`,
		},
		"seen later": {
			`edits: [{select: {of: pod1, version: 3}, seen: 3s}]`, `
- 6000 6.000 MODIFIED Pod/demo-0-aaaaa Succeeded
- 8000 8.000 MODIFIED Pod/demo-0-aaaaa Succeeded
- end 8.000
+ 6000 9.000 MODIFIED Pod/demo-0-aaaaa Succeeded
+ 8000 9.000 MODIFIED Pod/demo-0-aaaaa Succeeded
+ end 9.000`,
		},
		"insert after itself": {
			`edits: [{insert: {copyOf: {of: job, version: 2}, set: {status.active: 3}}}]`, `
+ 4001 4.001 MODIFIED Job/demo active=3`,
		},
		"insert another object before a label": {
			`edits: [{select: {of: job, version: 2}, label: x}, {insert: {copyOf: {of: pod2, version: 1}, as: {name: other}, before: x}}]`, `
+ 3001 4.000 ADDED Pod/other Pending`,
		},
		"a life": {
			`edits: [{life: {copyOf: pod1, after: {of: job, version: 2}, versions: 3, as: {index: 5}}}]`, `
- end 8.000
+ 4001 4.001 ADDED Pod/demo-5-c0001 Pending
+ 7001 7.001 MODIFIED Pod/demo-5-c0001 Running
+ 8001 8.001 MODIFIED Pod/demo-5-c0001 Succeeded
+ end 8.001`,
		},
		"a Job's life with its pods": {
			`edits: [{select: {of: pod1, version: -2}, label: x}, {select: {of: pod1, from: true, version: 2}, drop: true}, {select: {of: job, version: -1}, drop: true},
{life: {copyOf: job, pods: true, as: {name: twin}, after: {of: job, version: 2}}}]`, `
- 5000 5.000 MODIFIED Pod/demo-0-aaaaa Running
- 6000 6.000 MODIFIED Pod/demo-0-aaaaa Succeeded
- 7000 7.000 MODIFIED Job/demo Complete active=1
- 8000 8.000 MODIFIED Pod/demo-0-aaaaa Succeeded
+ 4001 4.001 ADDED Job/twin
+ 4002 5.001 ADDED Pod/twin-0-c0002 Pending
+ 4003 6.001 ADDED Pod/twin-1-c0003 Pending
+ 4004 7.001 MODIFIED Job/twin active=2`,
		},
		"move": {
			`edits: [{move: {select: {of: job, version: -1}, before: {of: pod1, version: 2}}}]`, `
- 7000 7.000 MODIFIED Job/demo Complete active=1
+ 4001 5.000 MODIFIED Job/demo Complete active=1`,
		},
		"swap": {
			`edits: [{swap: [{of: job, version: 2}, {of: job, version: 3}]}]`, `
- 4000 4.000 MODIFIED Job/demo active=2
- 7000 7.000 MODIFIED Job/demo Complete active=1
+ 4000 4.000 MODIFIED Job/demo Complete active=1
+ 7000 7.000 MODIFIED Job/demo active=2`,
		},
		"a pause": {
			`edits: [{pause: {before: {of: job, version: -1}, for: 1m}}]`, `
- 7000 7.000 MODIFIED Job/demo Complete active=1
- 8000 8.000 MODIFIED Pod/demo-0-aaaaa Succeeded
- end 8.000
+ 7000 67.000 MODIFIED Job/demo Complete active=1
+ 8000 68.000 MODIFIED Pod/demo-0-aaaaa Succeeded
+ end 68.000`,
		},
		"a late end": {`end: {after: 10m}`, "- end 8.000\n+ end 608.000"},
		"a write": {
			`edits: [{write: {before: {of: pod1, version: 2}, by: job-controller, verb: delete, of: pod2}}]`, `
+ 4.999999 delete pods demo-1-bbbbb uid-of-demo-1-bbbbb by system:serviceaccount:kube-system:job-controller: 200`,
		},
		"a write at the end": {
			`edits: [{write: {after: {of: pod1, version: -1}, by: alice, verb: create, resource: jobs, name: new, code: 403}}]`, `
+ 8.000001 create jobs new by alice: 403`,
		},
		"a gap": {
			`edits: [{gap: {after: {of: job, version: 2}, kind: Pod, lost: [pod2]}}]`, `+ gap of Pod from 4000, lost [ns/demo-1-bbbbb]`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := differences(plot, tell(t, forged(t, c.edits).Sealed)); got != strings.TrimSpace(c.want) {
				t.Errorf("got\n%s\nwant\n%s", got, strings.TrimSpace(c.want))
			}
		})
	}
}

// object returns the object at a resource version.
func object(t *testing.T, sealed []byte, rv uint64) string {
	t.Helper()
	r, err := history.NewReader(bytes.NewReader(sealed))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for line, err := range r.Lines() {
		if err != nil {
			t.Fatal(err)
		}
		if line.Version != nil && line.Version.RV == rv {
			return string(line.Version.Object)
		}
	}
	t.Fatalf("there is no version %d", rv)
	return ""
}

func TestWhatEditsWriteIntoObjects(t *testing.T) {
	for name, c := range map[string]struct {
		edits string
		rv    uint64
		field string
		want  string
	}{
		"a uid":                {`[{select: {of: job, version: 2}, set: {status.x: [$(pod1.uid)]}}]`, 4000, "status.x", `["uid-of-demo-0-aaaaa"]`},
		"a text with a name":   {`[{select: {of: job, version: 2}, set: {status.x: "pod $(pod2.name)!"}}]`, 4000, "status.x", `"pod demo-1-bbbbb!"`},
		"a counter moved":      {`[{select: {of: job, version: 2}, set: {status.active: $(self.status.active + 3)}}]`, 4000, "status.active", `5`},
		"a counter not there":  {`[{select: {of: job, version: 2}, set: {status.failed: $(self.status.failed + 1)}}]`, 4000, "status.failed", `1`},
		"now":                  {`[{select: {of: job, version: 2}, set: {status.x: $(now - 30s)}}]`, 4000, "status.x", `"2026-11-21T13:59:34Z"`},
		"now of several":       {`[{select: {of: pod1, version: 2, from: true}, set: {status.x: $(now)}}]`, 8000, "status.x", `"2026-11-21T14:00:05Z"`},
		"a labelled field":     {`[{select: {of: job, version: 2}, label: x}, {select: {of: job, version: 3}, set: {status.x: $(x.status.active)}}]`, 7000, "status.x", `2`},
		"a field then":         {`[{select: {of: job, version: 2}, set: {status.x: $(pod1.status.phase)}}]`, 4000, "status.x", `"Pending"`},
		"a field later":        {`[{select: {of: job, version: 3}, set: {status.x: $(pod1.status.phase)}}]`, 7000, "status.x", `"Succeeded"`},
		"a shift":              {`[{select: {of: job, version: 3}, shift: {"status.conditions[Complete].lastTransitionTime": -1m}}]`, 7000, "status.conditions.0.lastTransitionTime", `"2026-11-21T13:59:07Z"`},
		"a finalizer":          {`[{select: {of: pod1, version: 2}, remove: ["metadata.finalizers[batch.kubernetes.io/job-tracking]"]}]`, 5000, "metadata.finalizers", `["other"]`},
		"a new element":        {`[{select: {of: pod1, version: 2}, set: {"metadata.finalizers[+]": mine}}]`, 5000, "metadata.finalizers.2", `"mine"`},
		"a new field":          {`[{select: {of: pod1, version: 2}, set: {metadata.deletionTimestamp: $(now)}}]`, 5000, "metadata.deletionTimestamp", `"2026-11-21T14:00:05Z"`},
		"a null":               {`[{select: {of: job, version: 2}, set: {status: {active: null}}}]`, 4000, "status.active", ``},
		"a copy's time":        {`[{life: {copyOf: pod1, after: {of: job, version: 2}}}]`, 4001, "metadata.creationTimestamp", `"2026-11-21T14:00:04Z"`},
		"a copy's owner":       {`[{life: {copyOf: pod1, after: {of: job, version: 2}}}]`, 4001, "metadata.ownerReferences.0.uid", `"job-uid-1234"`},
		"a copy's index":       {`[{life: {copyOf: pod1, as: {index: 5}, after: {of: job, version: 2}}}]`, 4001, "spec.hostname", `"demo-5"`},
		"a copy's name":        {`[{life: {copyOf: pod1, as: {index: 5}, after: {of: job, version: 2}}}]`, 4001, "metadata.name", `"demo-5-c0001"`},
		"times after a pause":  {`[{pause: {before: {of: job, version: 3}, for: 1m}}]`, 7000, "status.conditions.0.lastTransitionTime", `"2026-11-21T14:01:07Z"`},
		"times before a pause": {`[{pause: {before: {of: job, version: 3}, for: 1m}}]`, 7000, "status.startTime", `"2026-11-21T14:00:04Z"`},
		"the uid of a late one": {
			`[{life: {copyOf: pod1, call: late, as: {uid: u}, after: {of: job, version: 2}}}, {select: {of: job, version: 3}, set: {status.x: $(late.uid)}}]`, 7000, "status.x", `"u"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := gjson.Get(object(t, forged(t, "edits: "+c.edits).Sealed, c.rv), c.field).Raw; got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestNewFieldsStandBeforeManagedFields(t *testing.T) {
	text := object(t, forged(t, `edits: [{select: {of: pod1, version: 2}, set: {metadata.deletionTimestamp: $(now)}}]`).Sealed, 5000)
	if strings.Index(text, "deletionTimestamp") > strings.Index(text, "managedFields") {
		t.Errorf("an API server writes managedFields last: %s", text)
	}
}

func TestWhereTheFindingMustStand(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		object string
		rv     uint64
		line   int
	}{
		"a label":         {"breaks: S01\nat: x\nedits: [{select: {of: pod1, version: 2}, label: x}]", "Pod/demo-0-aaaaa", 5000, 6},
		"a selector":      {"breaks: S01\nat: {of: job, version: -1}", "Job/demo", 7000, 8},
		"behind a write":  {"breaks: S01\nat: {of: job, version: -1}\nedits: [{write: {before: {of: pod1, version: 2}, by: a, verb: get, of: pod1}}]", "Job/demo", 7000, 9},
		"the end":         {"breaks: S01\nat: end", "Job/demo", 0, 0},
		"another object":  {"breaks: S01\nat: {of: job, version: -1}\nobject: Pod/$(pod2.name)", "Pod/demo-1-bbbbb", 7000, 8},
		"a legal history": {"edits: []", "Job/demo", 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := forged(t, c.text)
			if f.Object != c.object || f.RV != c.rv || f.Line != c.line {
				t.Errorf("%s at rv %d, line %d; want %s at rv %d, line %d", f.Object, f.RV, f.Line, c.object, c.rv, c.line)
			}
		})
	}
}

func TestMistakes(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"an unknown field":       {"edit: []", `unknown field "edit"`},
		"an unknown selector":    {"edits: [{select: {pod: 1}, drop: true}]", `unknown field "pod"`},
		"a key twice":            {"edits: []\nedits: []", `already set`},
		"no version":             {"edits: [{select: {of: job, when: {status.active: 9}}, drop: true}]", "edit 1: {of: job, when: map[status.active:9]} fits no version of 1 objects"},
		"which version":          {"edits: [{select: {of: job}, drop: true}]", "says of no version which one"},
		"too many versions back": {"edits: [{select: {of: job, version: -9}, drop: true}]", "fits 3 versions"},
		"too many objects":       {"edits: [{select: {kind: Pod, version: 1}, drop: true}]", "fits 2 objects: say which one by nth"},
		"no such object":         {"edits: [{select: {of: pod7, version: 1}, drop: true}]", `nothing is called "pod7"`},
		"no such index":          {"edits: [{select: {kind: Pod, index: 3, version: 1}, drop: true}]", "fits no object"},
		"the second edit":        {"edits: [{select: {of: job, version: 1}, label: x}, {select: z, drop: true}]", `edit 2: no version has the label "z"`},
		"a label twice":          {"edits: [{select: {of: job, version: 1}, label: x}, {select: {of: job, version: 1}, label: x}]", "is given twice"},
		"what is not there":      {"edits: [{select: {of: job, version: 1}, remove: [status.active]}]", "[status.active] is not there"},
		"an element":             {"edits: [{select: {of: pod1, version: 1}, set: {\"metadata.finalizers[x].y\": 1}}]", `"metadata.finalizers[x]" is not there`},
		"two kinds of edit":      {"edits: [{select: {of: job, version: 1}, drop: true, pause: {before: x, for: 1s}}]", "exactly one of"},
		"an edit of nothing":     {"edits: [{select: {of: job, version: 1}}]", "it changes nothing"},
		"a reference":            {"edits: [{select: {of: job, version: 1}, set: {status.x: $(pod9.uid)}}]", `$(pod9.uid): nothing is called "pod9"`},
		"a part of a second":     {"edits: [{pause: {before: {of: job, version: 2}, for: 1500ms}}]", "whole seconds"},
		"two expectations":       {"breaks: S01\nunsure: S02\nat: end", "only one of"},
		"no place":               {"breaks: S01", "at is missing"},
		"what a Reader refuses":  {"edits: [{select: {of: pod1, version: 1}, drop: true}]", "the result: line 5: the first version of the uid uid-of-demo-0-aaaaa is MODIFIED"},
		"a place that is gone":   {"breaks: S01\nat: x\nedits: [{select: {of: job, version: 2}, label: x}, {select: x, drop: true}]", `at: no version has the label "x"`},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "wrong.yaml")
			if err := os.WriteFile(file, []byte("from: base\n"+c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := Load(file)
			if err == nil {
				_, err = s.Make(base(t))
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "wrong.yaml") {
				t.Errorf("got %v, want an error about wrong.yaml with %q", err, c.want)
			}
		})
	}
}
