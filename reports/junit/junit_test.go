package junit

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/jobproof/jobproof/reports/verdict"
)

var update = flag.Bool("update", false, "write the golden file instead of comparing with it")

var started = time.Date(2026, 1, 2, 4, 4, 5, 678, time.FixedZone("somewhere", 3600))

// small is a run with a spec of every outcome.
func small() verdict.Summary {
	return verdict.Summarize(
		verdict.Plan{Specs: []verdict.Planned{{Spec: "Deadline ends the Job as a whole", Section: "deadlines", Claims: []string{"J-205", "J-206"}}}},
		[]verdict.Result{
			{
				Spec: "Suspension keeps pods away until the Job is resumed", Section: "suspension",
				File: "suites/suspension/suspend.go:31", Seconds: 12.3456, History: "histories/suspension.jsonl",
				Failure: "J-104 is refuted\nExpected\n    <int>: 1\nto equal\n    <int>: 0",
				Claims: []verdict.ClaimResult{
					{ID: "J-102", Verdict: verdict.Proven},
					{ID: "J-108", Verdict: verdict.NotExercised, Because: "the spec had ended"},
					{ID: "J-104", Verdict: verdict.Refuted, Because: "a pod was created", Evidence: "histories/suspension.jsonl:7"},
				},
			},
			{
				Spec: "Suspension ends the pods of a running Job", Section: "suspension", Seconds: 30, Requests: 17,
				Claims: []verdict.ClaimResult{{ID: "J-112", Verdict: verdict.Proven}},
			},
			{
				Spec: "Node failure is survived", Section: "failures",
				Claims: []verdict.ClaimResult{{ID: "J-039", Verdict: verdict.NotExercised, Because: "nodes may not be killed here"}},
			},
			{
				Spec: "Labels are set", Section: "lifecycle",
				Failure: "the namespace could not be deleted", History: "histories/labels.jsonl",
				Claims: []verdict.ClaimResult{{ID: "J-300", Verdict: verdict.Proven}},
			},
		})
}

func write(t *testing.T, s verdict.Summary, facts map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, s, facts, started, 83*time.Second+time.Millisecond); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// parse reads the XML back, strictly and to its end.
func parse(t *testing.T, data []byte) testsuites {
	t.Helper()
	if !utf8.Valid(data) {
		t.Fatal("not valid UTF-8")
	}
	decoder := xml.NewDecoder(bytes.NewReader(data))
	var all testsuites
	if err := decoder.Decode(&all); err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if text, blank := token.(xml.CharData); err != nil || !blank || len(bytes.TrimSpace(text)) > 0 {
			t.Fatalf("%v follows the report, error %v", token, err)
		}
	}
}

