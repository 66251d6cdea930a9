package sharing

import "testing"

func TestUnlikeTellsStepsThatAreLostFromThoseThatGoOn(t *testing.T) {
	for _, test := range []struct {
		name, log, before string
		last              int
		want              string
	}{
		{"goes on", "1 a\n2 a\n3 b\n", "1 a\n", 2, ""},
		{"nothing before", "1 b\n", "", 0, "of the 0 bytes before only the first 0 are there"},
		{"begins anew", "1 b\n2 b\n", "1 a\n2 a\n", 0, "of the 8 bytes before only the first 2 are there"},
		{"left out a number", "1 a\n2 a\n4 b\n", "1 a\n", 2, `line 3 is "4 b" instead of "3 b"`},
		{"made a step twice", "1 a\n2 a\n2 b\n", "1 a\n", 2, `line 3 is "2 b" instead of "3 b"`},
		{"wrote half a line", "1 a\n2 3 b\n4 b\n", "1 a\n", 2, `line 2 is "2 3 b" instead of "2 a"`},
		{"did not go on", "1 a\n2 a\n", "1 a\n", 2, "after step 2 there is none"},
		{"the killed one still writes", "1 a\n2 a\n3 a\n", "1 a\n", 2, `line 3 is "3 a" instead of "3 b"`},
	} {
		if got := unlike(test.log, test.before, "a", test.last, "b"); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
