package scenario

import (
	"strings"

	"github.com/onsi/ginkgo/v2"
)

// claimLabel begins the label of a claim.
const claimLabel = "claim:"

// Claims labels a spec with the claims it will show, each as "claim:<id>", so that --label-filter finds it. A claim that
// is named here and never awaited or proved is reported as not exercised; one that is awaited or proved and not named
// here fails the spec.
func Claims(ids ...string) ginkgo.Labels {
	labels := make(ginkgo.Labels, len(ids))
	for i, id := range ids {
		labels[i] = claimLabel + id
	}
	return labels
}

// claimsOf returns the ids of the claims among a spec's labels.
func claimsOf(labels []string) []string {
	ids := []string{}
	for _, label := range labels {
		if id, is := strings.CutPrefix(label, claimLabel); is {
			ids = append(ids, id)
		}
	}
	return ids
}
