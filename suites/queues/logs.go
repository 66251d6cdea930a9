package queues

import (
	"fmt"
	"regexp"
	"strconv"
)

// took is how the scripts say which item they have taken.
var took = regexp.MustCompile(`(?m)^Took year (\d+), month (\d+)\.$`)

// logged names the items that a pod's log says it has taken, the first one first.
func logged(log string) []string {
	var ids []string
	for _, match := range took.FindAllStringSubmatch(log, -1) {
		month, err := strconv.Atoi(match[2])
		if err != nil {
			continue // too long for a number
		}
		ids = append(ids, fmt.Sprintf("%s-%02d", match[1], month))
	}
	return ids
}
