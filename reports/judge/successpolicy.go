package judge

import (
	"strconv"
	"strings"
)

// matchesSuccessPolicy says whether a rule of the Job's successPolicy matches its completedIndexes, as
// pkg/controller/job/success_policy.go, matchSuccessPolicy, has it.
func matchesSuccessPolicy(v *JobVersion) bool {
	if v.Spec.SuccessPolicy == nil || v.Completed.Len() == 0 {
		return false
	}
	for _, rule := range v.Spec.SuccessPolicy.Rules {
		count := -1
		if rule.SucceededCount != nil {
			count = int(*rule.SucceededCount)
		}
		if rule.SucceededIndexes == nil {
			if count >= 0 && v.Completed.Len() >= count {
				return true
			}
			continue
		}
		wanted := ruleIndexes(*rule.SucceededIndexes, v.Completions())
		if wanted.Len() == 0 {
			continue // scaled down below the indexes of the rule
		}
		if have := wanted.overlap(v.Completed); have == wanted.Len() || count >= 0 && have >= count {
			return true
		}
	}
	return false
}

// ruleIndexes reads the indexes of a rule, which a user wrote and the API server accepted, without those that are not below
// completions. Unlike ParseIndexes it knows more than one form of the same list.
func ruleIndexes(text string, completions int) *Indexes {
	set := &Indexes{}
	for part := range strings.SplitSeq(text, ",") {
		low, high, ranged := strings.Cut(part, "-")
		first, err := strconv.Atoi(low)
		if err != nil || first >= completions {
			break
		}
		last := first
		if ranged {
			if last, err = strconv.Atoi(high); err != nil {
				break
			}
		}
		last = min(last, completions-1)
		set.spans = append(set.spans, span{first, last})
		set.count += last - first + 1
	}
	return set
}

// overlap is how many indexes are in both sets.
func (s *Indexes) overlap(other *Indexes) int {
	n, i, k := 0, 0, 0
	for s != nil && other != nil && i < len(s.spans) && k < len(other.spans) {
		a, b := s.spans[i], other.spans[k]
		n += max(0, min(a.last, b.last)-max(a.first, b.first)+1)
		if a.last < b.last {
			i++
		} else {
			k++
		}
	}
	return n
}

// quoted is a list of indexes for a message.
func quoted(indexes string) string { return strconv.Quote(indexes) }

// failedText is status.failedIndexes for a message.
func failedText(v *JobVersion) string {
	if v.Status.FailedIndexes == nil {
		return "not there"
	}
	return quoted(*v.Status.FailedIndexes)
}
