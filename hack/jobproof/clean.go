package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/fixtures/engine"
	"github.com/jobproof/jobproof/fixtures/nodeimage"
)

// clean removes what runs that were killed left behind, and what was kept: every
// cluster that no running command uses, the containers of unfinished builds, and
// the engine, if jobproof started it and nothing runs in it any more.
func clean(ctx context.Context, o options) (int, error) {
	s := &status{w: os.Stdout, start: time.Now()}
	e, err := engine.Attach(ctx)
	if errors.Is(err, engine.ErrNone) && engine.Left() {
		// What ran in an engine that was killed is still on its disk.
		e, err = engine.Ensure(ctx, engine.Setup{Allowed: o.engineSetup, Say: s.say, Log: os.Stderr})
	}
	if errors.Is(err, engine.ErrNone) {
		s.say("no container engine answers, so nothing can be left in one")
		return 0, nil
	}
	if err != nil {
		return 2, err
	}
	err = errors.Join(cleanClusters(ctx, e, s), cleanBuilds(ctx, e, s))
	stopped, stopErr := e.Release(context.WithoutCancel(ctx))
	if stopped {
		s.say("stopped the container engine that jobproof had started")
	}
	if err = errors.Join(err, stopErr); err != nil {
		return 2, err
	}
	s.say("clean")
	return 0, nil
}

func cleanClusters(ctx context.Context, e *engine.Engine, s *status) error {
	names, err := cluster.List(ctx, e)
	if err != nil {
		return err
	}
	for _, name := range names {
		release, err := cluster.Use(name)
		if errors.Is(err, cluster.ErrInUse) {
			s.say("left cluster %s: another command uses it", name)
			continue
		}
		if err != nil {
			return err
		}
		err = cluster.Delete(ctx, e, name)
		release()
		if err != nil {
			return err
		}
		s.say("removed cluster %s", name)
	}
	return nil
}

func cleanBuilds(ctx context.Context, e *engine.Engine, s *status) error {
	out, err := e.Run(ctx, "ps", "--all", "--quiet", "--filter", "label="+nodeimage.BuildLabel)
	if err != nil {
		return err
	}
	left := strings.Fields(out)
	if len(left) == 0 {
		return nil
	}
	if _, err := e.Run(ctx, append([]string{"rm", "--force", "--volumes"}, left...)...); err != nil {
		return fmt.Errorf("remove build containers: %w", err)
	}
	s.say("removed %d build containers", len(left))
	return nil
}
