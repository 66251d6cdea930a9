package catalogue

import (
	"fmt"
	"strings"
)

// Suggest says which of the names that there are may have been meant, and lists all of them if none is near.
func Suggest(name string, names []string) string {
	nearest, distance := "", max(2, len(name)/3)+1
	for _, candidate := range names {
		if d := edits(name, candidate); d < distance {
			nearest, distance = candidate, d
		}
	}
	if nearest != "" {
		return fmt.Sprintf("is it %s?", nearest)
	}
	return "there is " + strings.Join(names, ", ")
}

// edits is how many characters must be put in, taken out or exchanged to make one word of the other (Levenshtein).
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
