package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"strconv"
	"time"

	"github.com/jobproof/jobproof/reports/verdict"
	"github.com/jobproof/jobproof/suites/scenario"
)

const (
	// stormMinutes is how long a storm lasts if nobody says otherwise: as long as the demands on it take on two cores.
	stormMinutes = 10
	// longestStorm is how many minutes it may last: its one history is judged as a whole, in memory.
	longestStorm = 240
	// stormEnds is what a storm may take after its time is up: for the plans that have begun, and to settle.
	stormEnds = 30 * time.Minute
)

// stormOptions reads MINUTES and SEED. The seed is chosen at random if there is none.
func stormOptions(minutes, seed string) (s scenario.Storm, err error) {
	s = scenario.Storm{Minutes: stormMinutes, Seed: uint64(rand.Uint32())}
	if minutes != "" {
		if s.Minutes, err = strconv.Atoi(minutes); err != nil || s.Minutes < 1 || s.Minutes > longestStorm {
			return s, fmt.Errorf("MINUTES=%s is not a number of minutes from 1 to %d", minutes, longestStorm)
		}
	}
	if seed != "" {
		if s.Seed, err = strconv.ParseUint(seed, 10, 64); err != nil {
			return s, fmt.Errorf("SEED=%s is not a number from 0 to 18446744073709551615", seed)
		}
	}
	return s, nil
}

// within bounds the specs together.
func (o options) within() time.Duration {
	if o.stormy {
		return time.Duration(o.storm.Minutes)*time.Minute + stormEnds
	}
	return suiteWithin
}

// storm lets many Jobs run while random faults hit them, and says what was hit.
func storm(ctx context.Context, o options) (code int, err error) {
	asked := o.storm
	o.stormy, o.procs = true, 1
	fmt.Printf("a storm of %d min; again: make chaos MINUTES=%d SEED=%d\n", asked.Minutes, asked.Minutes, asked.Seed)
	return runSpecs(ctx, o, (*run).reportStorm)
}

// reportStorm is the report of a run, after the table of what the storm hit.
func (r *run) reportStorm(ctx context.Context) (int, error) {
	coverage, err := verdict.ReadCoverage(r.dir)
	if errors.Is(err, fs.ErrNotExist) {
		r.say("the storm did not come to its end")
		return r.report(ctx)
	}
	if err != nil {
		return verdict.Infra.ExitCode(), err
	}
	fmt.Println()
	if err := coverage.Print(os.Stdout); err != nil {
		return verdict.Infra.ExitCode(), err
	}
	fmt.Println()
	for _, cell := range coverage.Empty() {
		r.say("not covered: %s while a Job was %s (%s)", cell.Fault, cell.Phase, cell.Because)
	}
	r.say("%d of %d Jobs came to what they were promised; the suite's own process took %.1f %% of one core",
		coverage.Jobs, coverage.Plans, coverage.Processor)
	return r.report(ctx)
}
