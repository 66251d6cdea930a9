package kubectl

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Table is what "kubectl get" prints: a line of headers and a line for each object.
type Table struct {
	// Columns are the headers in their order, such as NAME and COMPLETIONS.
	Columns []string
	// Rows hold the cells by header; a cell that is blank is the empty string.
	Rows []map[string]string
}

// header is a column's name: words with single spaces between them, as in LAST SEEN.
var header = regexp.MustCompile(`\S+(?: \S+)*`)

// ReadTable reads a table as kubectl prints it: columns stand at the same place in every line. Its error says that there is
// no table, and then holds what was printed.
func ReadTable(out string) (Table, error) {
	lines := strings.Split(strings.TrimRight(out, "\n"), "\n")
	places := header.FindAllStringIndex(lines[0], -1)
	if len(places) == 0 || strings.ToUpper(lines[0]) != lines[0] {
		return Table{}, fmt.Errorf("kubectl printed no table: %s", strings.TrimSpace(out))
	}
	var table Table
	for _, place := range places {
		table.Columns = append(table.Columns, lines[0][place[0]:place[1]])
	}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, place := range places {
			end := len(line)
			if i+1 < len(places) {
				end = min(places[i+1][0], len(line))
			}
			row[table.Columns[i]] = strings.TrimSpace(line[min(place[0], len(line)):end])
		}
		table.Rows = append(table.Rows, row)
	}
	return table, nil
}

// Row returns the row of the object of that name.
func (t Table) Row(name string) (map[string]string, error) {
	for _, row := range t.Rows {
		if row["NAME"] == name {
			return row, nil
		}
	}
	return nil, errors.New("the table has no row for " + name)
}

// Column returns the cells below a header, from the top.
func (t Table) Column(header string) []string {
	var cells []string
	for _, row := range t.Rows {
		cells = append(cells, row[header])
	}
	return cells
}
