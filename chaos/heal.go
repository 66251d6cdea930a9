package chaos

import (
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/client-go/rest"
)

const (
	// answersWithin bounds a request of an undo. While etcd or the API server are paused, an answer never comes.
	answersWithin = 10 * time.Second
	// actsWithin bounds an action on a machine: a node starts in 1 to 3 s.
	actsWithin = time.Minute
	// undoneWithin bounds all that a journal says. What is undone last may have to wait for an API server whose node was
	// started again: it answered again within 40 s on two busy cores.
	undoneWithin = 5 * time.Minute
	// undoneAgain is the pause before what failed is done again.
	undoneAgain = 2 * time.Second
)

// Heal undoes what the open entries say, the latest first, and returns them. They stay open until they are struck out.
// What is done to machines comes before what is asked of the API, which may not answer until then; what fails is done
// again until it succeeds or the bound is over.
func (j *Journal) Heal(ctx context.Context, say func(format string, args ...any)) ([]*Entry, error) {
	entries, err := j.Open()
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	config, err := j.cluster.RESTConfig()
	if err != nil {
		return nil, err
	}
	config.Timeout = answersWithin
	ctx, cancel := context.WithTimeout(ctx, undoneWithin)
	defer cancel()
	left := make([]Undo, len(entries))
	for i, entry := range entries {
		say("undoing %s of %s, armed at %s", entry.Fault, entry.Target, entry.Armed.Format(time.TimeOnly))
		left[i] = entry.Undo
	}
	for {
		failed := j.round(ctx, config, entries, left)
		if failed == nil {
			return entries, nil
		}
		// Nothing tells when an API server that is down is there again.
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("not undone within %v: %w", undoneWithin, failed)
		case <-time.After(undoneAgain):
		}
	}
}

// round does once all that is left of the undos, and leaves in them what failed.
func (j *Journal) round(ctx context.Context, config *rest.Config, entries []*Entry, left []Undo) error {
	var failed []error
	for _, onMachines := range []bool{true, false} {
		bound := answersWithin
		if onMachines {
			bound = actsWithin
		}
		for i, entry := range entries {
			var again Undo
			for _, action := range left[i] {
				if action.onMachine() != onMachines {
					again = append(again, action)
					continue
				}
				bounded, cancel := context.WithTimeout(ctx, bound)
				err := action.do(bounded, j.cluster, config)
				cancel()
				if err != nil {
					again = append(again, action)
					failed = append(failed, fmt.Errorf("%s of %s: %w", entry.Fault, entry.Target, err))
				}
			}
			left[i] = again
		}
	}
	return errors.Join(failed...)
}

// onMachine says whether an action needs no API server.
func (a Action) onMachine() bool { return a.Start != "" || a.Unpause != "" || a.Exec != nil }

// Strike takes entries out of the journal: their faults are undone.
func (j *Journal) Strike(entries []*Entry) error {
	var failed []error
	for _, entry := range entries {
		failed = append(failed, j.close(entry))
	}
	return errors.Join(failed...)
}
