package verdict

import (
	"errors"
	"fmt"
	"path/filepath"
)

// PlannedFile is the name of the file, among the results, that says which specs were to run.
const PlannedFile = "planned.json"

// Planned is one spec that is to run.
type Planned struct {
	// Spec is the spec's full text, as in Result.
	Spec    string   `json:"spec"`
	Section string   `json:"section"`
	Claims  []string `json:"claims"`
}

// WritePlanned writes the specs that are to run into dir, which it makes if need be. It refuses two specs with the same
// text, whose results could not be told apart.
func WritePlanned(dir string, planned []Planned) error {
	if err := checkPlanned(planned); err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	if planned == nil {
		planned = []Planned{}
	}
	if err := writeFile(filepath.Join(dir, PlannedFile), planned); err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	return nil
}

// ReadPlanned reads what WritePlanned wrote. The error wraps fs.ErrNotExist if the suite never came to write it.
func ReadPlanned(dir string) ([]Planned, error) {
	path := filepath.Join(dir, PlannedFile)
	var planned []Planned
	if err := readFile(path, &planned); err != nil {
		return nil, fmt.Errorf("read the plan: %w", err)
	}
	if err := checkPlanned(planned); err != nil {
		return nil, fmt.Errorf("read the plan: %s: %w", path, err)
	}
	return planned, nil
}

func checkPlanned(planned []Planned) error {
	seen := map[string]bool{}
	for _, p := range planned {
		if p.Spec == "" {
			return errors.New("a spec has no text")
		}
		if seen[p.Spec] {
			return fmt.Errorf("two specs are called %q", p.Spec)
		}
		seen[p.Spec] = true
	}
	return nil
}
