package scenario

import (
	"slices"
	"strings"
	"testing"

	"github.com/jobproof/jobproof/reports/verdict"
)

func TestVerdictOfAClaim(t *testing.T) {
	const id = "J-102"
	ids := []string{id}
	meet := func(p *proof) { p.meet(ids) }
	refute := func(p *proof) { p.refute(ids, "it was not", "at length") }
	gap := func(p *proof) { p.void = append(p.void, "a gap") }
	lostNode := func(p *proof) { p.excuses = append(p.excuses, "a node was lost") }
	end := func(e ending) func(*proof) { return func(p *proof) { p.finish(e) } }
	for name, test := range map[string]struct {
		did     []func(*proof)
		want    verdict.Verdict
		because string
	}{
		"met":                      {[]func(*proof){meet}, verdict.Proven, ""},
		"met twice":                {[]func(*proof){meet, meet}, verdict.Proven, ""},
		"met, a node was lost":     {[]func(*proof){meet, lostNode}, verdict.Proven, ""},
		"met, with a gap":          {[]func(*proof){meet, gap}, verdict.Inconclusive, "a gap"},
		"not asked":                {nil, verdict.NotExercised, "never asked"},
		"refuted":                  {[]func(*proof){refute}, verdict.Refuted, "it was not"},
		"refuted after it was met": {[]func(*proof){meet, refute}, verdict.Refuted, "it was not"},
		"met after it was refuted": {[]func(*proof){refute, meet}, verdict.Refuted, "it was not"},
		"refuted, a node was lost": {[]func(*proof){refute, lostNode}, verdict.Inconclusive, "it was not; but a node was lost"},
		"refuted, with a gap":      {[]func(*proof){refute, gap}, verdict.Inconclusive, "it was not; but a gap"},
		"skipped":                  {[]func(*proof){end(ending{why: "no node", skipped: true})}, verdict.NotExercised, "no node"},
		"refuted, then skipped":    {[]func(*proof){refute, end(ending{why: "no node", skipped: true})}, verdict.Refuted, "it was not"},
		"not asked, for another claim was refuted": {
			[]func(*proof){end(ending{why: "J-101 was refuted", refuted: true})}, verdict.NotExercised, "ended before it: J-101"},
		"met, then another claim was refuted": {
			[]func(*proof){meet, end(ending{why: "J-101 was refuted", refuted: true})}, verdict.Inconclusive, "before it was through"},
		"met, then a panic":           {[]func(*proof){meet, end(ending{why: "it panicked"})}, verdict.Inconclusive, "it panicked"},
		"not asked, then a panic":     {[]func(*proof){end(ending{why: "it panicked"})}, verdict.Inconclusive, "it panicked"},
		"refuted, then a panic":       {[]func(*proof){refute, end(ending{why: "it panicked"})}, verdict.Refuted, "it was not"},
		"the first end is the reason": {[]func(*proof){end(ending{why: "a"}), end(ending{why: "b"})}, verdict.Inconclusive, "through: a"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProof(ids)
			for _, did := range test.did {
				did(p)
			}
			got := p.results()[0]
			if got.Verdict != test.want || !strings.Contains(got.Because, test.because) || test.because == "" && got.Because != "" {
				t.Errorf("verdict is %s because %q, want %s because %q", got.Verdict, got.Because, test.want, test.because)
			}
		})
	}
}

func TestClaimsOfAQuestion(t *testing.T) {
	p := newProof([]string{"J-102", "J-104"})
	if ids, err := p.ids(" J-104  J-102 "); err != nil || !slices.Equal(ids, []string{"J-104", "J-102"}) {
		t.Errorf("ids are %v, %v", ids, err)
	}
	for _, claims := range []string{"", " ", "J-103", "J-102 J-103", "J-102,J-104"} {
		if ids, err := p.ids(claims); err == nil {
			t.Errorf("%q named %v", claims, ids)
		}
	}
}

func TestFailuresAreToldOnce(t *testing.T) {
	p := newProof([]string{"J-102", "J-104"})
	p.refute([]string{"J-102"}, "no", "at length")
	if got := p.fresh(); !slices.Equal(got, []string{"at length"}) {
		t.Errorf("told %q", got)
	}
	p.refute([]string{"J-104"}, "no", "at more length")
	if got := p.fresh(); !slices.Equal(got, []string{"at more length"}) {
		t.Errorf("told %q", got)
	}
	if got := p.fresh(); len(got) != 0 {
		t.Errorf("told again %q", got)
	}
}

func TestOpenClaimsWithTheSameReasonAreOneLine(t *testing.T) {
	p := newProof([]string{"J-102", "J-104", "J-105", "J-106"})
	p.refute([]string{"J-102"}, "no", "at length")
	p.meet([]string{"J-105"})
	want := []string{"J-104 J-106  not exercised: the spec names it but never asked about it"}
	if got := p.open(); !slices.Equal(got, want) {
		t.Errorf("open are %q, want %q", got, want)
	}
}

func TestLabelsOfClaims(t *testing.T) {
	labels := Claims("J-102", "J-104")
	if !slices.Equal(labels, []string{"claim:J-102", "claim:J-104"}) {
		t.Errorf("labels are %v", labels)
	}
	if ids := claimsOf(append(labels, "node-failure")); !slices.Equal(ids, []string{"J-102", "J-104"}) {
		t.Errorf("claims are %v", ids)
	}
}
