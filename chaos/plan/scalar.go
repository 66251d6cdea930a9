package plan

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Duration is a time.Duration that is written as 1m30s.
type Duration time.Duration

// Percent is a share of a hundred, written as 70%.
type Percent int

// Count is a number of pods, or All.
type Count int

// All is the Count of as many as there are, at least one.
const All Count = -1

// MarshalYAML writes 1m30s.
func (d Duration) MarshalYAML() (any, error) {
	text := time.Duration(d).String()
	if whole, is := strings.CutSuffix(text, "m0s"); is {
		text = whole + "m"
	}
	if whole, is := strings.CutSuffix(text, "h0m"); is {
		text = whole + "h"
	}
	return text, nil
}

// UnmarshalYAML reads 1m30s.
func (d *Duration) UnmarshalYAML(node *yaml.Node) error {
	read, err := time.ParseDuration(node.Value)
	if err != nil || read <= 0 || read > time.Hour {
		return wrong(node, "%q is not a duration between 0 and 1h: write 30s or 2m", node.Value)
	}
	*d = Duration(read)
	return nil
}

// MarshalYAML writes 70%.
func (p Percent) MarshalYAML() (any, error) { return fmt.Sprintf("%d%%", p), nil }

// UnmarshalYAML reads 70%.
func (p *Percent) UnmarshalYAML(node *yaml.Node) error {
	number, is := strings.CutSuffix(node.Value, "%")
	read, err := strconv.Atoi(number)
	if !is || err != nil || read < 1 || read > 100 {
		return wrong(node, "%q is not a share from 1%% to 100%%", node.Value)
	}
	*p = Percent(read)
	return nil
}

// MarshalYAML writes a number, or all.
func (c Count) MarshalYAML() (any, error) {
	if c == All {
		return "all", nil
	}
	return int(c), nil
}

// UnmarshalYAML reads a number, or all.
func (c *Count) UnmarshalYAML(node *yaml.Node) error {
	if node.Value == "all" {
		*c = All
		return nil
	}
	read, err := strconv.Atoi(node.Value)
	if err != nil || read < 1 {
		return wrong(node, "%q is not a number of pods: write 1, 2, … or all", node.Value)
	}
	*c = Count(read)
	return nil
}

// wrong is an error in the form of the yaml package's own, which Parse makes file:line of.
func wrong(node *yaml.Node, format string, args ...any) error {
	return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: ", node.Line) + fmt.Sprintf(format, args...)}}
}
