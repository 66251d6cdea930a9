package queues

import (
	"fmt"
	"regexp"
	"strconv"
)

// found is how the documents' scripts say which item they have found.
var found = regexp.MustCompile(`(?m)^Found work item:\n  Year:  (\d+)\n  Month: (\d+)$`)

// logged names the items that a pod's log says it has found, the first one first.
func logged(log string) []string {
	var ids []string
	for _, match := range found.FindAllStringSubmatch(log, -1) {
		month, err := strconv.Atoi(match[2])
		if err != nil {
			continue // too long for a number
		}
		ids = append(ids, fmt.Sprintf("%s-%02d", match[1], month))
	}
	return ids
}
