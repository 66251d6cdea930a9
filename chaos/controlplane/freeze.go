package controlplane

import (
	"context"
	"fmt"
	"time"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/fixtures/cluster"
)

// PauseController freezes the process of the controller manager with SIGSTOP until it is healed. The machine's process table
// confirms it. One that was frozen for more than 10 s has lost its Lease when it wakes, and ends; once healed, somebody
// leads.
func PauseController() chaos.Fault {
	return &freeze{name: "pause-controller", of: controllerManager}
}

// PauseAPIServer freezes the process of the API server with SIGSTOP until it is healed: connections are taken and requests
// wait. The machine's process table and a request of its own, which is not answered, confirm it. Once healed, it serves, and
// controllers and scheduler lead.
func PauseAPIServer() chaos.Fault { return &freeze{name: "pause-apiserver", of: apiServer} }

// PauseEtcd freezes the process of etcd with SIGSTOP until it is healed: the API server answers from its caches, and what
// needs etcd waits. The machine's process table confirms it. Once healed, the API server serves, and controllers and
// scheduler lead.
func PauseEtcd() chaos.Fault { return &freeze{name: "pause-etcd", of: etcd} }

// freeze is a component's process that stands still.
type freeze struct {
	name string
	of   component

	node *cluster.Node
	was  process
}

func (f *freeze) Name() string   { return f.name }
func (f *freeze) Target() string { return f.of.target() }

func (f *freeze) Bounds() chaos.Bounds {
	return chaos.Bounds{Confirm: 30 * time.Second, Heal: 3 * time.Minute, Origin: "on two cores, as busy as with some sixty " +
		"processes at a time, the process was frozen after 2 to 6 s, and somebody led 3 to 9 s after it woke"}
}

func (f *freeze) Arm(ctx context.Context, site *chaos.Site) (chaos.Undo, error) {
	var err error
	if f.node, err = machine(site); err != nil {
		return nil, err
	}
	if f.was, err = f.of.only(ctx, f.node); err != nil {
		return nil, err
	}
	woken := f.of.woken(f.node.Name)
	if f.of.lease == "" {
		return append(chaos.Undo{woken}, led(f.node.Name)...), nil
	}
	return chaos.Undo{woken, f.of.vacated(), f.of.restored(f.node.Name)}, nil
}

func (f *freeze) Inject(ctx context.Context, _ *chaos.Site) error {
	return signal(ctx, f.node, "STOP", f.was)
}

func (f *freeze) Confirm(ctx context.Context, site *chaos.Site) (observed string, err error) {
	err = observe(ctx, f.node, f.of.comm, func(found []process) bool {
		for _, p := range found {
			if p.same(f.was) {
				return p.state == stopped
			}
		}
		return false
	})
	if err != nil {
		return "", err
	}
	observed = fmt.Sprintf("process %d of %s is stopped in the process table of %s", f.was.pid, f.of.name, f.node.Name)
	if f.of == apiServer {
		err := ready(ctx, site.Config)
		if err == nil {
			return "", fmt.Errorf("%s, and yet it answered", observed)
		}
		observed += fmt.Sprintf(", and did not say that it is ready: %v", err)
	}
	return observed, nil
}

func (f *freeze) Healed(ctx context.Context, site *chaos.Site) error {
	if f.of.lease == "" {
		return serves(ctx, site)
	}
	return f.of.renewed(ctx, site)
}
