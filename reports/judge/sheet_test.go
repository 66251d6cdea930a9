package judge

import (
	"testing"

	"github.com/jobproof/jobproof/reports/verdict"
)

// What a breach counts for depends on whether one controller manager was in charge all the time.
func TestFindingsAfterATakeover(t *testing.T) {
	for _, tc := range []struct {
		invariant            string
		one                  bool
		broken, unsure, told int
	}{
		{"P13", true, 1, 0, 0}, {"P13", false, 1, 0, 0}, // nothing excuses a pod that is counted twice
		{"P03", true, 1, 0, 0}, {"P03", false, 0, 1, 0}, // two may lead for a moment
		{"P20", true, 1, 0, 0}, {"P20", false, 0, 0, 1}, // the next one knows of no failures
	} {
		s := newSheet()
		s.broken = []verdict.Finding{{Invariant: tc.invariant}}
		j := s.judgement(tc.one)
		if len(j.Broken) != tc.broken || len(j.Unsure) != tc.unsure || len(j.Told) != tc.told {
			t.Errorf("%s, one controller manager %v: %d broken, %d unsure, %d told", tc.invariant, tc.one, len(j.Broken), len(j.Unsure), len(j.Told))
		}
	}
}
