package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/reports/verdict"
	"github.com/jobproof/jobproof/suites/scenario"
)

const (
	// suiteWithin bounds the specs together: several times what was measured.
	suiteWithin = 40 * time.Minute
	// healWithin is what an interrupted suite gets to undo its faults.
	healWithin = 60 * time.Second
)

// compilation is the suite being compiled while the cluster is made.
type compilation struct{ errgroup.Group }

func (c *compilation) wait() error { return c.Wait() }

// compile begins to compile the suite and Ginkgo's runner.
func (r *run) compile(ctx context.Context) *compilation {
	c := new(compilation)
	for _, args := range [][]string{
		{"build", "-o", r.program("ginkgo"), "github.com/onsi/ginkgo/v2/ginkgo"},
		{"test", "-c", "-o", r.program("suites.test"), "./suites"},
	} {
		c.Go(func() error {
			cmd := exec.CommandContext(ctx, "go", args...)
			cmd.Dir = r.root
			if out, err := cmd.CombinedOutput(); err != nil {
				return fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
			}
			return nil
		})
	}
	return c
}

func (r *run) program(name string) string { return filepath.Join(r.root, "bin", name) }

// suite runs the specs, stage by stage, and prints the line of each as it ends.
func (r *run) suite(ctx context.Context, c *cluster.Cluster, o options) error {
	live, err := r.follow()
	if err != nil {
		return err
	}
	defer live.stop()
	start := time.Now()
	for i, of := range stages {
		if i > 0 {
			if has, err := r.has(of); err != nil || !has {
				return err
			}
		}
		if err := r.runStage(ctx, c, o, of); err != nil {
			return err
		}
		r.say("specs took %.0f s", time.Since(start).Seconds())
	}
	return nil
}

// has says whether there is a spec of a stage among those that were planned.
func (r *run) has(of stage) (bool, error) {
	plan, err := verdict.ReadPlan(r.results())
	return slices.ContainsFunc(plan.Specs, func(spec verdict.Planned) bool { return spec.Stage == string(of.Stage) }), err
}

// runStage runs the specs of one stage, and what is asked of them as a whole.
func (r *run) runStage(ctx context.Context, c *cluster.Cluster, o options, of stage) error {
	requests, err := r.countRequests(ctx, c, of)
	if err != nil {
		return err
	}
	all, err := r.recordWhole(ctx, c, of)
	if err != nil {
		return err
	}
	r.say("running %s, %s …", cmp.Or(o.selected(), "all specs"), of.how(o))
	failed := r.ginkgo(ctx, c, o, of)
	if err := errors.Join(ctx.Err(), all.conclude(ctx)); err != nil {
		return err
	}
	plan, err := verdict.ReadPlan(r.results())
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the suite did not start: %w; see %s", failed, r.suiteLog(of))
	}
	if err != nil {
		return err
	}
	if len(plan.Specs) == 0 {
		return errors.New(strings.TrimSpace("there is no spec " + o.selected()))
	}
	ran := 0
	for _, spec := range plan.Specs {
		if spec.Stage == string(of.Stage) {
			ran++
		}
	}
	return requests(max(ran, 1))
}

// how says in words how many specs of a stage run at once.
func (s stage) how(o options) string {
	if s.Stage == scenario.ControlPlane {
		return "one at a time: they break the control plane"
	}
	return fmt.Sprintf("up to %d at once", o.procs)
}

// countRequests begins to count the API requests of a stage and returns what prints them. An API server that is started anew
// counts afresh, and that of others counts for others too.
func (r *run) countRequests(ctx context.Context, c *cluster.Cluster, of stage) (tell func(specs int) error, err error) {
	if !c.Made || !of.counts {
		return func(int) error { return nil }, nil
	}
	meter, err := c.NewMeter(ctx)
	if err != nil {
		return nil, err
	}
	before, err := meter.Count(ctx)
	if err != nil {
		return nil, err
	}
	return func(specs int) error {
		after, err := meter.Count(ctx)
		if err != nil {
			return err
		}
		r.say("API requests of the specs: %d, %.1f a spec (the API server's own count)", after-before, float64(after-before)/float64(specs))
		return nil
	}, nil
}

// suiteLog is the file that holds what Ginkgo prints in a stage.
func (r *run) suiteLog(of stage) string {
	return filepath.Join(r.dir, "suite-"+string(of.Stage)+".log")
}

// ginkgo runs the compiled suite. How it exits is no verdict: the results are.
// An interrupt gives it time to undo its faults.
func (r *run) ginkgo(ctx context.Context, c *cluster.Cluster, o options, of stage) error {
	log, err := os.Create(r.suiteLog(of))
	if err != nil {
		return err
	}
	defer log.Close()
	args := []string{
		"--procs=" + strconv.Itoa(o.procs), "--no-color", "--succinct", "--keep-going",
		"--timeout=" + o.within().String(), "--grace-period=" + healWithin.String(),
	}
	args = append(args, o.filters()...)
	cmd := exec.CommandContext(ctx, r.program("ginkgo"), append(args, r.program("suites.test"))...)
	cmd.Env = append(os.Environ(), cluster.RunVariable+"="+r.dir, scenario.StageVariable+"="+string(of.Stage))
	if o.stormy {
		cmd.Env = append(cmd.Env, scenario.StormVariable+"="+o.storm.String())
	}
	if o.null {
		cmd.Env = append(cmd.Env, scenario.NullVariable+"=1")
	}
	cmd.Env = append(cmd.Env, o.replayed.environment()...)
	cmd.Stdout, cmd.Stderr = log, log
	// In a group of its own, so that an interrupt reaches it once, from here. On
	// a cluster that goes with the run there is nothing to undo.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	end := syscall.SIGINT
	if c.Made && o.cluster == "" {
		end = syscall.SIGKILL
	}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, end) }
	cmd.WaitDelay = healWithin + 10*time.Second
	if err := cmd.Start(); err != nil {
		return err
	}
	if err := c.RunsSuite(cmd.Process.Pid); err != nil {
		r.say("a killed run would leave its specs running: %v", err)
	}
	err = cmd.Wait()
	if ctx.Err() != nil {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // whatever did not end in time
	}
	return err
}
