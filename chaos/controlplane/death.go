package controlplane

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/fixtures/cluster"
)

// KillController kills the process of the controller manager with SIGKILL: it writes nothing more and gives nothing back.
// The kubelet starts another. The machine's process table confirms it. Once healed, another one leads.
func KillController() chaos.Fault { return &death{name: "kill-controller", of: controllerManager} }

// StopController takes the controller manager away until it is healed: its static pod's manifest is moved out of the
// kubelet's sight, and its process ended. The machine's process table confirms it. Once healed, another one leads.
func StopController() chaos.Fault {
	return &death{name: "stop-controller", of: controllerManager, forGood: true}
}

// KillAPIServer kills the process of the API server with SIGKILL. The kubelet starts another. The machine's process table
// confirms it. Once healed, it serves, and controllers and scheduler lead.
func KillAPIServer() chaos.Fault { return &death{name: "kill-apiserver", of: apiServer} }

// StopAPIServer takes the API server away until it is healed, as StopController does.
func StopAPIServer() chaos.Fault { return &death{name: "stop-apiserver", of: apiServer, forGood: true} }

// StopScheduler takes the scheduler away until it is healed, as StopController does.
func StopScheduler() chaos.Fault { return &death{name: "stop-scheduler", of: scheduler, forGood: true} }

// death is the end of a component's process.
type death struct {
	name    string
	of      component
	forGood bool // the kubelet is kept from starting another

	node *cluster.Node
	was  process
}

func (d *death) Name() string   { return d.name }
func (d *death) Target() string { return d.of.target() }

func (d *death) Bounds() chaos.Bounds {
	return chaos.Bounds{Confirm: 30 * time.Second, Heal: 3 * time.Minute, Origin: "on two cores, as busy as with some sixty " +
		"processes at a time, the process was gone after 1 to 2 s, another led after 7 to 26 s, and the API server served after 43 to 81 s"}
}

func (d *death) Arm(ctx context.Context, site *chaos.Site) (chaos.Undo, error) {
	var err error
	if d.node, err = machine(site); err != nil {
		return nil, err
	}
	if d.was, err = d.of.only(ctx, d.node); err != nil {
		return nil, err
	}
	restored := d.of.restored(d.node.Name)
	if d.of.lease == "" {
		return append(chaos.Undo{restored}, led(d.node.Name)...), nil
	}
	return chaos.Undo{d.of.vacated(), restored}, nil
}

func (d *death) Inject(ctx context.Context, _ *chaos.Site) error {
	if d.forGood {
		_, err := run(ctx, d.node, park, d.of.name, d.of.comm)
		return err
	}
	return signal(ctx, d.node, "KILL", d.was)
}

// signal sends a signal to a process of a machine.
func signal(ctx context.Context, node *cluster.Node, name string, to process) error {
	_, err := node.Exec(ctx, "kill", "-s", name, strconv.Itoa(to.pid))
	return err
}

func (d *death) Confirm(ctx context.Context, _ *chaos.Site) (observed string, err error) {
	if err := gone(ctx, d.node, d.of.comm, d.was); err != nil {
		return "", err
	}
	return fmt.Sprintf("process %d of %s is not in the process table of %s any more", d.was.pid, d.of.name, d.node.Name), nil
}

func (d *death) Healed(ctx context.Context, site *chaos.Site) error {
	if d.of.lease == "" {
		return serves(ctx, site)
	}
	return d.of.renewed(ctx, site)
}
