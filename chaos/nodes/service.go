package nodes

import (
	"context"
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/reports/history"
)

// StopKubelet stops the kubelet of a node; its containers run on. It is confirmed by the API server, which gets no answer from
// it, while a probe finds the machine running.
func StopKubelet(node string) chaos.Fault {
	return &stop{base: base{"stop-kubelet", node, atOnce}, service: "kubelet"}
}

// StopRuntime stops containerd on a node; its containers run on. It is confirmed by the node's kubelet, which makes the Node
// not Ready for that reason.
func StopRuntime(node string) chaos.Fault {
	return &stop{service: "containerd", base: base{"stop-runtime", node, chaos.Bounds{
		Confirm: 3 * time.Minute, Heal: comeback,
		Origin: "30 s until the kubelet takes the runtime for dead (maxWaitForContainerRuntime, pkg/kubelet/kubelet.go:153) " +
			"and some seconds until it says so; the rest is for a busy machine",
	}}}
}

// stop is a service of a node that is stopped.
type stop struct {
	base
	service string
	machine *cluster.Node
}

func (s *stop) Arm(ctx context.Context, site *chaos.Site) (undo chaos.Undo, err error) {
	if s.machine, _, err = s.armed(ctx, site); err != nil {
		return nil, err
	}
	return chaos.Undo{{Exec: systemctl(s.node, "start", s.service)}}, nil
}

// systemctl has systemd do something to a service, once it can be asked: on a machine that has just been started it cannot for
// some seconds, and nobody tells when it can.
func systemctl(node, verb, service string) *chaos.Exec {
	try := fmt.Sprintf("for i in $(seq 120); do systemctl %s %s && exit; sleep 0.5; done; exit 1", verb, service)
	return &chaos.Exec{Node: node, Command: []string{"sh", "-c", try}}
}

func (s *stop) Inject(ctx context.Context, _ *chaos.Site) error {
	_, err := s.machine.Exec(ctx, "systemctl", "stop", s.service)
	return err
}

func (s *stop) Confirm(ctx context.Context, site *chaos.Site) (string, error) {
	if s.service == "kubelet" {
		return s.silent(ctx, site)
	}
	node, err := seen(ctx, site, s.node, func(node *corev1.Node, _ *history.Live) bool {
		return node != nil && condition(node, corev1.NodeReady) == corev1.ConditionFalse
	})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("the recorder saw %s not Ready: %s", s.node, because(node, corev1.NodeReady)), nil
}

// silent waits until the kubelet does not answer, as seen by the API server, nor run, as seen by a probe.
func (s *stop) silent(ctx context.Context, site *chaos.Site) (string, error) {
	err := until(ctx, func() (bool, error) {
		state, err := s.machine.Exec(ctx, "systemctl", "show", s.service, "--property=ActiveState", "--value")
		return strings.TrimSpace(state) == "inactive" && unanswered(ctx, site, s.node), err
	})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("the API server gets no answer from the kubelet of %s, whose machine runs", s.node), nil
}

// because is what a node says of a condition.
func because(node *corev1.Node, of corev1.NodeConditionType) string {
	for _, c := range node.Status.Conditions {
		if c.Type == of {
			return c.Message
		}
	}
	return ""
}
