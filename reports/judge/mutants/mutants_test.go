package mutants

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jobproof/jobproof/reports/history"
)

// some are a few of the recorded legal histories: with and without indexes, a failure, a suspension and a deletion.
func some(t *testing.T) []*Source {
	t.Helper()
	var sources []*Source
	for _, name := range []string{"v1.37.0/single", "v1.36.3/one-after-another", "v1.37.0/indexed-replaced", "v1.36.3/suspend", "v1.37.0/deadline"} {
		s, err := Load(filepath.Join("..", "testdata", "legal", filepath.FromSlash(name)+history.SealedExtension), name)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, s)
	}
	return sources
}

// A mutant that is given away by the hash, or by what its making has broken besides, says nothing of the judge.
func TestMutantsAreSealedAsTheyShouldBe(t *testing.T) {
	structural := []string{"resource version", "although the uid", "after the DELETED", "is MODIFIED", "is DELETED", "before the"}
	sources := some(t)
	for _, o := range Operators() {
		made := 0
		for _, s := range sources {
			sites := o.sites(s)
			if len(sites) == 0 {
				continue
			}
			d := s.draft()
			sites[len(sites)/2].make(d)
			sealed, err := d.seal(s.header)
			if err != nil {
				t.Errorf("%s: %v", o.Name, err)
				continue
			}
			made++
			if err := readAll(sealed); err != nil && !slices.ContainsFunc(structural, func(s string) bool { return strings.Contains(err.Error(), s) }) {
				t.Errorf("%s of %s: %v", o.Name, s.Name, err)
			}
		}
		if made == 0 {
			t.Errorf("%s can be done nowhere", o.Name)
		}
	}
}

func readAll(sealed []byte) error {
	r, err := history.NewReader(bytes.NewReader(sealed))
	if err != nil {
		return err
	}
	defer r.Close()
	for _, err := range r.Lines() {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestADraftWithoutAChangeIsLegal(t *testing.T) {
	for _, s := range some(t) {
		nothing := Operator{Name: "nothing", sites: func(*Source) []site { return []site{{same: "nothing is done", make: func(*draft) {}}} }}
		out, err := Run(nothing, []*Source{s}, 1)
		if err != nil {
			t.Fatal(err)
		}
		if out.Made != 1 || out.Legal() != 1 || len(out.Alarms) > 0 {
			t.Errorf("%s: %+v", s.Name, out)
		}
	}
}

func TestTheSourceIsNotChanged(t *testing.T) {
	s := some(t)[3]
	before, err := s.draft().seal(s.header)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range Operators() {
		for _, found := range o.sites(s) {
			found.make(s.draft())
		}
	}
	after, err := s.draft().seal(s.header)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Error("making mutants has changed what they are made of")
	}
}

func TestMutantsAreTheSameEachTime(t *testing.T) {
	sources := some(t)
	for _, o := range Operators()[:4] {
		first, err := Run(o, sources, 5)
		if err != nil {
			t.Fatal(err)
		}
		second, err := Run(o, sources, 5)
		if err != nil {
			t.Fatal(err)
		}
		if first.Refused != second.Refused || first.Broken != second.Broken || !slices.Equal(first.Survived, second.Survived) {
			t.Errorf("%s: %+v and then %+v", o.Name, first, second)
		}
	}
}

func TestSurvivorsHaveAReasonAndLegalMutantsAreNotRefused(t *testing.T) {
	sources := some(t)
	for _, o := range Operators() {
		out, err := Run(o, sources, 6)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range out.Survived {
			if s.Why == "" {
				t.Errorf("%s: %s, %s: nobody notices, and there is no reason", o.Name, s.Source, s.What)
			}
		}
		for _, alarm := range out.Alarms {
			t.Errorf("%s: false alarm: %s", o.Name, alarm)
		}
	}
}

func TestLoadRefusesWhatIsNotThere(t *testing.T) {
	if _, err := Load(filepath.Join(t.TempDir(), "none"), "none"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is no such history, and the error is %v", err)
	}
}
