package storm

import (
	"bytes"
	"testing"

	"github.com/jobproof/jobproof/chaos/plan"
)

const seed = 20260102

func TestEveryPlanOfAStormIsSound(t *testing.T) {
	if err := known(); err != nil {
		t.Fatal(err)
	}
	for _, made := range []bool{true, false} {
		for _, lane := range lanes(seed, made) {
			for n := range 15 {
				p, k := lane.at(n)
				if err := p.Check(); err != nil {
					t.Fatal(err)
				}
				if _, err := plan.Parse(p.Name+".yaml", p.Bytes()); err != nil {
					t.Fatalf("%v in\n%s", err, p.Bytes())
				}
				if p.Ends[0].Job != k.job {
					t.Fatalf("plan %s ends with the Job %s, and is about %s", p.Name, p.Ends[0].Job, k.job)
				}
				if !made && p.Serial() {
					t.Fatalf("plan %s breaks what is not ours", p.Name)
				}
			}
		}
	}
}

func TestTheSameSeedGivesTheSamePlans(t *testing.T) {
	one, other, third := lanes(seed, true), lanes(seed, true), lanes(seed+1, true)
	differ := false
	for i := range one {
		for n := range 20 {
			a, _ := one[i].at(n)
			b, _ := other[i].at(n)
			c, _ := third[i].at(n)
			if !bytes.Equal(a.Bytes(), b.Bytes()) {
				t.Errorf("plan %s is not the same twice", a.Name)
			}
			a.Name, a.Seed = c.Name, c.Seed
			differ = differ || !bytes.Equal(a.Bytes(), c.Bytes())
		}
	}
	if !differ {
		t.Error("another seed gives the same plans")
	}
}

func TestTheFirstPlansAskForEveryRequiredCell(t *testing.T) {
	for _, made := range []bool{true, false} {
		asked, faults := map[string]bool{}, map[string]bool{}
		for _, lane := range lanes(seed, made) {
			for n := range lane.demands {
				p, _ := lane.at(n)
				asked[p.Says] = true
				for _, step := range p.Steps {
					faults[step.Fault] = true
				}
			}
		}
		if all := demanded(made); len(asked) != len(planned(all)) {
			t.Errorf("%d demands are asked for of %d: %v", len(asked), len(planned(all)), asked)
		}
		for _, cell := range cells(made) {
			if !faults[cell.Fault] {
				t.Errorf("no first plan has the fault %s, which is required while a Job is %s", cell.Fault, cell.Phase)
			}
		}
	}
}
