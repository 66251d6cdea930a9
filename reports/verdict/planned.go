package verdict

import (
	"errors"
	"fmt"
	"path/filepath"
)

// PlannedFile is the name of the file, among the results, that says what the run was to show.
const PlannedFile = "planned.json"

// Plan is what a run is to show.
type Plan struct {
	// Specs are those that are to run.
	Specs []Planned `json:"specs"`
	// Claims are those that the run has to exercise whether or not a spec names them: all of a whole run, none of one
	// that was told which specs to run.
	Claims []string `json:"claims,omitempty"`
	// LeftOut are the specs that the run does without because it was not told to be thorough.
	LeftOut []string `json:"leftOut,omitempty"`
}

// Planned is one spec that is to run.
type Planned struct {
	// Spec is the spec's full text, as in Result.
	Spec    string   `json:"spec"`
	Section string   `json:"section"`
	Claims  []string `json:"claims"`
	// Stage is the part of the run that the spec belongs to.
	Stage string `json:"stage,omitempty"`
}

// WritePlan writes what the run is to show into dir, which it makes if need be. It refuses two specs with the same text,
// whose results could not be told apart.
func WritePlan(dir string, plan Plan) error {
	if err := plan.check(); err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	if plan.Specs == nil {
		plan.Specs = []Planned{}
	}
	if err := writeFile(filepath.Join(dir, PlannedFile), plan); err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	return nil
}

// ReadPlan reads what WritePlan wrote. The error wraps fs.ErrNotExist if the suite never came to write it.
func ReadPlan(dir string) (Plan, error) {
	path := filepath.Join(dir, PlannedFile)
	var plan Plan
	if err := readFile(path, &plan); err != nil {
		return Plan{}, fmt.Errorf("read the plan: %w", err)
	}
	if err := plan.check(); err != nil {
		return Plan{}, fmt.Errorf("read the plan: %s: %w", path, err)
	}
	return plan, nil
}

func (p Plan) check() error {
	seen := map[string]bool{}
	for _, spec := range p.Specs {
		if spec.Spec == "" {
			return errors.New("a spec has no text")
		}
		if seen[spec.Spec] {
			return fmt.Errorf("two specs are called %q", spec.Spec)
		}
		seen[spec.Spec] = true
	}
	return nil
}
