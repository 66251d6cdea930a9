package history

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// lawful is a history that a Reader has nothing against: everything that a format 2 file may hold is in it.
var lawful = []string{
	ofOne,
	line(Listed, "Node", "", "n1", 100),
	line(Listed, "Job", "jp-test", "old", 200),
	writeText(900, "create", "a"),
	podLine(Added, "a", 1000),
	line(Added, "Job", "jp-test", "demo", 1001),
	podLine(Modified, "a", 1002),
	gapText("Job", 1002, 1100),
	writeText(1050, "patch", "a"),
	writeText(1050, "delete", "a"),
	lineSeen(1100, Listed, "Job", "jp-test", "demo", 1050), // changed in the gap
	lineSeen(1100, Listed, "Job", "jp-test", "new", 1060),
	lineSeen(1065, Deleted, "Pod", "jp-test", "a", 1065), // another kind: it was seen before the list
	line(Modified, "Job", "jp-test", "demo", 1101),
	line(Added, "Event", "jp-test", "e1", 1200),
	line(Added, "Event", "jp-test", "e2", 1201),
	line(Deleted, "Event", "jp-test", "e1", 1300), // with their lease
	line(Deleted, "Event", "jp-test", "e2", 1300),
	writeText(5000, "delete", "demo"),
}

func TestReaderReturnsEveryLine(t *testing.T) {
	text := sealed(lawful...)
	packed := compressed(t, text)
	for name, file := range map[string][]byte{"compressed": packed, "not compressed": []byte(text)} {
		t.Run(name, func(t *testing.T) {
			lines, end, err := read(file)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(lines, lawful[1:]) {
				for i := range min(len(lines), len(lawful)-1) {
					if lines[i] != lawful[i+1] {
						t.Errorf("line %d is\n%s\nwant\n%s", i+2, lines[i], lawful[i+1])
					}
				}
				t.Errorf("read %d lines, want %d", len(lines), len(lawful)-1)
			}
			if end.Lines != len(lawful) || end.At.Second() != 59 {
				t.Errorf("the end is %+v", end)
			}
		})
	}
}

// However the bytes come, and however many of them there are, the lines are the same.
func TestReaderTakesAnyPortions(t *testing.T) {
	long := strings.Replace(podLine(Modified, "a", 1002), `{"kind"`, `{"x":"`+strings.Repeat("y", 3<<20)+`","kind"`, 1)
	text := sealed(ofOne, podLine(Added, "a", 1000), long, podLine(Modified, "a", 1003))
	for name, r := range map[string]*Reader{
		"byte by byte":       reader(t, iotest.OneByteReader(strings.NewReader(text))),
		"with the error":     reader(t, iotest.DataErrReader(strings.NewReader(text))),
		"half of what it is": reader(t, iotest.HalfReader(bytes.NewReader(compressed(t, text)))),
	} {
		var numbers []int
		for line, err := range r.Lines() {
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			numbers = append(numbers, line.Number)
		}
		if !slices.Equal(numbers, []int{2, 3, 4}) {
			t.Errorf("%s: read lines %v", name, numbers)
		}
	}
}

func TestReaderStopsWhenTold(t *testing.T) {
	r := reader(t, strings.NewReader(sealed(lawful...)))
	for range r.Lines() {
		break
	}
	if !r.End().At.IsZero() {
		t.Error("there is an end although it was not read")
	}
	for _, err := range r.Lines() {
		if err == nil {
			t.Error("a history is read twice")
		}
	}
}

// A version is the Reader's until the next line; a clone is the caller's.
func TestCloneOutlivesTheLine(t *testing.T) {
	r := reader(t, strings.NewReader(sealed(lawful...)))
	var clones []Version
	var names []string
	for line, err := range r.Lines() {
		if err != nil {
			t.Fatal(err)
		}
		if line.Version != nil && line.Version.Kind == "Pod" {
			clones = append(clones, line.Version.Clone())
			names = append(names, line.Version.Pod().ResourceVersion)
		}
	}
	for i, v := range clones {
		if v.Pod() == nil || v.Pod().ResourceVersion != names[i] || fmt.Sprint(v.RV) != names[i] {
			t.Errorf("the clone of %s is %+v", names[i], v.Pod())
		}
	}
	if !slices.Equal(names, []string{"1000", "1002", "1065"}) {
		t.Errorf("the pod's versions are %v", names)
	}
}

