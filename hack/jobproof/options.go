package main

import (
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/jobproof/jobproof/suites/scenario"
)

// options are what a user may choose, as environment variables.
type options struct {
	version     string
	claim       string
	topic       string
	fast        bool
	thorough    bool
	keep        bool
	cluster     string
	kubeconfig  string
	nodeImage   string
	engineSetup bool
	sharedClass string
	procs       int
	run         string
	history     string
	planFile    string
	times       string

	// replayed is the plan that is conducted instead of the specs; nil if none is.
	replayed *replaying
	storm    scenario.Storm

	// null is what the command null-chaos is about: no fault is injected.
	null bool
	// stormy is what the command chaos is about: the storm runs, and nothing else.
	stormy bool
}

// existing is the value of CLUSTER for a cluster that was not made here.
const existing = "existing"

// optionNames are the variables that make may be given. KUBECONFIG is among
// them; the others have no meaning outside jobproof.
var optionNames = []string{
	"VERSION", "CLAIM", "TOPIC", "FAST", "THOROUGH", "KEEP", "CLUSTER", "KUBECONFIG", "NODE_IMAGE", "ENGINE_SETUP",
	"RWX_STORAGE_CLASS", "PROCS", "RUN", "HISTORY", "PLAN", "TIMES", "MINUTES", "SEED",
}

var (
	versionForm = regexp.MustCompile(`^v1\.\d+\.\d+$`)
	claimForm   = regexp.MustCompile(`^J-\d{3}$`)
	objectForm  = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)
)

// readOptions reads and checks the options.
func readOptions(get func(string) string) (options, error) {
	o := options{
		version: get("VERSION"), claim: get("CLAIM"), topic: get("TOPIC"), cluster: get("CLUSTER"), kubeconfig: get("KUBECONFIG"),
		nodeImage: get("NODE_IMAGE"), sharedClass: get("RWX_STORAGE_CLASS"), run: get("RUN"), history: get("HISTORY"), planFile: get("PLAN"), times: get("TIMES"),
	}
	if unknown := unknownVariables(get("MAKEFLAGS")); len(unknown) > 0 {
		return o, fmt.Errorf("unknown option %s: there is %s", unknown[0], strings.Join(optionNames, ", "))
	}
	if o.version != "" && !strings.HasPrefix(o.version, "v") {
		o.version = "v" + o.version
	}
	if o.version != "" && !versionForm.MatchString(o.version) {
		return o, fmt.Errorf("VERSION=%s is not a Kubernetes version: say, for example, VERSION=v1.36.3", get("VERSION"))
	}
	if o.claim != "" && !claimForm.MatchString(o.claim) {
		return o, fmt.Errorf("CLAIM=%s is not the id of a claim: say, for example, CLAIM=J-136", o.claim)
	}
	if topics := topics(); o.topic != "" && !slices.Contains(topics, o.topic) {
		return o, fmt.Errorf("TOPIC=%s is no section of the specs: there is %s", o.topic, strings.Join(topics, ", "))
	}
	if o.sharedClass != "" && !objectForm.MatchString(o.sharedClass) {
		return o, fmt.Errorf("RWX_STORAGE_CLASS=%s is not the name of a StorageClass", o.sharedClass)
	}
	if o.cluster != "" && o.nodeImage != "" {
		return o, fmt.Errorf("NODE_IMAGE makes a new cluster and CLUSTER uses one that is there: choose one")
	}
	var err error
	if o.storm, err = stormOptions(get("MINUTES"), get("SEED")); err != nil {
		return o, err
	}
	if o.keep, err = yes("KEEP", get("KEEP"), false); err != nil {
		return o, err
	}
	if o.fast, err = yes("FAST", get("FAST"), false); err != nil {
		return o, err
	}
	if o.thorough, err = yes("THOROUGH", get("THOROUGH"), false); err != nil {
		return o, err
	}
	if o.engineSetup, err = yes("ENGINE_SETUP", get("ENGINE_SETUP"), true); err != nil {
		return o, err
	}
	o.procs, err = processes(get("PROCS"), runtime.NumCPU())
	return o, err
}

// processes returns how many specs run at once. A spec mostly waits, so more
// than there are cores do: with eight on two cores all specs took no longer than
// the longest one alone. Other numbers were not tried.
func processes(chosen string, cores int) (int, error) {
	if chosen == "" {
		return min(max(4*cores, 4), 16), nil
	}
	n, err := strconv.Atoi(chosen)
	if err != nil || n < 1 || n > 64 {
		return 0, fmt.Errorf("PROCS=%s is not a number of specs from 1 to 64", chosen)
	}
	return n, nil
}

func yes(name, value string, unset bool) (bool, error) {
	switch strings.ToLower(value) {
	case "":
		return unset, nil
	case "1", "yes", "true", "on":
		return true, nil
	case "0", "no", "false", "off":
		return false, nil
	}
	return false, fmt.Errorf("%s=%s is neither yes nor no", name, value)
}

// unknownVariables returns the variables of a make command line that nothing
// here reads. make hands its command line down in MAKEFLAGS, the variables
// after a lone "--".
func unknownVariables(makeflags string) []string {
	_, variables, _ := strings.Cut(" "+makeflags, " -- ")
	var unknown []string
	for _, word := range strings.Fields(variables) {
		name, _, assigned := strings.Cut(word, "=")
		if assigned && !slices.Contains(optionNames, name) {
			unknown = append(unknown, name)
		}
	}
	return unknown
}
