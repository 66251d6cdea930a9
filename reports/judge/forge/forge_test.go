package forge

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"github.com/jobproof/jobproof/reports/history"
)

var start = time.Date(2026, 11, 21, 14, 0, 0, 0, time.UTC)

// base is the history that is edited here: a Job and two pods, a version a second.
func base(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	var sealed bytes.Buffer
	w, err := history.NewWriter(&sealed, history.Header{Namespace: "ns", Kubernetes: "v1.37.0", Start: start})
	if err != nil {
		t.Fatal(err)
	}
	pod := func(name, index, rest, phase string, second int) string {
		return fmt.Sprintf(`{"metadata":{"name":"%s","generateName":"demo-%s-","namespace":"ns","uid":"%s","resourceVersion":"%%d",`+
			`"creationTimestamp":"2026-11-21T14:00:%02dZ","annotations":{"batch.kubernetes.io/job-completion-index":"%s"},"ownerReferences":[{"uid":"job-uid-1234","name":"demo"}]%s,`+
			`"managedFields":[]},"spec":{"hostname":"demo-%s"},"status":{"phase":"%s"}}`, name, index, uidOf(name), second, index, rest, index, phase)
	}
	job := func(status string) string {
		return `{"metadata":{"name":"demo","namespace":"ns","uid":"job-uid-1234","resourceVersion":"%d","creationTimestamp":"2026-11-21T14:00:01Z"},"spec":{},"status":{` + status + `}}`
	}
	const tracked = `,"finalizers":["other","batch.kubernetes.io/job-tracking"]`
	for i, v := range []struct{ typ, kind, name, object string }{
		{history.Added, "Job", "demo", job("")},
		{history.Added, "Pod", "demo-0-aaaaa", pod("demo-0-aaaaa", "0", tracked, "Pending", 2)},
		{history.Added, "Pod", "demo-1-bbbbb", pod("demo-1-bbbbb", "1", tracked, "Pending", 3)},
		{history.Modified, "Job", "demo", job(`"startTime":"2026-11-21T14:00:04Z","active":2`)},
		{history.Modified, "Pod", "demo-0-aaaaa", pod("demo-0-aaaaa", "0", tracked, "Running", 2)},
		{history.Modified, "Pod", "demo-0-aaaaa", pod("demo-0-aaaaa", "0", tracked, "Succeeded", 2)},
		{history.Modified, "Job", "demo", job(`"startTime":"2026-11-21T14:00:04Z","active":1,"conditions":[{"type":"Complete","status":"True","lastTransitionTime":"2026-11-21T14:00:07Z"}]`)},
		{history.Modified, "Pod", "demo-0-aaaaa", pod("demo-0-aaaaa", "0", "", "Succeeded", 2)},
	} {
		rv := uint64(i + 1)
		version := history.Version{
			Seen: start.Add(time.Duration(i+1) * time.Second), Type: v.typ, Kind: v.kind, Namespace: "ns", Name: v.name, UID: uidOf(v.name), RV: rv,
			Object: fmt.Appendf(nil, v.object, rv),
		}
		if err := w.Version(version); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.End(history.End{}); err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	z, err := history.Compress(&file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(sealed.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "base.jsonl.zst"), file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

func uidOf(name string) string {
	if name == "demo" {
		return "job-uid-1234"
	}
	return "uid-of-" + name
}

// plot is the base as tell tells it.
const plot = `
1000 1.000 ADDED Job/demo
2000 2.000 ADDED Pod/demo-0-aaaaa Pending
3000 3.000 ADDED Pod/demo-1-bbbbb Pending
4000 4.000 MODIFIED Job/demo active=2
5000 5.000 MODIFIED Pod/demo-0-aaaaa Running
6000 6.000 MODIFIED Pod/demo-0-aaaaa Succeeded
7000 7.000 MODIFIED Job/demo Complete active=1
8000 8.000 MODIFIED Pod/demo-0-aaaaa Succeeded
end 8.000
`

// tell tells a sealed history in a line a version; an object's own resource version must be that of its line.
func tell(t *testing.T, sealed []byte) string {
	t.Helper()
	r, err := history.NewReader(bytes.NewReader(sealed))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var text strings.Builder
	text.WriteByte('\n')
	for line, err := range r.Lines() {
		switch {
		case err != nil:
			t.Fatal(err)
		case line.Gap != nil:
			fmt.Fprintf(&text, "gap of %s from %d, lost %v\n", line.Gap.Kind, line.Gap.From, line.Gap.Lost)
		case line.Write != nil:
			w := line.Write
			fmt.Fprintf(&text, "%.6f %s by %s: %d\n", w.At.Sub(start).Seconds(), strings.Join(strings.Fields(w.Verb+" "+w.Resource+" "+w.Name+" "+w.UID), " "), w.User, w.Code)
		default:
			v := line.Version
			fmt.Fprintf(&text, "%d %.3f %s %s/%s", v.RV, v.Seen.Sub(start).Seconds(), v.Type, v.Kind, v.Name)
			for _, field := range []string{"status.phase", "status.conditions.#.type"} {
				for _, found := range gjson.GetBytes(v.Object, field+"|@flatten").Array() {
					text.WriteString(" " + found.Str)
				}
			}
			if active := gjson.GetBytes(v.Object, "status.active"); active.Exists() {
				text.WriteString(" active=" + active.Raw)
			}
			text.WriteByte('\n')
		}
	}
	fmt.Fprintf(&text, "end %.3f\n", r.End().At.Sub(start).Seconds())
	return text.String()
}
