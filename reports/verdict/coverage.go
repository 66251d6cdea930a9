package verdict

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

// CoverageFile is the name of the file, in a run's folder, that says what a storm hit.
const CoverageFile = "coverage.json"

// Coverage says how often each fault was confirmed while a Job was in each phase.
type Coverage struct {
	Seed    uint64  `json:"seed"`
	Minutes float64 `json:"minutes"`
	// Phases are all phases of a Job, in the order in which it may go through them.
	Phases []string `json:"phases"`
	// Hits are by fault, then by phase.
	Hits map[string]map[string]int `json:"hits"`
	// Unconfirmed is how often each fault was injected, or could not be, and nobody saw it take effect.
	Unconfirmed map[string]int `json:"unconfirmed,omitempty"`
	// Required are the cells that must not be empty.
	Required []Cell `json:"required"`
	// Plans and Jobs are how many were carried out, and came to what they were promised.
	Plans int `json:"plans"`
	Jobs  int `json:"jobs"`
	// Processor is the share of one core that the suite's own process had, in percent.
	Processor float64 `json:"processor"`
}

// Cell is a fault that has to be confirmed while a Job is in a phase.
type Cell struct {
	Fault string `json:"fault"`
	Phase string `json:"phase"`
	// Because says what would go unseen without it.
	Because string `json:"because"`
}

// Hit notes a confirmed fault.
func (c *Coverage) Hit(fault, phase string) {
	if c.Hits[fault] == nil {
		c.Hits[fault] = map[string]int{}
	}
	c.Hits[fault][phase]++
}

// Empty returns the required cells that were not hit.
func (c *Coverage) Empty() []Cell {
	return slices.DeleteFunc(slices.Clone(c.Required), func(cell Cell) bool { return c.Hits[cell.Fault][cell.Phase] > 0 })
}

// Print writes the table of faults and phases. A required cell that is empty is an exclamation mark.
func (c *Coverage) Print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "fault\t%s\tnot confirmed\n", strings.Join(c.Phases, "\t"))
	faults := sortedFaults(c.Hits, c.Unconfirmed, c.Required)
	empty := c.Empty()
	for _, fault := range faults {
		row := []string{fault}
		for _, phase := range c.Phases {
			missing := slices.ContainsFunc(empty, func(cell Cell) bool { return cell.Fault == fault && cell.Phase == phase })
			row = append(row, figure(c.Hits[fault][phase], missing))
		}
		fmt.Fprintln(table, strings.Join(append(row, figure(c.Unconfirmed[fault], false)), "\t"))
	}
	return table.Flush()
}

func figure(n int, missing bool) string {
	switch {
	case missing:
		return "!"
	case n == 0:
		return "."
	default:
		return fmt.Sprint(n)
	}
}

func sortedFaults(hits map[string]map[string]int, unconfirmed map[string]int, required []Cell) []string {
	var faults []string
	for fault := range hits {
		faults = append(faults, fault)
	}
	for fault := range unconfirmed {
		faults = append(faults, fault)
	}
	for _, cell := range required {
		faults = append(faults, cell.Fault)
	}
	slices.Sort(faults)
	return slices.Compact(faults)
}

// WriteCoverage writes what a storm hit into a run's folder.
func WriteCoverage(dir string, c Coverage) error {
	if err := writeFile(filepath.Join(dir, CoverageFile), c); err != nil {
		return fmt.Errorf("write the coverage: %w", err)
	}
	return nil
}

// ReadCoverage reads what WriteCoverage wrote. The error wraps fs.ErrNotExist if there was no storm, or it did not end.
func ReadCoverage(dir string) (c Coverage, err error) {
	if err := readFile(filepath.Join(dir, CoverageFile), &c); err != nil {
		return c, fmt.Errorf("read the coverage: %w", err)
	}
	return c, nil
}
