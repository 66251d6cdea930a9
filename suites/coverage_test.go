package suites_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/jobproof/jobproof/fixtures/claims"
)

// Every statement that a cluster can show is shown by a spec, and every spec names statements that there are.
func TestEveryClaimHasASpec(t *testing.T) {
	if run != "" {
		t.Skip("specs can be listed once in a process; TestE2E does")
	}
	registry, err := claims.Load()
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, spec := range ginkgo.PreviewSpecs(title).SpecReports {
		if !spec.LeafNodeType.Is(types.NodeTypeIt) {
			continue
		}
		for _, label := range spec.Labels() {
			id, is := strings.CutPrefix(label, "claim:")
			if !is {
				continue
			}
			shown[id] = true
			switch claim, known := registry.Get(id); {
			case !known:
				t.Errorf("%s: %s", spec.FullText(), registry.Lacks(id))
			case claim.Unprovable != "":
				t.Errorf("%s: names %s, which no cluster can show", spec.FullText(), id)
			}
		}
	}
	var missing []string
	for _, claim := range registry.All() {
		if claim.Unprovable == "" && !shown[claim.ID] {
			missing = append(missing, claim.ID)
		}
	}
	if len(missing) > 0 {
		t.Errorf("no spec shows %s", strings.Join(slices.Sorted(slices.Values(missing)), " "))
	}
}
