package history

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/cespare/xxhash/v2"
)

// The headers of the histories that these tests make: of one namespace, and of all.
const (
	ofOne = `{"history":2,"namespace":"jp-test","start":"2026-01-01T00:00:00Z","order":"rv","audited":true,"origin":"hand"}`
	ofAll = `{"history":2,"namespace":"","start":"2026-01-01T00:00:00Z","order":"arrival","audited":false,"origin":"recorded"}`
)

// seen is a moment of the recorder's clock, some milliseconds after the start.
func seen(ms int) string {
	return second(0).Add(time.Duration(ms) * time.Millisecond).Format(time.RFC3339Nano)
}

// line is a version as a recorder writes it, seen as many milliseconds after the start as its rv says.
func line(typ, kind, namespace, name string, rv int) string {
	return lineSeen(rv, typ, kind, namespace, name, rv)
}

func lineSeen(ms int, typ, kind, namespace, name string, rv int) string {
	where := ""
	if namespace != "" {
		where = fmt.Sprintf(`,"namespace":%q`, namespace)
	}
	return fmt.Sprintf(`{"seen":%q,"type":%q,"kind":%q,"namespace":%q,"name":%q,"uid":"uid-%s","rv":%d,"object":{"kind":%q,`+
		`"apiVersion":"v1","metadata":{"name":%q%s,"uid":"uid-%s","resourceVersion":"%d"}}}`,
		seen(ms), typ, kind, namespace, name, name, rv, kind, name, where, name, rv)
}

// podLine is a version of a pod in the namespace of ofOne.
func podLine(typ, name string, rv int) string { return line(typ, "Pod", "jp-test", name, rv) }

func gapText(kind string, from, to int) string {
	return fmt.Sprintf(`{"gap":{"seen":%q,"kind":%q,"from":%d,"to":%d,"why":"too old"}}`, seen(to), kind, from, to)
}

func writeText(ms int, verb, name string) string {
	return fmt.Sprintf(`{"write":{"at":%q,"user":"u","agent":"a","verb":%q,"resource":"pods","subresource":"","namespace":"jp-test",`+
		`"name":%q,"code":200}}`, seen(ms), verb, name)
}

// plain joins lines, each with its end.
func plain(lines ...string) string { return strings.Join(lines, "\n") + "\n" }

// sealed adds the end that belongs to the lines.
func sealed(lines ...string) string {
	text := plain(lines...)
	return text + fmt.Sprintf(`{"end":{"at":%q,"lines":%d,"xxh64":"%016x"}}`+"\n", seen(59_000), len(lines), xxhash.Sum64String(text))
}

// read goes through a sealed history and returns its lines as they are written, and the error at the end.
func read(text []byte) (lines []string, end End, err error) {
	r, err := NewReader(bytes.NewReader(text))
	if err != nil {
		return nil, End{}, err
	}
	defer r.Close()
	for line, err := range r.Lines() {
		if err != nil {
			return lines, r.End(), err
		}
		lines = append(lines, written(line))
	}
	return lines, r.End(), nil
}

// says reports whether an error names a line and says something of it.
func says(err error, line int, what string) bool {
	return err != nil && strings.HasPrefix(err.Error(), fmt.Sprintf("line %d: ", line)) && strings.Contains(err.Error(), what)
}

// written is how a line stands in a file.
func written(line Line) string {
	var text []byte
	switch {
	case line.Version != nil:
		text = appendVersion(nil, *line.Version)
	case line.Gap != nil:
		text, _ = appendJSON(nil, gapLine{*line.Gap})
	default:
		text, _ = appendJSON(nil, writeLine{*line.Write})
	}
	return strings.TrimSuffix(string(text), "\n")
}

// compressed is a history as Seal writes it.
func compressed(t testing.TB, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := Compress(&out)
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// regexpHash finds the hash of an end line.
var regexpHash = regexp.MustCompile(`"xxh64":"[0-9a-f]{16}"`)

// reader begins to read a sealed history.
func reader(t testing.TB, from io.Reader) *Reader {
	t.Helper()
	r, err := NewReader(from)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}
