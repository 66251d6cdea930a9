package plan

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

var update = flag.Bool("update", false, "write the golden plans anew")

func TestASeedMakesTheSamePlanEverywhere(t *testing.T) {
	for _, profile := range Profiles {
		for _, seed := range []uint64{1, 42, 1<<64 - 1} {
			p := Make(seed, profile)
			path := filepath.Join("testdata", p.Name+".yaml")
			if *update {
				if err := os.WriteFile(path, p.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(p.Bytes(), want) {
				t.Errorf("%s is\n%s\nand was\n%s", p.Name, p.Bytes(), want)
			}
		}
	}
}

func TestEveryMadePlanIsOne(t *testing.T) {
	different := map[string]bool{}
	for _, profile := range Profiles {
		for seed := range uint64(100) {
			p := Make(seed, profile)
			if !reflect.DeepEqual(p, Make(seed, profile)) {
				t.Fatalf("%s is made in two ways", p.Name)
			}
			read, err := Parse(p.Name+".yaml", p.Bytes())
			if err != nil {
				t.Fatalf("%v in\n%s", err, p.Bytes())
			}
			if !reflect.DeepEqual(bare(read), p) {
				t.Errorf("%s is not the same when it is read:\n%s", p.Name, p.Bytes())
			}
			if p.Serial() != (profile == ControlPlane) || p.NeedsVictim() != (profile == Nodes) {
				t.Errorf("%s: serial %v, victim %v", p.Name, p.Serial(), p.NeedsVictim())
			}
			p.Name, p.Says, p.Seed = "", "", 0
			different[string(p.Bytes())] = true
		}
	}
	if len(different) < 300 {
		t.Errorf("500 seeds made %d different plans only", len(different))
	}
}
