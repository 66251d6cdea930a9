package controlplane

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/fixtures/cluster"
)

// SlowDNS makes the cluster's DNS slow until it is healed: its processes are frozen for 0.8 s and wake for 0.4 s, again and
// again, so that an answer comes up to 0.8 s late and the kubelet's probes, which wait for 1 s, still pass. The kernel of a
// node need not be able to delay packets for that. The process table of each machine confirms it: each process was seen
// stopped, awake, and stopped again.
func SlowDNS() chaos.Fault { return &slowDNS{} }

type slowDNS struct{ nodes []*cluster.Node }

func (s *slowDNS) Name() string   { return "slow-dns" }
func (s *slowDNS) Target() string { return dnsTarget }

func (s *slowDNS) Bounds() chaos.Bounds {
	return chaos.Bounds{Confirm: 30 * time.Second, Heal: time.Minute, Origin: "on two cores, as busy as with some hundred " +
		"processes at a time, it was seen after 12 s and over after 4 s"}
}

const (
	// dnsProcess is what the kernel calls the processes of the cluster's DNS.
	dnsProcess = "coredns"
	// slowed is a file that is there as long as the DNS processes of a machine are to be slow.
	slowed = "/run/jobproof-slow-dns"
	// slow is a shell script that makes the processes of that name slow, and returns at once.
	slow = `
touch ` + slowed + `
setsid sh -c 'while [ -e ` + slowed + ` ]; do
	pkill -STOP -x "$1"; sleep 0.8
	pkill -CONT -x "$1"; sleep 0.4
done' sh "$1" > /dev/null 2>&1 < /dev/null &`
	// quick is a shell script that ends it.
	quick = `rm -f ` + slowed + `; pkill -CONT -x "$1" || true`
)

func (s *slowDNS) Arm(ctx context.Context, site *chaos.Site) (chaos.Undo, error) {
	if err := site.MayHitControlPlane(); err != nil {
		return nil, err
	}
	pods, err := site.Clients.CoreV1().Pods(metav1.NamespaceSystem).List(ctx, metav1.ListOptions{LabelSelector: "k8s-app=" + dnsService})
	if err != nil {
		return nil, err
	}
	var names []string
	for _, pod := range pods.Items {
		if pod.Spec.NodeName != "" {
			names = append(names, pod.Spec.NodeName)
		}
	}
	slices.Sort(names)
	var undo chaos.Undo
	for _, name := range slices.Compact(names) {
		node, err := site.Node(name)
		if err != nil {
			return nil, err
		}
		s.nodes = append(s.nodes, node)
		undo = append(undo, script(name, quick, dnsProcess))
	}
	if len(undo) == 0 {
		return nil, errors.New("the cluster's DNS has no pods: run make heal")
	}
	return undo, nil
}

func (s *slowDNS) Inject(ctx context.Context, _ *chaos.Site) error {
	for _, node := range s.nodes {
		if _, err := run(ctx, node, slow, dnsProcess); err != nil {
			return err
		}
	}
	return nil
}

func (s *slowDNS) Confirm(ctx context.Context, _ *chaos.Site) (observed string, err error) {
	var names []string
	for _, node := range s.nodes {
		var seen pulse
		if err := observe(ctx, node, dnsProcess, func(found []process) bool { return seen.see(found) }); err != nil {
			return "", err
		}
		names = append(names, node.Name)
	}
	return fmt.Sprintf("the process tables of %s had %s stopped, awake and stopped again", strings.Join(names, ", "), dnsProcess), nil
}

// pulse is how far processes have been seen to be frozen and woken.
type pulse int

// see says whether processes have been seen stopped, awake, and stopped again.
func (p *pulse) see(found []process) bool {
	frozen := len(found) > 0 && !slices.ContainsFunc(found, func(one process) bool { return one.state != stopped })
	if frozen == (*p%2 == 0) {
		*p++
	}
	return *p >= 3
}

// Healed waits until the processes have been awake for longer than they ever are while the fault lasts.
func (s *slowDNS) Healed(ctx context.Context, site *chaos.Site) error {
	const awake = time.Second
	for _, node := range s.nodes {
		var since time.Time
		err := observe(ctx, node, dnsProcess, func(found []process) bool {
			now := time.Now()
			if since.IsZero() || slices.ContainsFunc(found, func(one process) bool { return one.state == stopped }) {
				since = now
			}
			return len(found) > 0 && now.Sub(since) > awake
		})
		if err != nil {
			return err
		}
	}
	return serving(ctx, site, func(servers int) bool { return servers > 0 })
}
