package nodes

import (
	"context"
	"fmt"
	"strings"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/fixtures/cluster"
)

// Restart shuts the machine of a node down and starts it again, as a reboot does: its containers end, its network namespace
// is new, its disk is as it was. It is confirmed by a probe from inside, which sees another first process and another
// kubelet. The kernel's boot id, which the Node shows, does not tell: a machine that is a container has its host's.
func Restart(node string) chaos.Fault { return &restart{base: base{"restart-node", node, atOnce}} }

type restart struct {
	base
	machine *cluster.Node
	before  starts
}

// starts is when a node's first process and its kubelet were started, in ticks and in microseconds of the kernel's clock.
type starts struct{ machine, kubelet string }

func startsOf(ctx context.Context, machine *cluster.Node) (starts, error) {
	said, err := machine.Exec(ctx, "sh", "-c",
		`cut -d' ' -f22 /proc/1/stat; systemctl show kubelet --property=ExecMainStartTimestampMonotonic --value`)
	if err != nil {
		return starts{}, err
	}
	fields := strings.Fields(said)
	if len(fields) != 2 || fields[1] == "0" {
		return starts{}, fmt.Errorf("the kubelet of node %s has not been started", machine.Name)
	}
	return starts{fields[0], fields[1]}, nil
}

func (r *restart) Arm(ctx context.Context, site *chaos.Site) (undo chaos.Undo, err error) {
	if r.machine, _, err = r.armed(ctx, site); err != nil {
		return nil, err
	}
	if r.before, err = startsOf(ctx, r.machine); err != nil {
		return nil, err
	}
	return chaos.Undo{{Start: r.node}}, nil
}

func (r *restart) Inject(ctx context.Context, _ *chaos.Site) error { return r.machine.Restart(ctx) }

func (r *restart) Confirm(ctx context.Context, _ *chaos.Site) (string, error) {
	var now starts
	err := until(ctx, func() (so bool, err error) {
		now, err = startsOf(ctx, r.machine)
		return now.machine != r.before.machine && now.kubelet != r.before.kubelet, err
	})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("a probe in %s sees a first process started at tick %s, not %s, and another kubelet",
		r.node, now.machine, r.before.machine), nil
}
