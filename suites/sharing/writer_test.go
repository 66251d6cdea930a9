package sharing

import "testing"

func TestLost(t *testing.T) {
	for name, test := range map[string]struct{ before, after, want string }{
		"all is there":                 {"1\n2\n", "1\n2\n3\n", ""},
		"the last number is torn":      {"1\n2\n", "1\n2\n3\n4\n5\n6\n7\n8\n9\n1", ""},
		"it was being written":         {"1\n2\n3\n4\n5\n6\n7\n8\n9\n1", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", ""},
		"nothing before":               {"", "1\n", "nothing was written before"},
		"all is gone":                  {"1\n2\n", "", "of the 4 bytes before only the first 0 are there"},
		"the end is gone":              {"1\n2\n3\n", "1\n2\n", "of the 6 bytes before only the first 4 are there"},
		"something in the middle is":   {"1\n", "1\n3\n", `line 2 is "3"`},
		"a torn number in the middle":  {"1\n", "1\n2\n\n4\n", `line 3 is ""`},
		"zeros where blocks were lost": {"1\n", "1\n\x00\x00", `line 2 is "\x00\x00"`},
	} {
		if got := lost(test.before, test.after); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}
