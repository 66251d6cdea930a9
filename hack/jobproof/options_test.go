package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestOptions(t *testing.T) {
	for _, test := range []struct {
		name      string
		variables map[string]string
		says      string
		check     func(options) bool
	}{
		{"none", nil, "", func(o options) bool { return o.engineSetup && !o.keep && o.procs > 0 && o.version == "" }},
		{"all", map[string]string{"VERSION": "1.36.3", "KEEP": "1", "ENGINE_SETUP": "no", "PROCS": "3", "CLAIM": "J-136"}, "",
			func(o options) bool {
				return o.version == "v1.36.3" && o.keep && !o.engineSetup && o.procs == 3 && o.claim == "J-136"
			}},
		{"version", map[string]string{"VERSION": "latest"}, "VERSION=latest is not a Kubernetes version", nil},
		{"claim", map[string]string{"CLAIM": "133"}, "CLAIM=133 is not the id of a claim", nil},
		{"topic and fast", map[string]string{"TOPIC": "queues", "FAST": "1"}, "",
			func(o options) bool { return o.topic == "queues" && o.fast && o.selected() == "TOPIC=queues FAST=1" }},
		{"no topic", map[string]string{"TOPIC": "queue"}, "TOPIC=queue is no section", nil},
		{"class", map[string]string{"RWX_STORAGE_CLASS": "nfs-client.fast"}, "",
			func(o options) bool { return o.sharedClass == "nfs-client.fast" }},
		{"no class", map[string]string{"RWX_STORAGE_CLASS": "nfs/client"}, "RWX_STORAGE_CLASS=nfs/client is not the name", nil},
		{"keep", map[string]string{"KEEP": "perhaps"}, "KEEP=perhaps is neither yes nor no", nil},
		{"procs", map[string]string{"PROCS": "0"}, "PROCS=0 is not a number of specs", nil},
		{"two clusters", map[string]string{"CLUSTER": "existing", "NODE_IMAGE": "x"}, "choose one", nil},
		{"unknown", map[string]string{"MAKEFLAGS": "w -- VERISON=v1.36.3"}, "unknown option VERISON", nil},
		{"make's own flags", map[string]string{"MAKEFLAGS": "w --no-print-directory -- VERSION=v1.36.3"}, "", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			o, err := readOptions(func(name string) string { return test.variables[name] })
			switch {
			case test.says == "" && err != nil:
				t.Fatal(err)
			case test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)):
				t.Fatalf("got %v, want it to say %q", err, test.says)
			case test.check != nil && !test.check(o):
				t.Errorf("got %+v", o)
			}
		})
	}
}

func TestProcesses(t *testing.T) {
	for cores, want := range map[int]int{1: 4, 2: 8, 4: 16, 64: 16} {
		if got, err := processes("", cores); err != nil || got != want {
			t.Errorf("%d cores: %d, %v, want %d", cores, got, err, want)
		}
	}
}

func TestDoRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, args := range [][]string{{"e3e"}, {"e2e", "--version=1"}} {
		if code := do(args); code != 2 {
			t.Errorf("%q: exit %d", args, code)
		}
	}
	if code := do([]string{"--help"}); code != 0 {
		t.Errorf("--help: exit %d", code)
	}
}

func TestTopicsAreTheSectionsOfTheSpecs(t *testing.T) {
	source, err := os.ReadFile("../../suites/sections_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var sections []string
	for _, match := range regexp.MustCompile(`jobproof/suites/(\w+)"`).FindAllStringSubmatch(string(source), -1) {
		sections = append(sections, match[1])
	}
	if got := slices.Sorted(slices.Values(topics())); !slices.Equal(got, slices.Sorted(slices.Values(sections))) {
		t.Errorf("TOPIC may be %v, and the suite has %v", got, sections)
	}
}
