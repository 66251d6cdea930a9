package kubectl

import (
	"fmt"
	"regexp"
	"strings"
)

// LogLine is a line of what "kubectl logs --prefix" prints, and where it comes from.
type LogLine struct {
	Pod, Container, Text string
}

// prefix is what stands in front of each line: "[pod/quiz-init-xpl8d/import] ".
var prefix = regexp.MustCompile(`^\[pod/([^/]+)/([^/\]]+)\] `)

// ReadLogs reads what "kubectl logs --prefix" prints. Its error names the first line that does not say where it comes from.
func ReadLogs(out string) ([]LogLine, error) {
	var lines []LogLine
	for line := range strings.Lines(out) {
		line = strings.TrimSuffix(line, "\n")
		source := prefix.FindStringSubmatch(line)
		if source == nil {
			return nil, fmt.Errorf("the line %q does not say which pod and container it comes from", line)
		}
		lines = append(lines, LogLine{Pod: source[1], Container: source[2], Text: line[len(source[0]):]})
	}
	return lines, nil
}
