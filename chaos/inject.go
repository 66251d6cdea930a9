package chaos

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// nothingSeen is how long a fault that was not injected is waited for, in place of the bound of its Confirm: long enough for
// what happens without it to be mistaken for it.
const nothingSeen = 5 * time.Second

// ErrUnconfirmed says that nobody saw a fault take effect within its bound. It is healed by then, and proves nothing.
var ErrUnconfirmed = errors.New("the fault was not confirmed")

// Injected is a fault that is in effect.
type Injected struct {
	Hit
	fault Fault
	site  *Site
	entry *Entry // nil if there is nothing to undo, or it is undone
	over  bool
}

// Inject arms a fault, journals its undo, injects it and returns once it is confirmed. If that does not come about, it is
// healed and the error is ErrUnconfirmed or says what went wrong before.
func Inject(ctx context.Context, site *Site, fault Fault) (*Injected, error) {
	i := &Injected{Hit: Hit{Fault: fault.Name(), Target: fault.Target()}, fault: fault, site: site}
	about := i.Fault + " " + i.Target
	undo, err := fault.Arm(ctx, site)
	if err != nil {
		return i, fmt.Errorf("arm %s: %w", about, err)
	}
	if len(undo) > 0 {
		if i.entry, err = site.Journal.write(fault, undo); err != nil {
			return i, fmt.Errorf("arm %s: %w", about, err)
		}
	}
	bound := fault.Bounds().Confirm
	i.Injected = time.Now().UTC()
	if site.Null {
		bound = min(bound, nothingSeen)
	} else if err := fault.Inject(ctx, site); err != nil {
		return i, errors.Join(fmt.Errorf("inject %s: %w", about, err), i.Heal(context.WithoutCancel(ctx)))
	}
	bounded, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	if i.Observed, err = fault.Confirm(bounded, site); err != nil {
		if bounded.Err() != nil && ctx.Err() == nil {
			err = fmt.Errorf("%w within %v (%s): %w", ErrUnconfirmed, bound, fault.Bounds().Origin, err)
		}
		return i, errors.Join(fmt.Errorf("%s: %w", about, err), i.Heal(context.WithoutCancel(ctx)))
	}
	i.Confirmed = time.Now().UTC()
	return i, nil
}

// Heal undoes a fault and returns when it is seen to be undone. It may be called again: a second time does nothing.
func (i *Injected) Heal(ctx context.Context) error {
	if i.over {
		return nil
	}
	if i.entry != nil {
		if err := i.entry.Undo.run(ctx, i.site.Cluster, i.site.Config); err != nil {
			return fmt.Errorf("heal %s %s: %w", i.Fault, i.Target, err)
		}
	}
	bounded, cancel := context.WithTimeout(ctx, i.fault.Bounds().Heal)
	defer cancel()
	if err := i.fault.Healed(bounded, i.site); err != nil {
		return fmt.Errorf("heal %s %s: not seen to be right within %v: %w", i.Fault, i.Target, i.fault.Bounds().Heal, err)
	}
	if i.entry != nil {
		if err := i.site.Journal.close(i.entry); err != nil {
			return err
		}
	}
	i.over, i.Healed = true, time.Now().UTC()
	return nil
}

// Over says whether the fault is healed.
func (i *Injected) Over() bool { return i.over }
