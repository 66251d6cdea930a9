package verdict

import (
	"strings"
	"testing"
)

func TestLine(t *testing.T) {
	many := Result{Spec: "shows much", Section: "lifecycle", Seconds: 1.25}
	for _, id := range []string{"J-001", "J-002", "J-003", "J-004", "J-005", "J-006"} {
		many.Claims = append(many.Claims, claim(id, NotExercised))
	}
	tests := map[string]struct {
		result Result
		want   string
	}{
		"proven": {
			Result{Spec: "shows it", Section: "lifecycle", Seconds: 12.34, Claims: []ClaimResult{
				claim("J-001", Proven), claim("J-002", Proven),
			}},
			"proven           12.3s  lifecycle: shows it [2 claims proven]",
		},
		"refuted": {
			Result{Spec: "shows it", Section: "lifecycle", Seconds: 100, Failure: "J-002", Claims: []ClaimResult{
				claim("J-001", Proven), claim("J-003", NotExercised), claim("J-002", Refuted), claim("J-004", Inconclusive),
			}},
			"refuted         100.0s  lifecycle: shows it [refuted: J-002; inconclusive: J-004; not exercised: J-003; 1 claim proven]",
		},
		"many ids": {
			many, "not exercised     1.2s  lifecycle: shows much [not exercised: J-001, J-002, J-003, J-004 and 2 more]",
		},
		"failed on something else": {
			Result{Spec: "shows it", Section: "lifecycle", Failure: "namespace\nnot deleted", Claims: []ClaimResult{
				claim("J-001", Proven),
			}},
			"inconclusive      0.0s  lifecycle: shows it [failed although no claim did: namespace not deleted; 1 claim proven]",
		},
		"no claims": {
			Result{Spec: "shows nothing", Section: "lifecycle"}, "not exercised     0.0s  lifecycle: shows nothing [no claims]",
		},
		"hostile": {
			Result{Spec: "a\n\x1b[2Jb", Section: "s\r", Claims: []ClaimResult{{ID: "J\n1"}}},
			"inconclusive      0.0s  s: a �[2Jb [inconclusive: J 1]",
		},
	}
	for name, test := range tests {
		got := Line(test.result)
		if got != test.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, test.want)
		}
		if strings.ContainsAny(got, "\n\r\x1b") {
			t.Errorf("%s: more than one line in %q", name, got)
		}
	}
}
