package history

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// realistic is a pod as the API server sends it, managedFields included: some 6 KB.
func realistic(name string, rv int) string {
	var fields strings.Builder
	for i := range 60 {
		fmt.Fprintf(&fields, `"k:{\"type\":\"Condition%02d\"}":{".":{},"f:lastProbeTime":{},"f:lastTransitionTime":{}},`, i)
	}
	return fmt.Sprintf(`{"kind":"Pod","apiVersion":"v1","metadata":{"name":%q,"generateName":"demo-","namespace":"jp-abcdefgh",`+
		`"uid":"uid-%s","resourceVersion":"%d","generation":1,"creationTimestamp":"2026-01-01T00:00:00Z",`+
		`"labels":{"batch.kubernetes.io/job-name":"demo","batch.kubernetes.io/controller-uid":"4be7a0d4"},`+
		`"ownerReferences":[{"apiVersion":"batch/v1","kind":"Job","name":"demo","uid":"4be7a0d4","controller":true}],`+
		`"managedFields":[{"manager":"kubelet","operation":"Update","fieldsType":"FieldsV1","fieldsV1":{%s"f:phase":{}}}]},`+
		`"spec":{"nodeName":"worker","containers":[{"name":"main","image":"busybox","command":["sleep","60"]}]},`+
		`"status":{"phase":"Running","containerStatuses":[{"name":"main","restartCount":0,"state":{"running":{}}}]}}`,
		name, name, rv, fields.String())
}

// BenchmarkRecord measures one version from the watch's bytes to the file: reading the frame, writing the line, keeping
// the object and asking a waiter.
func BenchmarkRecord(b *testing.B) {
	const objects = 50
	frames := make([][]byte, objects)
	for i := range frames {
		frames[i] = []byte(event(Modified, realistic(fmt.Sprintf("demo-%02d", i), 1000+i)))
	}
	out, err := os.Create(filepath.Join(b.TempDir(), "history.jsonl"))
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	r := newRecorder(nil, "jp-abcdefgh", out)
	r.waiters[&waiter{holds: func(*Live) bool { return false }}] = struct{}{}
	b.SetBytes(int64(len(frames[0])))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f, err := parseFrame(Pods, frames[i%objects], time.Now())
		if err != nil {
			b.Fatal(err)
		}
		r.commit(f.version)
	}
}

// heapAfter records a number of versions of some objects and returns the heap in use afterwards.
func heapAfter(t testing.TB, versions, objects int) uint64 {
	t.Helper()
	r := newRecorder(nil, "jp-abcdefgh", io.Discard)
	template := []byte(event(Modified, realistic("demo-NN", 1000)))
	for i := range versions {
		text := bytes.ReplaceAll(template, []byte("demo-NN"), fmt.Appendf(nil, "demo-%02d", i%objects))
		f, err := parseFrame(Pods, text, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		r.commit(f.version)
	}
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	runtime.KeepAlive(r)
	return stats.HeapAlloc
}

// BenchmarkRecordHeap reports by how many bytes the heap has grown after 100,000 versions of 50 objects, over what the
// first version of each object took.
func BenchmarkRecordHeap(b *testing.B) {
	for b.Loop() {
		few := heapAfter(b, 50, 50)
		many := heapAfter(b, 100_000, 50)
		b.ReportMetric(float64(few), "heap-bytes/50-versions")
		b.ReportMetric(float64(int64(many)-int64(few)), "heap-growth-bytes")
	}
}

func TestMemoryIsTheLiveObjectsOnly(t *testing.T) {
	few := heapAfter(t, 50, 50)
	many := heapAfter(t, 5_000, 50)
	// The objects are some 300 KB; 5,000 versions of them would be 30 MB.
	if many > few+1<<20 {
		t.Errorf("the heap holds %d bytes after 50 versions and %d after 5,000 of the same 50 objects", few, many)
	}
}
