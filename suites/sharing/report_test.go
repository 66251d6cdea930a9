package sharing

import (
	"maps"
	"strings"
	"testing"
)

func TestReadReport(t *testing.T) {
	got, err := readReport("/etc/a -rw-r--r-- dmVyYm9zZQ==\n/etc/empty -r-------- \nenvironment - QT0xPTIAQj1saW5lCmxpbmUAQz0A\n")
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]file{"/etc/a": {"-rw-r--r--", "verbose"}, "/etc/empty": {"-r--------", ""}}; !maps.Equal(got.files, want) {
		t.Errorf("got files %q, want %q", got.files, want)
	}
	if want := map[string]string{"A": "1=2", "B": "line\nline", "C": ""}; !maps.Equal(got.environment, want) {
		t.Errorf("got environment %q, want %q", got.environment, want)
	}
	for seen, want := range map[string]string{
		got.file("/etc/a"): "-rw-r--r-- verbose", got.file("/etc/b"): "there is no file /etc/b",
		got.variable("A"): "1=2", got.variable("B2"): "there is no variable B2",
	} {
		if seen != want {
			t.Errorf("got %q, want %q", seen, want)
		}
	}
	for text, says := range map[string]string{
		"":                                    "ends before the environment",
		"/etc/a -rw-r--r-- dmVyYm9zZQ==":      "ends before the environment",
		"stat: /etc/settings/*: no such file": `has the line "stat: `,
		"/etc/a -rw-r--r-- verbose!":          "the report on /etc/a",
	} {
		if _, err := readReport(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: error is %v, want %q", text, err, says)
		}
	}
}

func TestAsText(t *testing.T) {
	if got, want := asText("tok\xff\xfeen ü"), "tok\uFFFD\uFFFDen ü"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
