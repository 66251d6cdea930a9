package verdict

import (
	"reflect"
	"testing"
)

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "",
		" two \t lines\r\n ":       "two lines",
		"red \x1b[31malarm\x1b[0m": "red �[31malarm�[0m",
		"bad \xff utf-8":           "bad � utf-8",
		"right-to-left \u202e":     "right-to-left �",
		"bell\a and null\x00":      "bell� and null�",
		"Größe — “quoted”":         "Größe — “quoted”",
	} {
		if got := plain(text); got != want {
			t.Errorf("plain(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestClip(t *testing.T) {
	tests := []struct {
		text    string
		columns int
		want    string
	}{
		{"exactly", 7, "exactly"}, {"too long", 7, "too lo…"}, {"two words", 5, "two…"}, {"größer", 4, "grö…"}, {"ab", 1, "…"},
	}
	for _, test := range tests {
		if got := clip(test.text, test.columns); got != test.want || length(got) > test.columns {
			t.Errorf("clip(%q, %d) = %q, want %q", test.text, test.columns, got, test.want)
		}
	}
}

func TestWrap(t *testing.T) {
	tests := map[string]struct {
		text          string
		columns, most int
		want          []string
	}{
		"nothing":                {"", 10, 3, nil},
		"one line":               {"a b c", 5, 3, []string{"a b c"}},
		"between words":          {"aa bb cc", 5, 3, []string{"aa bb", "cc"}},
		"a word that is too big": {"a histories/long.jsonl b", 5, 3, []string{"a", "histories/long.jsonl", "b"}},
		"too many lines":         {"aa bb cc dd", 2, 2, []string{"aa", "bb …"}},
		"just enough lines":      {"aa bb", 2, 2, []string{"aa", "bb"}},
	}
	for name, test := range tests {
		if got := wrap(test.text, test.columns, test.most); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
