package judge

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jobproof/jobproof/reports/history"
)

func TestScanOfAnObject(t *testing.T) {
	for object, want := range map[string]string{
		`{"a":1,"b":{"c":[1,2,{"d":"}]"}]},"e":"x\"y","f":true}`: `a=1;b={"c":[1,2,{"d":"}]"}]};e="x\"y";f=true;`,
		`{ "a" : 1 , "b" : [ ] } `:                               `a=1;b=[ ];`,
		`{}`:                                                     ``,
		`{ }`:                                                    ``,
		`{"long text":"0123456789012345\\","next":"\\\"0123456789"}`: `long text="0123456789012345\\";next="\\\"0123456789";`,
		`{"a":1e5,"b":-0.5,"c":null}`:                                `a=1e5;b=-0.5;c=null;`,
		// What is no object, or ends early, has the members that can be told.
		``: ``, `[1]`: ``, `7`: ``, `{"a":1 "b":2}`: `a=1;`, `{"a":1,"b`: `a=1;`, `{"a"}`: ``, `{"a":1`: `a=1;`, `{a:1}`: ``,
	} {
		var got strings.Builder
		from := scan{json: []byte(object)}
		from.object(func(name []byte) {
			if value := from.raw(); value != nil {
				fmt.Fprintf(&got, "%s=%s;", name, value)
			}
		})
		if got.String() != want {
			t.Errorf("%s has %s, want %s", object, got.String(), want)
		}
	}
}

func TestScanOfAList(t *testing.T) {
	for list, want := range map[string]string{
		`[1,"a,]",{"b":[2]},[3]]`: `1;"a,]";{"b":[2]};[3];`, `[]`: ``, `[ ]`: ``, `[ 1 , 2 ]`: `1;2;`, `{"a":1}`: ``, `[1,`: `1;`, `[1 2]`: `1;`, ``: ``,
	} {
		var got strings.Builder
		from := scan{json: []byte(list)}
		from.list(func() {
			if value := from.raw(); value != nil {
				fmt.Fprintf(&got, "%s;", value)
			}
		})
		if got.String() != want {
			t.Errorf("%s has %s, want %s", list, got.String(), want)
		}
	}
}

func TestScanSkipsWhatIsNotTaken(t *testing.T) {
	from := scan{json: []byte(`{"a":{"x":[1,{"y":2}]},"b":{"c":7,"d":true,"e":"z"},"f":[{"g":1},{"g":2}],"h":null}`)}
	var c, sum int
	var d bool
	var e string
	from.object(func(name []byte) {
		switch string(name) {
		case "b":
			from.object(func(name []byte) {
				switch string(name) {
				case "c":
					c = from.whole()
				case "d":
					d = from.yes()
				case "e":
					e = string(from.text())
				}
			})
		case "f":
			from.list(func() {
				from.object(func([]byte) { sum += from.whole() })
			})
		}
	})
	if c != 7 || !d || e != "z" || sum != 3 || from.at != len(from.json) {
		t.Errorf("c %d, d %v, e %q, sum %d, and it ends at %d", c, d, e, sum, from.at)
	}
}

