package verdict

import (
	"reflect"
	"strings"
	"testing"
)

func covered() Coverage {
	c := Coverage{
		Seed: 7, Minutes: 10, Phases: []string{"running", "suspended"}, Hits: map[string]map[string]int{},
		Unconfirmed: map[string]int{"evict-pod": 2},
		Required:    []Cell{{"kill-controller", "running", "x"}, {"kill-controller", "suspended", "y"}},
	}
	c.Hit("kill-controller", "running")
	c.Hit("delete-pod", "running")
	c.Hit("delete-pod", "running")
	return c
}

func TestARequiredCellThatIsEmptyIsNamed(t *testing.T) {
	c := covered()
	if empty := c.Empty(); len(empty) != 1 || empty[0].Phase != "suspended" || len(c.Required) != 2 {
		t.Errorf("empty are %v of %v", empty, c.Required)
	}
	c.Hit("kill-controller", "suspended")
	if empty := c.Empty(); len(empty) != 0 {
		t.Errorf("empty are %v", empty)
	}
}

func TestTheTableShowsEveryFaultAndPhase(t *testing.T) {
	var b strings.Builder
	c := covered()
	if err := c.Print(&b); err != nil {
		t.Fatal(err)
	}
	want := `fault            running  suspended  not confirmed
delete-pod       2        .          .
evict-pod        .        .          2
kill-controller  1        !          .
`
	if b.String() != want {
		t.Errorf("printed\n%swant\n%s", b.String(), want)
	}
}

func TestCoverageIsReadAsItWasWritten(t *testing.T) {
	dir, c := t.TempDir(), covered()
	if err := WriteCoverage(dir, c); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadCoverage(dir); err != nil || !reflect.DeepEqual(got, c) {
		t.Errorf("read %+v, %v", got, err)
	}
}
