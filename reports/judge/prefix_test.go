package judge

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge/forge"
)

// legalHistories returns every legal history sealed, recorded ones and forged ones, by the path of its file.
func legalHistories(tb testing.TB) map[string][]byte {
	tb.Helper()
	all := map[string][]byte{}
	for _, path := range files(tb, legal, history.SealedExtension) {
		sealed, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		all[path] = sealed
	}
	for _, path := range files(tb, legal, ".yaml") {
		script, err := forge.Load(path)
		if err != nil {
			tb.Fatal(err)
		}
		forged, err := script.Make(legal)
		if err != nil {
			tb.Fatal(err)
		}
		all[path] = forged.Sealed
	}
	return all
}

// Whatever was recorded up to some moment is a history too, and a legal one if the whole is. A judge who goes on after each
// line finds what one finds to whom the history ends there; so that the End of each prefix is asked as well, it is asked here.
func TestEveryPrefixOfALegalHistoryIsLegal(t *testing.T) {
	for path, sealed := range legalHistories(t) {
		t.Run(label(path), func(t *testing.T) {
			t.Parallel()
			reader, err := history.NewReader(bytes.NewReader(sealed))
			if err != nil {
				t.Fatal(err)
			}
			defer reader.Close()
			j := New(reader.Header())
			for line, err := range reader.Lines() {
				if err == nil {
					err = j.Line(line)
				}
				if err != nil {
					t.Fatal(err)
				}
				for _, job := range j.world.jobs {
					for _, inv := range j.atEnd {
						if a := inv.End(job); a.broken != "" {
							t.Fatalf("ended at line %d it breaks %s: %s", line.Number, inv.ID, a.broken)
						}
					}
				}
				if len(j.sheet.broken) > 0 {
					f := j.sheet.broken[0]
					t.Fatalf("up to line %d it breaks %s: %v", line.Number, f.Invariant, f)
				}
			}
		})
	}
}

// The same through a file, for a few histories and places: sealing and reading each prefix of all would take minutes.
func TestPrefixesThatAreSealedAreLegal(t *testing.T) {
	const cuts = 4 // of each history, evenly
	for _, name := range []string{"indexed", "node-loss", "sixty-pods", "suspend", "work-queue", "deleted-foreground"} {
		path := filepath.Join(legal, "v1.37.0", name+history.SealedExtension)
		sealed, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := lineCount(t, sealed)
			for cut := range cuts {
				judgement, err := Read(bytes.NewReader(prefix(t, sealed, lines*cut/cuts)))
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range judgement.Broken {
					t.Errorf("its first %d lines break %s: %v", lines*cut/cuts, f.Invariant, f)
				}
			}
		})
	}
}

// lineCount counts the lines of a history between its header and its end.
func lineCount(t *testing.T, sealed []byte) int {
	t.Helper()
	reader, err := history.NewReader(bytes.NewReader(sealed))
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	lines := 0
	for _, err := range reader.Lines() {
		if err != nil {
			t.Fatal(err)
		}
		lines++
	}
	return lines
}

// prefix seals the first lines of a history as if recording had ended there.
func prefix(t *testing.T, sealed []byte, lines int) []byte {
	t.Helper()
	reader, err := history.NewReader(bytes.NewReader(sealed))
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	var cut bytes.Buffer
	w, err := history.NewWriter(&cut, reader.Header())
	if err != nil {
		t.Fatal(err)
	}
	for line, err := range reader.Lines() {
		if err != nil {
			t.Fatal(err)
		}
		if lines--; lines < 0 {
			break
		}
		switch {
		case line.Version != nil:
			err = w.Version(*line.Version)
		case line.Gap != nil:
			err = w.Gap(*line.Gap)
		default:
			err = w.Write(*line.Write)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.End(history.End{Controller: reader.Header().Controller}); err != nil {
		t.Fatal(err)
	}
	return cut.Bytes()
}
