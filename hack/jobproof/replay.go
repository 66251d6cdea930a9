package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/jobproof/jobproof/chaos/plan"
	"github.com/jobproof/jobproof/reports/verdict"
	"github.com/jobproof/jobproof/suites/scenario"
)

// replaying is a plan that is conducted instead of the specs of a run.
type replaying struct {
	file  string // as the user named it
	plan  *plan.Plan
	times int
}

// readReplaying reads the plan of PLAN, and how often TIMES says.
func readReplaying(o options, command string) (replaying, error) {
	r := replaying{file: o.planFile}
	if o.planFile == "" {
		return r, fmt.Errorf("PLAN names the plan: make %s PLAN=%s/deleted-while-running.yaml; every red run names its own", command, plan.Folder)
	}
	if o.claim != "" || o.topic != "" || o.fast {
		return r, fmt.Errorf("PLAN chooses what is run: leave CLAIM, TOPIC and FAST out")
	}
	text, err := os.ReadFile(o.planFile)
	if err != nil {
		return r, fmt.Errorf("PLAN: %w", err)
	}
	if r.plan, err = plan.Parse(o.planFile, text); err != nil {
		return r, err
	}
	r.times, err = strconv.Atoi(cmp.Or(o.times, "1"))
	if err != nil || r.times < 1 || r.times > 100 {
		return r, fmt.Errorf("TIMES=%s is not a number of times from 1 to 100", o.times)
	}
	if o.cluster == existing && !r.plan.Anywhere() {
		return r, fmt.Errorf("%s: a fault of the plan is for clusters that jobproof made only: leave CLUSTER=existing out", o.planFile)
	}
	return r, nil
}

// environment tells the suite about the plan.
func (r *replaying) environment() []string {
	if r == nil {
		return nil
	}
	file, err := filepath.Abs(r.file)
	if err != nil {
		file = r.file
	}
	return []string{scenario.PlanVariable + "=" + file, scenario.TimesVariable + "=" + strconv.Itoa(r.times)}
}

// replay conducts one plan, as often as TIMES says, and reports it as a run is reported.
func replay(ctx context.Context, o options) (code int, err error) {
	r, err := readReplaying(o, "replay")
	if err != nil {
		return verdict.Infra.ExitCode(), err
	}
	o.replayed = &r
	return runSpecs(ctx, o, func(run *run, ctx context.Context) (int, error) {
		code, err := run.report(ctx)
		results, damaged := verdict.ReadAll(run.results())
		run.say("plan %s: %s", r.plan.Name, tally(results))
		return code, errors.Join(err, damaged)
	})
}

// tally says how often which verdict came.
func tally(results []verdict.Result) string {
	count, times := map[verdict.Verdict]int{}, 0
	for _, result := range results {
		if result.Section != wholeSection {
			count[result.Verdict()]++
			times++
		}
	}
	var each []string
	for _, v := range []verdict.Verdict{verdict.Proven, verdict.Refuted, verdict.Inconclusive, verdict.NotExercised} {
		if n := count[v]; n > 0 {
			each = append(each, fmt.Sprintf("%d %s", n, v))
		}
	}
	return fmt.Sprintf("of %d times %s", times, strings.Join(each, ", "))
}