func TestReaderRefusesWhatWasDamaged(t *testing.T) {
	text := sealed(lawful...)
	lines := strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	end := lines[len(lines)-1] + "\n"
	last := len(lines)
	pod := podLine(Added, "a", 1000)
	for name, test := range map[string]struct {
		text string
		line int
		says string
	}{
		"nothing":              {"", 1, "it is empty"},
		"an empty line":        {"\n", 1, "not a history"},
		"foreign text":         {"<html>\n", 1, "not a history"},
		"foreign JSON":         {`{"kind":"PodList"}` + "\n", 1, "the header is missing"},
		"an array":             {"[]\n", 1, "not a history"},
		"no header":            {sealed(lawful[1:]...), 1, "the header is missing"},
		"format 1":             {`{"history":1,"namespace":"jp-test","start":"2026-01-01T00:00:00Z"}` + "\n", 1, "format 1; this program reads format 2"},
		"a later format":       {`{"history":3,"start":17}` + "\n", 1, "format 3"},
		"a format in words":    {`{"history":"two"}` + "\n", 1, "not a history"},
		"no order":             {sealed(strings.Replace(ofOne, `"order":"rv",`, "", 1)), 1, "unknown order"},
		"an unknown order":     {sealed(strings.Replace(ofOne, `"rv"`, `"name"`, 1)), 1, "unknown order"},
		"an unknown origin":    {sealed(strings.Replace(ofOne, `"hand"`, `"luck"`, 1)), 1, "unknown origin"},
		"a header cut short":   {ofOne, 1, "truncated: the line has no end"},
		"a second header":      {sealed(ofOne, pod, ofOne), 3, "a second header"},
		"no end line":          {plain(lawful...), last, "truncated: the end line is missing"},
		"a header only":        {plain(ofOne), 2, "truncated: the end line is missing"},
		"a line without end":   {text[:len(text)-1], last, "truncated: the line has no end"},
		"half a line":          {plain(ofOne) + pod[:100], 2, "truncated: the line has no end"},
		"a line too many":      {text + pod + "\n", last + 1, "a line after the end"},
		"an empty line after":  {text + "\n", last + 1, "a line after the end"},
		"text after the end":   {text + "x", last + 1, "after the end: truncated"},
		"two ends":             {text + end, last + 1, "a line after the end"},
		"a line less":          {strings.Join(slices.Delete(slices.Clone(lines), 5, 6), "") + "\n", last - 1, "changed after it was sealed: the end speaks of 19 lines"},
		"another byte":         {strings.Replace(text, `"agent":"a"`, `"agent":"b"`, 1), last, "changed after it was sealed: the end speaks of the hash"},
		"another hash":         {regexpHash.ReplaceAllString(text, `"xxh64":"0123456789abcdef"`), last, "changed after it was sealed"},
		"no hash":              {plain(ofOne) + `{"end":{"at":"2026-01-01T00:00:00Z","lines":1}}` + "\n", 2, "changed after it was sealed"},
		"garbage between":      {sealed(ofOne, pod, "\x00\xff"), 3, "invalid character"},
		"an empty line within": {sealed(ofOne, "", pod), 2, "unexpected end"},
		"null":                 {sealed(ofOne, "null"), 2, "neither a version"},
		"a list":               {sealed(ofOne, "[]"), 2, "cannot unmarshal"},
		"nothing known":        {sealed(ofOne, `{"object":{}}`), 2, "neither a version, a gap, a write nor the end"},
		"two in one":           {sealed(ofOne, gapText("Pod", 1, 2)[:len(gapText("Pod", 1, 2))-1]+`,"type":"ADDED"}`), 2, "neither a version"},
		"an unknown type":      {sealed(ofOne, podLine("RENAMED", "a", 1)), 2, `unknown type "RENAMED"`},
		"a type in small":      {sealed(ofOne, podLine("added", "a", 1)), 2, `unknown type "added"`},
		"no uid":               {sealed(ofOne, strings.Replace(pod, `"uid":"uid-a",`, "", 1)), 2, "a version needs"},
		"no seen":              {sealed(ofOne, `{`+pod[len(`{"seen":"2026-01-01T00:00:01Z",`):]), 2, "a version needs"},
		"no rv":                {sealed(ofOne, strings.Replace(pod, `"rv":1000`, `"rv":0`, 1)), 2, "a version needs"},
		"a negative rv":        {sealed(ofOne, strings.Replace(pod, `"rv":1000`, `"rv":-1`, 1)), 2, "cannot unmarshal"},
		"an rv with zeros":     {sealed(ofOne, strings.Replace(pod, `"rv":1000`, `"rv":01000`, 1)), 2, "invalid character"},
		"an rv over 64 bits":   {sealed(ofOne, strings.Replace(pod, `"rv":1000`, `"rv":18446744073709551616`, 1)), 2, "cannot unmarshal"},
		"a time of no kind":    {sealed(ofOne, strings.Replace(pod, seen(1000), "noon", 1)), 2, "parsing time"},
		"no object":            {sealed(ofOne, pod[:strings.Index(pod, `,"object"`)]+"}"), 2, "a version needs an object"},
		"an object of null":    {sealed(ofOne, pod[:strings.Index(pod, `{"kind"`)]+"null}"), 2, "a version needs an object"},
		"a list as object":     {sealed(ofOne, pod[:strings.Index(pod, `{"kind"`)]+"[]}"), 2, "a version needs an object"},
		"an object cut short":  {sealed(ofOne, pod, podLine(Modified, "a", 1001)[:200]), 3, "invalid character"},
		"an object not JSON":   {sealed(ofOne, pod, strings.Replace(podLine(Modified, "a", 1001), `"v1"`, `v1`, 1)), 3, "invalid character"},
		"a deep object":        {sealed(ofOne, strings.Replace(pod, `"v1"`, strings.Repeat("[", maxDepth+1)+strings.Repeat("]", maxDepth+1), 1)), 2, "nested deeper"},
		"a very deep object":   {sealed(ofOne, strings.Replace(pod, `"v1"`, strings.Repeat("[", 1<<20)+strings.Repeat("]", 1<<20), 1)), 2, "exceeded max depth"},
		"an endless line":      {plain(ofOne) + strings.Repeat("x", maxLine+1), 2, "longer than 8 MiB"},
		"a line too long":      {sealed(ofOne, strings.Replace(pod, `"v1"`, `"`+strings.Repeat("x", maxLine)+`"`, 1)), 2, "longer than 8 MiB"},
		"a gap of no kind":     {sealed(ofOne, gapText("", 1, 2)), 2, "a gap needs"},
		"a gap backwards":      {sealed(ofOne, gapText("Pod", 2, 1)), 2, "a gap needs"},
		"a write of nothing":   {sealed(ofOne, `{"write":{}}`), 2, "a write needs"},
	} {
		t.Run(name, func(t *testing.T) {
			_, end, err := read([]byte(test.text))
			if !says(err, test.line, test.says) {
				t.Errorf("error is %.300v, want one of line %d that says %q", err, test.line, test.says)
			}
			if !end.At.IsZero() {
				t.Error("there is an end although the history is damaged")
			}
		})
	}
}
