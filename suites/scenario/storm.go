package scenario

import (
	"fmt"
	"strconv"
)

const (
	// StormVariable is the environment variable that asks for a storm (make chaos), and for nothing else: its minutes and its
	// seed, as Storm writes them.
	StormVariable = "JOBPROOF_STORM"
	// StormLabel is on the spec of the storm, and on no other.
	StormLabel = "storm"
)

// Storm is how long a storm lasts, in minutes, and what decides what happens in it.
type Storm struct {
	Minutes int
	Seed    uint64
}

// String is the value of StormVariable.
func (s Storm) String() string {
	return fmt.Sprintf("%d %s", s.Minutes, strconv.FormatUint(s.Seed, 10))
}

// ParseStorm reads the value of StormVariable.
func ParseStorm(text string) (s Storm, err error) {
	if _, err := fmt.Sscanf(text, "%d %d", &s.Minutes, &s.Seed); err != nil {
		return s, fmt.Errorf("%s=%q is not a number of minutes and a seed: %w", StormVariable, text, err)
	}
	return s, nil
}
