package plan

import (
	"bytes"
	"testing"
)

func TestEmbeddedPlansAreWhole(t *testing.T) {
	plans, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range plans {
		faults := 0
		for _, step := range p.Steps {
			if step.Fault != "" {
				faults++
			}
		}
		if faults == 0 {
			t.Errorf("%s: no step of it has a fault", p.file)
		}
		again, err := Parse(p.Name+".yaml", p.Bytes())
		if err != nil {
			t.Errorf("%s: %v", p.file, err)
			continue
		}
		if !bytes.Equal(again.Bytes(), p.Bytes()) {
			t.Errorf("%s: its bytes change when they are read:\n%s\n%s", p.file, p.Bytes(), again.Bytes())
		}
	}
}
