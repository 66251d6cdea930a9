package history

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// life is a sealed history of so many versions of 50 pods of 6 KB each, not compressed.
func life(t testing.TB, versions int) []byte {
	t.Helper()
	const objects = 50
	var names, templates [objects]string
	for i := range objects {
		names[i] = fmt.Sprintf("demo-%02d", i)
		templates[i] = realistic(names[i], 0)
	}
	var out bytes.Buffer
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	w, err := NewWriter(&out, Header{Namespace: "jp-abcdefgh", Start: start})
	for i := range versions {
		name := names[i%objects]
		object := strings.Replace(templates[i%objects], `"resourceVersion":"0"`, fmt.Sprintf(`"resourceVersion":"%d"`, 1000+i), 1)
		v := Version{
			Seen: start.Add(time.Duration(i) * time.Millisecond), Type: Modified, Kind: Pods.Name, Namespace: "jp-abcdefgh",
			Name: name, UID: "uid-" + name, RV: uint64(1000 + i), Object: []byte(object),
		}
		if i < objects {
			v.Type = Added
		}
		if err == nil {
			err = w.Version(v)
		}
	}
	if err == nil {
		err = w.End(End{})
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// readThrough reads histories until the benchmark has enough, and reports the cost of a line.
func readThrough(b *testing.B, text []byte, size, lines int) {
	b.Helper()
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		r, err := NewReader(bytes.NewReader(text))
		if err != nil {
			b.Fatal(err)
		}
		for _, err := range r.Lines() {
			if err != nil {
				b.Fatal(err)
			}
		}
		r.Close()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(lines), "ns/line")
}

// BenchmarkReader measures reading a history of 2,000 versions of 6 KB, with all that a Reader checks.
func BenchmarkReader(b *testing.B) {
	text := life(b, 2000)
	readThrough(b, text, len(text), 2000)
}

// BenchmarkReaderCompressed is BenchmarkReader of the same history as it stands in a file.
func BenchmarkReaderCompressed(b *testing.B) {
	text := life(b, 2000)
	packed := compressed(b, string(text))
	b.Logf("%d bytes compressed to %d", len(text), len(packed))
	readThrough(b, packed, len(text), 2000)
}

// BenchmarkObject measures the check that text is a JSON object.
func BenchmarkObject(b *testing.B) {
	object := []byte(realistic("demo", 1000))
	b.SetBytes(int64(len(object)))
	for b.Loop() {
		if !isObject(object) {
			b.Fatal("no object")
		}
	}
}

// BenchmarkSeal measures sealing a recording of 300 versions of 6 KB, about as much as the largest spec of a run leaves.
func BenchmarkSeal(b *testing.B) {
	text := life(b, 300)
	text = text[:bytes.LastIndex(text, []byte(`{"end"`))]
	path := filepath.Join(b.TempDir(), "a.jsonl")
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			b.Fatal(err)
		}
		if _, err := Seal(path, Sealing{}); err != nil {
			b.Fatal(err)
		}
	}
}
