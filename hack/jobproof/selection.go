package main

import (
	"fmt"
	"strings"

	"github.com/jobproof/jobproof/fixtures/claims"
	"github.com/jobproof/jobproof/suites/scenario"
)

// topics are the sections of the specs, in the order of the documents.
func topics() []string {
	return []string{
		"lifecycle", "suspension", "cleanup", "completions", "failures", "deadlines", "indexed", "queues", "discovery",
		"sharing", "disruption",
	}
}

// selected says in words which specs were chosen; "" if all are.
func (o options) selected() string {
	var chosen []string
	if o.claim != "" {
		chosen = append(chosen, "CLAIM="+o.claim)
	}
	if o.topic != "" {
		chosen = append(chosen, "TOPIC="+o.topic)
	}
	if o.fast {
		chosen = append(chosen, "FAST=1")
	}
	if o.thorough {
		chosen = append(chosen, "THOROUGH=1")
	}
	if o.stormy {
		chosen = append(chosen, "the storm")
	}
	if o.null {
		chosen = append(chosen, "specs with faults, and no fault")
	}
	if o.replayed != nil {
		chosen = append(chosen, "PLAN="+o.replayed.file)
	}
	return strings.Join(chosen, " ")
}

// filters are the arguments by which Ginkgo runs the chosen specs only.
func (o options) filters() []string {
	var labels, args []string
	if o.claim != "" {
		labels = append(labels, "claim:"+o.claim)
	}
	if o.fast {
		labels = append(labels, "!"+scenario.SlowLabel)
	}
	if o.fast && !o.null {
		labels = append(labels, "!"+scenario.ChaosLabel)
	}
	if o.stormy {
		labels = append(labels, scenario.StormLabel)
	}
	if o.null {
		labels = append(labels, scenario.ChaosLabel)
	}
	if o.replayed != nil {
		labels = append(labels, scenario.ReplayLabel)
	}
	if !o.thorough && len(labels) == 0 && o.topic == "" {
		labels = append(labels, "!"+scenario.ThoroughLabel)
	}
	if len(labels) > 0 {
		args = append(args, "--label-filter="+strings.Join(labels, " && "))
	}
	if o.topic != "" {
		args = append(args, "--focus-file=suites/"+o.topic+"/")
	}
	return args
}

// checkClaim makes sure that a spec can show the claim that was asked for.
func (o options) checkClaim() error {
	if o.claim == "" {
		return nil
	}
	registry, _ := claims.Load()
	switch claim, known := registry.Get(o.claim); {
	case !known:
		return fmt.Errorf("CLAIM=%s: %s; make claims lists all", o.claim, registry.Lacks(o.claim))
	case claim.Unprovable != "":
		return fmt.Errorf("CLAIM=%s cannot be shown on any cluster: %s", o.claim, claim.Unprovable)
	}
	return nil
}
