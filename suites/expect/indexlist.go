package expect

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ParseIndexes reads a list of completion indexes as the Job's status writes them, "1,3-5,7", in the order of the text.
func ParseIndexes(text string) ([]int, error) {
	if text == "" {
		return nil, nil
	}
	var indexes []int
	for part := range strings.SplitSeq(text, ",") {
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		from, err := strconv.Atoi(first)
		if err != nil {
			return nil, fmt.Errorf("%q is no index", first)
		}
		to, err := strconv.Atoi(last)
		if err != nil {
			return nil, fmt.Errorf("%q is no index", last)
		}
		if to < from {
			return nil, fmt.Errorf("the range %q runs backwards", part)
		}
		for index := from; index <= to; index++ {
			indexes = append(indexes, index)
		}
	}
	return indexes, nil
}

// FormatIndexes writes a set of completion indexes in the one form that the Job controller uses: ascending, each once,
// and neighbours as a range, two included ("0,1" is written "0,1": a range takes three).
func FormatIndexes(indexes []int) string {
	sorted := slices.Compact(slices.Sorted(slices.Values(indexes)))
	var parts []string
	for i := 0; i < len(sorted); {
		end := i
		for end+1 < len(sorted) && sorted[end+1] == sorted[end]+1 {
			end++
		}
		switch end - i {
		case 0:
			parts = append(parts, strconv.Itoa(sorted[i]))
		case 1:
			parts = append(parts, strconv.Itoa(sorted[i]), strconv.Itoa(sorted[end]))
		default:
			parts = append(parts, fmt.Sprintf("%d-%d", sorted[i], sorted[end]))
		}
		i = end + 1
	}
	return strings.Join(parts, ",")
}
