package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"k8s.io/klog/v2"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/fixtures/engine"
	"github.com/jobproof/jobproof/reports/verdict"
)

// heal puts right what killed runs left in clusters: it ends their specs, starts
// nodes, undoes faults, and removes namespaces. Its exit status is 0 if every
// cluster is whole.
func heal(ctx context.Context, o options) (code int, err error) {
	s := &status{w: os.Stdout, start: time.Now()}
	// An API server that is down for a while is expected here, and client-go would write a line for each try.
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	made, err := cluster.Described()
	if err != nil {
		return verdict.Infra.ExitCode(), err
	}
	visited, err := cluster.Visited()
	if err != nil {
		return verdict.Infra.ExitCode(), err
	}
	chosen := slices.DeleteFunc(slices.Concat(made, visited), func(c *cluster.Cluster) bool {
		return o.cluster != "" && o.cluster != c.Name && (o.cluster != existing || c.Made)
	})
	switch {
	case len(chosen) == 0 && o.cluster != "":
		return verdict.Infra.ExitCode(), fmt.Errorf("CLUSTER=%s: no run on this machine has used such a cluster", o.cluster)
	case len(chosen) == 0:
		s.say("no run on this machine has left a cluster: there is nothing to heal")
		return 0, nil
	}
	if slices.ContainsFunc(chosen, func(c *cluster.Cluster) bool { return c.Made }) {
		e, err := engine.Ensure(ctx, engine.Setup{Allowed: o.engineSetup, Say: s.say, Log: os.Stderr})
		if err != nil {
			return verdict.Infra.ExitCode(), err
		}
		defer func() {
			_, released := e.Release(context.WithoutCancel(ctx))
			err = errors.Join(err, released)
		}()
	}
	var failed []error
	for _, c := range chosen {
		if err := healCluster(ctx, c, s, o.cluster != ""); err != nil {
			failed = append(failed, fmt.Errorf("cluster %s is not healed: %w", c.Name, err))
		}
	}
	if len(failed) > 0 {
		return verdict.Inconclusive.ExitCode(), errors.Join(failed...)
	}
	return 0, nil
}

// healCluster puts one cluster right. One that another command uses is left
// alone, which is an error if that very cluster was asked for.
func healCluster(ctx context.Context, c *cluster.Cluster, s *status, asked bool) error {
	release, err := c.Alone()
	if errors.Is(err, cluster.ErrInUse) && !asked {
		s.say("left cluster %s: another command uses it", c.Name)
		return nil
	}
	if err != nil {
		return err
	}
	defer release()
	say := func(format string, args ...any) { s.say("cluster "+c.Name+": "+format, args...) }
	did, err := c.Revive(ctx)
	for _, what := range did {
		say("%s", what)
	}
	if err != nil {
		return err
	}
	journal, undone, err := undo(ctx, c, say)
	if err != nil {
		return err
	}
	wrong := len(did) + len(undone)
	if wrong > 0 {
		say("checking nodes, DNS, pod network and storage …")
		if err := c.AssertReady(ctx); err != nil {
			return err
		}
		if err := journal.Strike(undone); err != nil {
			return err
		}
	}
	if wrong > 0 || c.Made { // nobody may know how to reach one that was there before, and was left whole
		cleared, err := clearCluster(ctx, c, say)
		if err != nil {
			return err
		}
		wrong += cleared
	}
	if wrong == 0 {
		say("nothing to heal")
	} else {
		say("whole again; %d faults were undone", len(undone))
	}
	return nil
}

// undo undoes what the cluster's journal says, and returns what is to be struck
// out of it.
func undo(ctx context.Context, c *cluster.Cluster, say func(string, ...any)) (*chaos.Journal, []*chaos.Entry, error) {
	journal, err := chaos.OpenJournal(c)
	if err != nil {
		return nil, nil, err
	}
	undone, err := journal.Heal(ctx, say)
	return journal, undone, err
}

// clearCluster gives back what a killed run borrowed and removes its
// namespaces. In a cluster that was there before, namespaces may be those of a
// run on another machine: they are left and named.
func clearCluster(ctx context.Context, c *cluster.Cluster, say func(string, ...any)) (things int, err error) {
	nodes, err := c.TakeBackVictims(ctx)
	if err != nil {
		return 0, err
	}
	if len(nodes) > 0 {
		say("took back %s", strings.Join(nodes, ", "))
	}
	namespaces, err := c.LeftNamespaces(ctx)
	if err != nil || len(namespaces) == 0 {
		return len(nodes), err
	}
	if !c.Made {
		say("left the namespaces %s, which may be in use: delete all Jobs in one, then the namespace", strings.Join(namespaces, ", "))
		return len(nodes), nil
	}
	say("removing %d namespaces …", len(namespaces))
	return len(nodes) + len(namespaces), c.Clear(ctx, namespaces)
}
