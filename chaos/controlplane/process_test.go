package controlplane

import (
	"slices"
	"strings"
	"testing"
)

// table is what a machine says of four processes: one with spaces and parentheses in its name, a dead one, and two of the
// one that is asked for, of which one is stopped.
const table = `1 (a (b) c) S 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 11 20 30 40
700 (kube-controller) T 1 700 700 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 14 0 3332900 20 30 40
701 (kube-controller) Z 1 701 701 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 14 0 3332901 20 30 40
702 (kube-controller) S 1 702 702 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 14 0 3332902 20 30 40
`

func TestProcessesOfAName(t *testing.T) {
	got, err := parseProcesses(table, "kube-controller")
	if want := []process{{700, 3332900, "T"}, {702, 3332902, "S"}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	if got, err := parseProcesses(table, "controller"); err != nil || len(got) != 0 {
		t.Errorf("got %v, %v of a name that is part of another", got, err)
	}
}

func TestProcessesThatCannotBeRead(t *testing.T) {
	for text, want := range map[string]string{
		"700 (etcd) S 1 700":  "too few fields",
		"7x0 (etcd) S" + some: "begins with no number",
		"700 (etcd) S" + strings.Replace(some, " 11 ", " eleven ", 1): "does not say when it started",
	} {
		if _, err := parseProcesses(text, "etcd"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one that says %q", text, err, want)
		}
	}
}

const some = " 0 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 11 20 30 40"

func TestAProcessIsKnownByNumberAndStart(t *testing.T) {
	one := process{700, 1, "S"}
	if !one.same(process{700, 1, stopped}) || one.same(process{700, 2, "S"}) || one.same(process{701, 1, "S"}) {
		t.Error("a process is taken for another, or not for itself")
	}
}

func TestPulse(t *testing.T) {
	frozen, awake := []process{{1, 1, stopped}, {2, 1, stopped}}, []process{{1, 1, stopped}, {2, 1, "S"}}
	for name, test := range map[string]struct {
		seen [][]process
		want bool
	}{
		"nothing goes wrong":     {[][]process{awake, awake, awake, awake}, false},
		"frozen for good":        {[][]process{awake, frozen, frozen, frozen, frozen}, false},
		"frozen once":            {[][]process{awake, frozen, awake, awake}, false},
		"frozen and woken again": {[][]process{awake, frozen, awake, frozen}, true},
		"there is no process":    {[][]process{nil, nil, nil, nil}, false},
	} {
		t.Run(name, func(t *testing.T) {
			var p pulse
			got := false
			for _, found := range test.seen {
				got = p.see(found)
			}
			if got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
