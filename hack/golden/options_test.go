package main

import (
	"slices"
	"testing"
)

func read(variables map[string]string) (options, error) {
	return readOptions(func(name string) string { return variables[name] })
}

func TestOptions(t *testing.T) {
	o, err := read(map[string]string{"VERSION": "1.36.3 v1.37.0", "PROCS": "3", "KEEP": "1"})
	if err != nil || !slices.Equal(o.versions, []string{"v1.36.3", "v1.37.0"}) || o.procs != 3 || !o.keep {
		t.Errorf("%+v, %v", o, err)
	}
	o, err = read(map[string]string{"CLUSTER": "jobproof-x"})
	if err != nil || o.cluster != "jobproof-x" || o.procs != atOnce || o.keep {
		t.Errorf("%+v, %v", o, err)
	}
	for _, variables := range []map[string]string{
		{}, {"VERSION": "latest"}, {"VERSION": "v1.37.0", "CLUSTER": "x"}, {"CLUSTER": "x", "PROCS": "0"},
		{"CLUSTER": "x", "KEEP": "perhaps"}, {"CLUSTER": "x", "SCENES": "["},
	} {
		if _, err := read(variables); err == nil {
			t.Errorf("%v was accepted", variables)
		}
	}
}

func TestChosenScenes(t *testing.T) {
	all := []*Scene{{Name: "ttl-set-later"}, {Name: "ttl-after-success"}, {Name: "quota"}}
	for _, c := range []struct {
		patterns []string
		want     int
	}{{nil, 3}, {[]string{"ttl-*"}, 2}, {[]string{"ttl-*", "quota"}, 3}, {[]string{"quota", "q*"}, 1}} {
		if got, err := (options{patterns: c.patterns}).chosen(all); err != nil || len(got) != c.want {
			t.Errorf("%v: %d scenes, %v, want %d", c.patterns, len(got), err, c.want)
		}
	}
	if _, err := (options{patterns: []string{"quota", "nothing"}}).chosen(all); err == nil {
		t.Error("a pattern that fits nothing was accepted")
	}
}
