package judge

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// Indexes is a set of completion indexes as a Job's status writes it: "1,3-5,7".
type Indexes struct {
	spans []span
	count int
}

type span struct{ first, last int }

// ParseIndexes reads a list of indexes. It returns an error unless the list is in the one form that the Job controller
// writes: ascending, neighbours joined, two of them as "3,4" and more as "3-5" (pkg/controller/job/indexed_job_utils.go,
// orderedIntervals.String).
func ParseIndexes(text string) (*Indexes, error) {
	set := &Indexes{}
	if text == "" {
		return set, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		low, high, ranged := strings.Cut(part, "-")
		first, err := parseIndex(low)
		if err != nil {
			return nil, err
		}
		last := first
		if ranged {
			if last, err = parseIndex(high); err != nil {
				return nil, err
			}
			if last < first+2 {
				return nil, fmt.Errorf("%q is not how the controller writes it", part)
			}
		}
		if n := len(set.spans); n > 0 {
			before := &set.spans[n-1]
			switch {
			case first <= before.last:
				return nil, fmt.Errorf("%d does not follow %d", first, before.last)
			case first == before.last+1:
				if ranged || before.first != before.last {
					return nil, fmt.Errorf("%q should be joined with what is before it", part)
				}
				before.last = last
				set.count++
				continue
			}
		}
		set.spans = append(set.spans, span{first, last})
		set.count += last - first + 1
	}
	return set, nil
}

func parseIndex(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil || len(text) > 1 && text[0] == '0' {
		return 0, fmt.Errorf("%q is not an index", text)
	}
	return int(n), nil
}

// Len is the number of indexes in the set; 0 for a nil set.
func (s *Indexes) Len() int {
	if s == nil {
		return 0
	}
	return s.count
}

// Has says whether an index is in the set.
func (s *Indexes) Has(index int) bool {
	if s == nil {
		return false
	}
	i := sort.Search(len(s.spans), func(i int) bool { return s.spans[i].last >= index })
	return i < len(s.spans) && s.spans[i].first <= index
}

// Max is the highest index in the set, -1 if it is empty.
func (s *Indexes) Max() int {
	if s == nil || len(s.spans) == 0 {
		return -1
	}
	return s.spans[len(s.spans)-1].last
}

// Missing returns the lowest index of s that is not in other, and whether there is one.
func (s *Indexes) Missing(other *Indexes) (index int, missing bool) {
	for own := range s.each() {
		for i := own.first; i <= own.last; {
			within, has := other.around(i)
			if !has {
				return i, true
			}
			i = within.last + 1
		}
	}
	return 0, false
}

// Common returns the lowest index that is in both sets, and whether there is one.
func (s *Indexes) Common(other *Indexes) (index int, common bool) {
	i, j := 0, 0
	for s != nil && other != nil && i < len(s.spans) && j < len(other.spans) {
		a, b := s.spans[i], other.spans[j]
		if first := max(a.first, b.first); first <= min(a.last, b.last) {
			return first, true
		}
		if a.last < b.last {
			i++
		} else {
			j++
		}
	}
	return 0, false
}

func (s *Indexes) around(index int) (span, bool) {
	if s == nil {
		return span{}, false
	}
	i := sort.Search(len(s.spans), func(i int) bool { return s.spans[i].last >= index })
	if i < len(s.spans) && s.spans[i].first <= index {
		return s.spans[i], true
	}
	return span{}, false
}

func (s *Indexes) each() func(yield func(span) bool) {
	return func(yield func(span) bool) {
		if s == nil {
			return
		}
		for _, one := range s.spans {
			if !yield(one) {
				return
			}
		}
	}
}
