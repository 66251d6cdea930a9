package judge

import (
	"fmt"
	"io"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/verdict"
)

// Whole judges the history of a run as a whole: all its namespaces, until they are gone. before and after are what the
// controller manager counted at both ends; nil if that could not be had, and then R03 is not asked.
func Whole(r io.Reader, before, after *Metrics) (verdict.Judgement, error) {
	reader, err := history.NewReader(r)
	if err != nil {
		return verdict.Judgement{}, err
	}
	defer reader.Close()
	if namespace := reader.Header().Namespace; namespace != "" {
		return verdict.Judgement{}, fmt.Errorf("line 1: it is the history of the namespace %s, not of a run as a whole", namespace)
	}
	j := New(reader.Header())
	if err := j.all(reader); err != nil {
		return verdict.Judgement{}, err
	}
	judgement := j.End(reader.End())
	switch {
	case before == nil || after == nil:
		judgement.Unasked[balance] = "the controller manager's metrics cannot be had"
	default:
		findings := Balance(*before, *after, j.finished)
		for _, f := range findings {
			if f.Because == "" && judgement.Gaps == 0 {
				judgement.Broken = append(judgement.Broken, f)
			} else {
				judgement.Unsure = append(judgement.Unsure, f)
			}
		}
		if len(findings) == 0 {
			judgement.Held[balance]++
		}
	}
	return judgement, nil
}