func TestGolden(t *testing.T) {
	got := write(t, small(), map[string]string{"kubernetes": "v1.37.0", "nodes": "4", "etcd": "3.6"})
	golden := filepath.Join("testdata", "small.xml")
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCountsAddUp(t *testing.T) {
	all := parse(t, write(t, small(), nil))
	if want := (counts{Tests: 5, Failures: 1, Errors: 2, Skipped: 1}); all.counts != want {
		t.Errorf("the run counts %+v, want %+v", all.counts, want)
	}
	var sum counts
	for _, suite := range all.Suites {
		var own counts
		for _, c := range suite.Cases {
			own.add(c.counts())
		}
		if own != suite.counts || len(suite.Cases) != suite.Tests {
			t.Errorf("%s counts %+v, its cases %+v", suite.Name, suite.counts, own)
		}
		sum.add(suite.counts)
	}
	if sum != all.counts {
		t.Errorf("the suites count %+v, the run %+v", sum, all.counts)
	}
}

func TestOutcomeOfEachVerdict(t *testing.T) {
	want := map[verdict.Verdict]string{
		verdict.Proven: "", verdict.Refuted: "failure", verdict.Inconclusive: "error", verdict.Infra: "error",
		verdict.NotExercised: "skipped", "passed": "error", "": "error",
	}
	for v, element := range want {
		claims := []verdict.ClaimResult{{ID: "J-001", Verdict: v}}
		s := verdict.Summarize(verdict.Plan{}, []verdict.Result{{Spec: "x", Section: "s", Claims: claims}})
		c := parse(t, write(t, s, nil)).Suites[0].Cases[0]
		got := map[string]*outcome{"failure": c.Failure, "error": c.Error, "skipped": c.Skipped}
		for name, told := range got {
			if (told != nil) != (name == element) {
				t.Errorf("%q: there is a <%s>: %t", v, name, told != nil)
			}
			if told != nil && (told.Message == "" || told.Type != string(s.Overall)) {
				t.Errorf("%q: <%s> says %+v", v, name, *told)
			}
		}
	}
}

func TestNamesDoNotDependOnTheRun(t *testing.T) {
	before := parse(t, write(t, small(), map[string]string{"kubernetes": "v1.36.3"}))
	s := small()
	for i := range s.Specs {
		s.Specs[i].Seconds, s.Specs[i].History, s.Specs[i].Verdict = 99, "elsewhere", verdict.Proven
	}
	after := parse(t, write(t, s, map[string]string{"kubernetes": "v1.37.0"}))
	names := func(all testsuites) (names []string) {
		for _, suite := range all.Suites {
			for _, c := range suite.Cases {
				names = append(names, suite.Name+"|"+c.Class+"|"+c.Name)
			}
		}
		return names
	}
	if got, want := names(after), names(before); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got, want := names(before)[0], "deadlines|jobproof.deadlines|Deadline ends the Job as a whole"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestARunWithoutSpecsIsAnError(t *testing.T) {
	for name, s := range map[string]verdict.Summary{
		"no cluster": verdict.NoCluster("no container engine answers"), "no specs": verdict.Summarize(verdict.Plan{}, nil), "zero": {},
	} {
		all := parse(t, write(t, s, nil))
		if all.Tests != 1 || all.Errors != 1 || all.Suites[0].Cases[0].Class != "jobproof.run" {
			t.Errorf("%s: got %+v", name, all)
		}
		if got := all.Suites[0].Cases[0].Error.Message; s.Because != "" && got != s.Because {
			t.Errorf("%s: message %q, want %q", name, got, s.Because)
		}
	}
}

func TestHostileTextGivesValidXML(t *testing.T) {
	var ascii strings.Builder
	for b := range byte(0x80) {
		ascii.WriteByte(b)
	}
	for name, text := range map[string]string{
		"every ASCII character": ascii.String(),
		"the end of CDATA":      "]]> <![CDATA[ ]]>",
		"markup":                `</testcase><testcase name="forged"/>&amp;&#0;<!-- --><?xml?>`,
		"quotes":                `"'` + "`",
		"an escape sequence":    "\x1b[31mred\x1b[0m",
		"invalid UTF-8":         "a\xff\xfe\xc0\x80z",
		"surrogates":            "\xed\xa0\x80",
		"no characters":         "\ufffe\uffff",
		"beyond the first plan": "𝔍😀",
		"line ends":             "a\r\nb\rc\nd\te",
		"only a space":          " ",
	} {
		t.Run(name, func(t *testing.T) {
			s := verdict.Summarize(verdict.Plan{}, []verdict.Result{{
				Spec: text, Section: text, File: text, History: text, Failure: "failure: " + text,
				Claims: []verdict.ClaimResult{{ID: text, Verdict: verdict.Refuted, Because: text, Evidence: text}},
			}})
			all := parse(t, write(t, s, map[string]string{text: text}))
			if all.Tests != 1 || len(all.Suites) != 1 || len(all.Suites[0].Cases) != 1 {
				t.Fatalf("got %+v", all)
			}
			c, want := all.Suites[0].Cases[0], readable(text)
			if c.Name != want || all.Suites[0].Properties[0] != (property{want, want}) {
				t.Errorf("name %q and property %+v, want %q", c.Name, all.Suites[0].Properties[0], want)
			}
			if !strings.HasSuffix(c.Failure.Text, want) {
				t.Errorf("text %q, want it to end with %q", c.Failure.Text, want)
			}
		})
	}
}

// readable is what remains of a text in XML (https://www.w3.org/TR/xml/#charsets): each character that is not allowed,
// and each byte that is not UTF-8, becomes U+FFFD.
func readable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r < 0xFFFE || r > 0xFFFF {
			return r
		}
		return utf8.RuneError
	}, text)
}

func TestWriteReturnsTheWritersError(t *testing.T) {
	broken := errors.New("disk full")
	for room := 0; room < 2000; room += 37 {
		err := Write(&full{room, broken}, small(), nil, started, time.Second)
		if !errors.Is(err, broken) {
			t.Fatalf("with room for %d bytes: %v", room, err)
		}
	}
}

// full is a writer that takes so many bytes and then fails.
type full struct {
	room int
	err  error
}

func (f *full) Write(p []byte) (int, error) {
	n := min(len(p), f.room)
	f.room -= n
	if n < len(p) {
		return n, f.err
	}
	return n, nil
}
