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
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/reports/verdict"
)

const (
	// suiteWithin bounds the specs together: several times what was measured.
	suiteWithin = 40 * time.Minute
	// healWithin is what an interrupted suite gets to undo its faults.
	healWithin = 60 * time.Second
)

// runVariable names the run's folder to the suite (suites/e2e_test.go).
const runVariable = "JOBPROOF_RUN"

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

// suite runs the specs, and prints the line of each as it ends.
func (r *run) suite(ctx context.Context, c *cluster.Cluster, o options) error {
	var meter *cluster.Meter
	before := 0
	if c.Made {
		var err error
		if meter, err = c.NewMeter(ctx); err != nil {
			return err
		}
		if before, err = meter.Count(ctx); err != nil {
			return err
		}
	}
	live, err := r.follow()
	if err != nil {
		return err
	}
	all, err := r.recordWhole(ctx, c)
	if err != nil {
		return err
	}
	start := time.Now()
	r.say("running %s, up to %d at once …", cmp.Or(o.selected(), "all specs"), o.procs)
	failed := r.ginkgo(ctx, c, o)
	took := time.Since(start)
	concluded := all.conclude(ctx)
	live.stop()
	if err := errors.Join(ctx.Err(), concluded); err != nil {
		return err
	}
	plan, err := verdict.ReadPlan(r.results())
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the suite did not start: %w; see %s", failed, r.suiteLog())
	}
	if err != nil {
		return err
	}
	if len(plan.Specs) == 0 {
		return errors.New(strings.TrimSpace("there is no spec " + o.selected()))
	}
	r.say("specs took %.0f s", took.Seconds())
	if meter != nil {
		return r.tellRequests(ctx, meter, before, len(plan.Specs))
	}
	return nil
}

// tellRequests prints how many API requests the specs made.
func (r *run) tellRequests(ctx context.Context, meter *cluster.Meter, before, specs int) error {
	after, err := meter.Count(ctx)
	if err != nil {
		return err
	}
	r.say("API requests of the specs: %d, %.1f a spec (the API server's own count)", after-before, float64(after-before)/float64(specs))
	return nil
}

func (r *run) suiteLog() string { return filepath.Join(r.dir, "suite.log") }

// ginkgo runs the compiled suite. How it exits is no verdict: the results are.
// An interrupt gives it time to undo its faults.
func (r *run) ginkgo(ctx context.Context, c *cluster.Cluster, o options) error {
	log, err := os.Create(r.suiteLog())
	if err != nil {
		return err
	}
	defer log.Close()
	args := []string{
		"--procs=" + strconv.Itoa(o.procs), "--no-color", "--succinct", "--keep-going",
		"--timeout=" + suiteWithin.String(), "--grace-period=" + healWithin.String(),
	}
	args = append(args, o.filters()...)
	cmd := exec.CommandContext(ctx, r.program("ginkgo"), append(args, r.program("suites.test"))...)
	cmd.Env = append(os.Environ(), runVariable+"="+r.dir)
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
