package nodes

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/reports/history"
)

// kubeletConfig is where kubeadm puts a kubelet's configuration; what it was is kept beside it while it is changed.
const kubeletConfig, kept = "/var/lib/kubelet/config.yaml", "/var/lib/kubelet/config.yaml.jobproof"

// FillDisk makes the disk of a node as good as full, so that its kubelet evicts pods: not by filling it, for it is the disk of
// the machine that everything else here runs on too, but by raising the threshold of what the kubelet takes for full above
// what is free. The recorder confirms it: the Node has the condition DiskPressure.
//
// Images that no container uses are removed by a kubelet that is short of disk, unless they are pinned, as those of a node
// image built here are.
func FillDisk(node string) chaos.Fault {
	return &disk{base: base{"fill-disk", node, chaos.Bounds{
		Confirm: 2 * time.Minute, Heal: comeback,
		Origin: "a kubelet compares what is free with its thresholds every 10 s (evictionMonitoringPeriod, pkg/kubelet/kubelet.go:197) " +
			"and tells the API server within 10 s; the rest is for a busy machine",
	}}}
}

type disk struct {
	base
	machine   *cluster.Node
	threshold uint64 // in bytes
}

// summary is what a kubelet says of its disk.
type summary struct {
	Node struct {
		FS struct{ AvailableBytes, CapacityBytes uint64 }
	}
}

func (d *disk) Arm(ctx context.Context, site *chaos.Site) (undo chaos.Undo, err error) {
	var node *corev1.Node
	if d.machine, node, err = d.armed(ctx, site); err != nil {
		return nil, err
	}
	if condition(node, corev1.NodeDiskPressure) != corev1.ConditionFalse {
		return nil, fmt.Errorf("node %s is short of disk already", d.node)
	}
	text, err := site.Clients.CoreV1().RESTClient().Get().Resource("nodes").Name(d.node).SubResource("proxy").Suffix("stats/summary").DoRaw(ctx)
	if err != nil {
		return nil, err
	}
	if d.threshold, err = above(text); err != nil {
		return nil, fmt.Errorf("node %s: %w", d.node, err)
	}
	if unpinned, err := d.machine.Exec(ctx, "sh", "-c", unpinned); err != nil || strings.TrimSpace(unpinned) != "" {
		return nil, fmt.Errorf("node %s would remove the images %s: %v", d.node, strings.Join(strings.Fields(unpinned), ", "), err)
	}
	if _, err := d.machine.Exec(ctx, "grep", "--quiet", "nodefs.available:", kubeletConfig); err != nil {
		return nil, fmt.Errorf("node %s: its kubelet has no threshold nodefs.available to raise: %w", d.node, err)
	}
	restore := fmt.Sprintf("if [ -e %s ]; then mv %s %s; fi; systemctl restart kubelet", kept, kept, kubeletConfig)
	return chaos.Undo{{Exec: &chaos.Exec{Node: d.node, Command: []string{"sh", "-c", restore}}}}, nil
}

// unpinned lists the named images that a kubelet may remove.
const unpinned = `ctr --namespace k8s.io images ls 2> /dev/null | awk 'NR > 1 && $1 !~ /^(sha256:|import-)/ && !/io.cri-containerd.pinned=pinned/ {print $1}'`

// above returns a threshold that is half-way from what is free of a disk to all of it, in bytes.
func above(text []byte) (uint64, error) {
	var s summary
	if err := json.Unmarshal(text, &s); err != nil {
		return 0, fmt.Errorf("its kubelet's summary does not decode: %w", err)
	}
	free, all := s.Node.FS.AvailableBytes, s.Node.FS.CapacityBytes
	if free == 0 || free >= all {
		return 0, fmt.Errorf("its kubelet says that %d of %d bytes of its disk are free", free, all)
	}
	return free + (all-free)/2, nil
}

func (d *disk) Inject(ctx context.Context, _ *chaos.Site) error {
	raise := fmt.Sprintf(`set -e
cp --no-clobber %[2]s %[1]s
sed 's/nodefs.available:.*/nodefs.available: "%[3]s"/' %[1]s > %[2]s.new
mv %[2]s.new %[2]s
systemctl restart kubelet`, kept, kubeletConfig, strconv.FormatUint(d.threshold, 10))
	_, err := d.machine.Exec(ctx, "sh", "-c", raise)
	return err
}

func (d *disk) Confirm(ctx context.Context, site *chaos.Site) (string, error) {
	node, err := seen(ctx, site, d.node, func(node *corev1.Node, _ *history.Live) bool {
		return node != nil && condition(node, corev1.NodeDiskPressure) == corev1.ConditionTrue
	})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("the recorder saw %s short of disk: %s", d.node, because(node, corev1.NodeDiskPressure)), nil
}

// Healed waits until the kubelet no longer takes its disk for full.
func (d *disk) Healed(ctx context.Context, site *chaos.Site) error {
	if err := d.base.Healed(ctx, site); err != nil {
		return err
	}
	_, err := seen(ctx, site, d.node, func(node *corev1.Node, _ *history.Live) bool {
		return node != nil && condition(node, corev1.NodeDiskPressure) == corev1.ConditionFalse && !tainted(node, corev1.TaintNodeDiskPressure)
	})
	if err != nil {
		return fmt.Errorf("node %s is still short of disk: %w", d.node, err)
	}
	return nil
}
