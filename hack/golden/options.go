package main

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// options are what a user may choose, as environment variables.
type options struct {
	versions []string
	patterns []string // of the names of scenes
	cluster  string
	keep     bool
	procs    int
}

// atOnce is how many scenes are played at once. A scene mostly waits.
const atOnce = 8

var versionForm = regexp.MustCompile(`^v1\.\d+\.\d+$`)

// readOptions reads and checks the options.
func readOptions(get func(string) string) (options, error) {
	o := options{
		versions: strings.Fields(get("VERSION")), patterns: strings.Fields(get("SCENES")), cluster: get("CLUSTER"), procs: atOnce,
	}
	switch keep := get("KEEP"); keep {
	case "", "0", "no":
	case "1", "yes":
		o.keep = true
	default:
		return o, fmt.Errorf("KEEP=%s is neither yes nor no", keep)
	}
	for i, version := range o.versions {
		if !strings.HasPrefix(version, "v") {
			o.versions[i] = "v" + version
		}
		if !versionForm.MatchString(o.versions[i]) {
			return o, fmt.Errorf("VERSION=%s is not a Kubernetes version: say, for example, VERSION=v1.36.3", version)
		}
	}
	if (len(o.versions) > 0) == (o.cluster != "") {
		return o, fmt.Errorf("VERSION makes a new cluster and CLUSTER uses one that is there: choose one")
	}
	for _, pattern := range o.patterns {
		if _, err := path.Match(pattern, ""); err != nil {
			return o, fmt.Errorf("SCENES: %q is not a pattern", pattern)
		}
	}
	if procs := get("PROCS"); procs != "" {
		n, err := strconv.Atoi(procs)
		if err != nil || n < 1 {
			return o, fmt.Errorf("PROCS=%s is not a number of scenes", procs)
		}
		o.procs = n
	}
	return o, nil
}

// chosen returns the scenes whose names fit, all if nothing is said about them. A pattern that fits none is an error.
func (o options) chosen(scenes []*Scene) ([]*Scene, error) {
	if len(o.patterns) == 0 {
		return scenes, nil
	}
	used := map[string]bool{}
	chosen := slices.DeleteFunc(slices.Clone(scenes), func(s *Scene) bool {
		fits := false
		for _, pattern := range o.patterns {
			if ok, _ := path.Match(pattern, s.Name); ok {
				fits, used[pattern] = true, true
			}
		}
		return !fits
	})
	for _, pattern := range o.patterns {
		if !used[pattern] {
			return nil, fmt.Errorf("SCENES: no scene is called %q", pattern)
		}
	}
	return chosen, nil
}
