package kubectl

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// gap is what separates two cells: words of one cell have single spaces between them.
var gap = regexp.MustCompile(` {2,}`)

// ReadEvents reads the table of Events at the end of a description: for each Event its cells by header, such as Reason and
// From. Its error says that there is no table, or that a row does not fit into it.
func ReadEvents(described Field) ([]map[string]string, error) {
	lines := described.ValuesOf("Events")
	if len(lines) < 2 || !strings.HasPrefix(lines[1], "--") {
		return nil, errors.New("the description has no table of Events")
	}
	headers := gap.Split(lines[0], -1)
	var rows []map[string]string
	for _, line := range lines[2:] {
		cells := gap.Split(line, len(headers))
		if len(cells) != len(headers) {
			return nil, fmt.Errorf("the Event %q has %d cells, not %d", line, len(cells), len(headers))
		}
		row := map[string]string{}
		for i, header := range headers {
			row[header] = cells[i]
		}
		rows = append(rows, row)
	}
	return rows, nil
}
