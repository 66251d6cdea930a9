package kubectl

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

var (
	duration = regexp.MustCompile(`^(?:\d+[ydhms])+$`)
	part     = regexp.MustCompile(`(\d+)([ydhms])`)
	units    = map[string]time.Duration{
		"y": 365 * 24 * time.Hour, "d": 24 * time.Hour, "h": time.Hour, "m": time.Minute, "s": time.Second,
	}
	restarts = regexp.MustCompile(`^(\d+)(?: \((\w+) ago\))?$`)
)

// ReadDuration reads an age or a duration as kubectl prints it: 27s, 2m46s, 3d4h. It is rounded down, to whole seconds
// below ten minutes and more coarsely above.
func ReadDuration(cell string) (time.Duration, error) {
	if !duration.MatchString(cell) {
		return 0, fmt.Errorf("kubectl printed no duration: %q", cell)
	}
	var sum time.Duration
	for _, match := range part.FindAllStringSubmatch(cell, -1) {
		n, err := strconv.Atoi(match[1])
		if err != nil {
			return 0, err
		}
		sum += time.Duration(n) * units[match[2]]
	}
	return sum, nil
}

// ReadRestarts reads a cell below RESTARTS, as in "2 (20s ago)": how often and how long ago. What says no time reads as
// zero.
func ReadRestarts(cell string) (times int, ago time.Duration, err error) {
	match := restarts.FindStringSubmatch(cell)
	if match == nil {
		return 0, 0, fmt.Errorf("kubectl printed no restarts: %q", cell)
	}
	if times, err = strconv.Atoi(match[1]); err == nil && match[2] != "" {
		ago, err = ReadDuration(match[2])
	}
	return times, ago, err
}
