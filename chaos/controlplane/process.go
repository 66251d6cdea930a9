package controlplane

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jobproof/jobproof/fixtures/cluster"
)

// process is one process of a machine, at one moment. Its number and its start tell it from every other.
type process struct {
	pid   int
	start uint64 // in clock ticks since the machine's kernel was started
	state string // one letter, as in /proc/<pid>/stat
}

// Letters for the state of a process (proc_pid_stat(5)).
const (
	stopped = "T"
	zombie  = "Z"
)

// same says whether it is the same process, in whatever state.
func (p process) same(other process) bool { return p.pid == other.pid && p.start == other.start }

// processes asks a machine for its living processes of that name.
func processes(ctx context.Context, node *cluster.Node, comm string) ([]process, error) {
	// A process may end while it is read; its line is then missing.
	text, err := run(ctx, node, `cat /proc/[0-9]*/stat 2> /dev/null; true`)
	if err != nil {
		return nil, err
	}
	return parseProcesses(text, comm)
}

// parseProcesses reads lines of /proc/<pid>/stat: a number, the name in parentheses, the state, and after 18 other fields
// the start.
func parseProcesses(text, comm string) ([]process, error) {
	var found []process
	for line := range strings.Lines(text) {
		head, rest, _ := strings.Cut(line, " ("+comm+") ")
		fields := strings.Fields(rest)
		if len(fields) == 0 {
			continue
		}
		if len(fields) < 20 {
			return nil, fmt.Errorf("/proc/%s/stat has too few fields: %q", head, line)
		}
		pid, err := strconv.Atoi(head)
		if err != nil {
			return nil, fmt.Errorf("/proc/<pid>/stat begins with no number: %q", line)
		}
		start, err := strconv.ParseUint(fields[19], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("/proc/%d/stat does not say when it started: %q", pid, line)
		}
		if fields[0] != zombie {
			found = append(found, process{pid, start, fields[0]})
		}
	}
	return found, nil
}

// only returns the component's process, which must be the only one and not be frozen.
func (c component) only(ctx context.Context, node *cluster.Node) (process, error) {
	found, err := processes(ctx, node, c.comm)
	if err != nil {
		return process{}, err
	}
	if len(found) != 1 {
		return process{}, fmt.Errorf("the machine %s has %d processes of %s, not 1: run make heal", node.Name, len(found), c.name)
	}
	if found[0].state == stopped {
		return process{}, fmt.Errorf("%s is frozen already: run make heal", c.name)
	}
	return found[0], nil
}

// look is how often a machine is asked for its processes: nothing tells when one ends or is frozen.
const look = 200 * time.Millisecond

// observe asks a machine again and again until its processes of that name are as wanted.
func observe(ctx context.Context, node *cluster.Node, comm string, as func([]process) bool) error {
	for {
		found, err := processes(ctx, node, comm)
		if err != nil {
			return cmp.Or(ctx.Err(), err)
		}
		if as(found) {
			return nil
		}
		select {
		case <-time.After(look):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// gone waits until a process is not there any more.
func gone(ctx context.Context, node *cluster.Node, comm string, was process) error {
	return observe(ctx, node, comm, func(found []process) bool {
		for _, p := range found {
			if p.same(was) {
				return false
			}
		}
		return true
	})
}