func TestText(t *testing.T) {
	for value, want := range map[string]string{`"a"`: "a", `""`: "", `"a\"b\u0041"`: `a"bA`, `7`: "", `"`: "", `null`: "", `"a\`: "", `"\x"`: ""} {
		if got := string(text([]byte(value))); got != want {
			t.Errorf("%s is %q, want %q", value, got, want)
		}
	}
}

// layouts are the ways in which the same pod may be written: as the API server does it, in the order of the alphabet, and
// with blanks.
func layouts(t *testing.T, metadata, spec, status string) map[string]string {
	t.Helper()
	server := fmt.Sprintf(`{"kind":"Pod","apiVersion":"v1","metadata":%s,"managedFields":[{"fieldsV1":{"f:x":{}}}]},"spec":%s,"status":%s}`,
		strings.TrimSuffix(metadata, "}"), spec, status)
	var object any
	if err := json.Unmarshal([]byte(server), &object); err != nil {
		t.Fatal(err)
	}
	sorted, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	indented, err := json.MarshalIndent(object, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"as the API server writes": server, "sorted": string(sorted), "indented": string(indented)}
}

func TestAPodIsReadInAnyLayout(t *testing.T) {
	const spec = `{"containers":[{"name":"c"}],"nodeName":"worker","hostname":"demo-3","restartPolicy":"Never"}`
	metadata := func(rv, rest string) string {
		return `{"name":"p","namespace":"ns","uid":"u","resourceVersion":"` + rv + `","creationTimestamp":"2026-11-21T14:00:00Z","labels":{"a":"b"},` +
			`"annotations":{"batch.kubernetes.io/job-completion-index":"3"},"ownerReferences":[{"kind":"Job","name":"demo","uid":"j","controller":true,"blockOwnerDeletion":true}]` + rest + `}`
	}
	const tracked = `,"finalizers":["other","batch.kubernetes.io/job-tracking"]`
	const running = `{"phase":"Running","conditions":[{"type":"Ready","status":"True"},{"type":"DisruptionTarget","status":"True","reason":"Eviction"}],` +
		`"containerStatuses":[{"name":"c","restartCount":2,"state":{"running":{}}}]}`
	const failed = `{"phase":"Failed","reason":"Evicted","conditions":[{"type":"Ready","status":"False"}],"initContainerStatuses":[` +
		`{"name":"i","restartCount":1,"state":{"terminated":{"exitCode":0,"finishedAt":"2026-11-21T14:00:07Z"}}}],"containerStatuses":[` +
		`{"name":"c","restartCount":2,"state":{"terminated":{"exitCode":3,"finishedAt":"2026-11-21T14:00:09Z"}}}]}`
	at := func(second int) time.Time { return time.Date(2026, 11, 21, 14, 0, second, 0, time.UTC) }
	second := layouts(t, metadata("2", tracked), spec, failed)
	third := layouts(t, metadata("3", `,"deletionTimestamp":"2026-11-21T14:00:30Z","deletionGracePeriodSeconds":30`), spec, failed)
	for name, object := range layouts(t, metadata("1", tracked), spec, running) {
		t.Run(name, func(t *testing.T) {
			p := readPod(&history.Version{RV: 1, Type: history.Added, Object: []byte(object)}, nil)
			if p.Phase != "Running" || !p.Ready || p.Disrupted != "Eviction" || p.Restarts != 2 || !p.Ended.IsZero() || p.ExitCodes != nil {
				t.Errorf("the status is %+v", p)
			}
			if p.Owner != "j" || p.OwnerKind != "Job" || p.OwnerName != "demo" || !p.BlockOwnerDeletion || !p.Tracked || len(p.Finalizers) != 2 {
				t.Errorf("owner and finalizers are %+v", p)
			}
			if p.Labels["a"] != "b" || p.Index != 3 || !p.Created.Equal(at(0)) || !p.Deleting.IsZero() {
				t.Errorf("the metadata are %+v", p)
			}
			if p.Node != "worker" || p.Hostname != "demo-3" || p.RestartPolicy != "Never" || len(p.Spec().Containers) != 1 {
				t.Errorf("the spec is %+v", p)
			}
			p = readPod(&history.Version{RV: 2, Type: history.Modified, Object: []byte(second[name])}, p)
			if p.Phase != "Failed" || p.Reason != "Evicted" || p.Ready || p.Disrupted != "" || p.Restarts != 3 || !p.Ended.Equal(at(9)) || p.ExitCodes["c"] != 3 {
				t.Errorf("the second status is %+v", p)
			}
			if p.Owner != "j" || !p.Tracked || p.Index != 3 || p.Labels["a"] != "b" || p.Node != "worker" || len(p.Spec().Containers) != 1 {
				t.Errorf("what has not changed is %+v", p)
			}
			p = readPod(&history.Version{RV: 3, Type: history.Deleted, Object: []byte(third[name])}, p)
			if p.Tracked || p.Finalizers != nil || !p.Deleting.Equal(at(30)) || p.Grace != 30*time.Second || p.Owner != "j" || p.ExitCodes["c"] != 3 {
				t.Errorf("the third version is %+v", p)
			}
		})
	}
}
