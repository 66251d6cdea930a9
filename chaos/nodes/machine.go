package nodes

import (
	"context"
	"errors"
	"fmt"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/fixtures/cluster"
)

// Kill ends the machine of a node as a power failure does. It is confirmed by the API server, which gets no answer from the
// kubelet any more while the engine says that the machine is off; the Node is NotReady some 50 s later.
func Kill(node string) chaos.Fault {
	return &halt{
		base: base{"kill-node", node, atOnce}, undo: chaos.Action{Start: node}, halt: (*cluster.Node).Kill, state: "exited",
	}
}

// Pause freezes all processes of a node, containers too, and lets them go on when it is healed. It is confirmed as Kill is.
func Pause(node string) chaos.Fault {
	return &halt{
		base: base{"pause-node", node, atOnce}, undo: chaos.Action{Unpause: node}, halt: (*cluster.Node).Pause, state: "paused",
	}
}

// halt is a machine that stands still.
type halt struct {
	base
	undo    chaos.Action
	halt    func(*cluster.Node, context.Context) error
	state   string // the engine's word for it
	machine *cluster.Node
}

func (h *halt) Arm(ctx context.Context, site *chaos.Site) (undo chaos.Undo, err error) {
	if h.machine, _, err = h.armed(ctx, site); err != nil {
		return nil, err
	}
	return chaos.Undo{h.undo}, nil
}

// Inject asks again if the engine gave up, and is content if the machine then does stand still: the engine of a machine under
// heavy load says "tried to kill container, but did not receive an exit event" of one that does end, and that it cannot pause a
// container whose many processes it did not freeze at the first try.
func (h *halt) Inject(ctx context.Context, _ *chaos.Site) error {
	ctx, cancel := context.WithTimeout(ctx, h.bounds.Confirm)
	defer cancel()
	return until(ctx, func() (bool, error) {
		failed := h.halt(h.machine, ctx)
		if failed == nil {
			return true, nil
		}
		state, err := h.machine.State(ctx)
		if err == nil && state == h.state {
			return true, nil
		}
		return false, errors.Join(failed, err)
	})
}

func (h *halt) Confirm(ctx context.Context, site *chaos.Site) (string, error) {
	err := until(ctx, func() (bool, error) {
		state, err := h.machine.State(ctx)
		return state == h.state && unanswered(ctx, site, h.node), err
	})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("the API server gets no answer from the kubelet of %s, whose machine is %s", h.node, h.state), nil
}
