package controlplane

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/yaml"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/fixtures/cluster"
)

// HandOver lets a second controller manager lead: it is started beside the first, as a static pod with a port of its own;
// once it stands by, the first is frozen, loses its Lease, and is killed when the second has it, so that the two never lead
// at the same time. The kubelet starts the first again, which then stands by. The Lease, and the second's own metrics,
// confirm it. Once healed, the second is gone and the first leads.
func HandOver() chaos.Fault { return &handover{} }

type handover struct {
	node     *cluster.Node
	first    process
	holder   string
	manifest string
}

func (h *handover) Name() string   { return "hand-over-leader" }
func (h *handover) Target() string { return controllerManager.target() }

func (h *handover) Bounds() chaos.Bounds {
	return chaos.Bounds{Confirm: 30 * time.Second, Heal: 3 * time.Minute, Origin: "on two cores, as busy as with some sixty " +
		"processes at a time, the second was seen to lead after 14 s, 11 of them before it stood by, and the first again after 7 s"}
}

func (h *handover) Arm(ctx context.Context, site *chaos.Site) (chaos.Undo, error) {
	var err error
	if h.node, err = machine(site); err != nil {
		return nil, err
	}
	if h.first, err = controllerManager.only(ctx, h.node); err != nil {
		return nil, err
	}
	if h.holder, err = controllerManager.holder(ctx, site); err != nil {
		return nil, err
	}
	if h.holder == "" {
		return nil, errors.New("no controller manager leads: run make heal")
	}
	manifest, err := run(ctx, h.node, `cat `+manifests+`/"$1".yaml`, controllerManager.name)
	if err != nil {
		return nil, err
	}
	if h.manifest, err = standby(manifest); err != nil {
		return nil, err
	}
	return chaos.Undo{
		script(h.node.Name, dismiss, standbyName, standbyFlag),
		controllerManager.woken(h.node.Name), controllerManager.vacated(), controllerManager.restored(h.node.Name),
	}, nil
}

// What tells the second controller manager from the first. The port is one that nothing in Kubernetes uses.
const (
	standbyName = "kube-controller-manager-standby"
	standbyPort = 10357
)

var standbyFlag = fmt.Sprintf("--secure-port=%d", standbyPort)

// dismiss is a shell script that takes the second controller manager away, given its name and its flag, and returns when its
// process is gone. SIGKILL keeps it from renewing the Lease once more.
const dismiss = `
rm -f ` + manifests + `/"$1".yaml /var/lib/"$1".yaml
for try in $(seq 100); do
	pkill -KILL -f "^kube-controller-manager .*$2( |$)" || exit 0
	sleep 0.2
done
exit 1`

// standby returns the manifest of a second controller manager, made of that of the first: with another name, port and label,
// and without a share of the machine that the first has taken.
func standby(manifest string) (string, error) {
	var pod corev1.Pod
	if err := yaml.UnmarshalStrict([]byte(manifest), &pod); err != nil {
		return "", fmt.Errorf("the manifest of %s: %w", controllerManager.name, err)
	}
	if len(pod.Spec.Containers) != 1 {
		return "", fmt.Errorf("the manifest of %s has %d containers, not 1", controllerManager.name, len(pod.Spec.Containers))
	}
	pod.Name, pod.Labels = standbyName, map[string]string{"component": standbyName}
	c := &pod.Spec.Containers[0]
	c.Command = append(without(c.Command, "--secure-port="), standbyFlag)
	c.Resources = corev1.ResourceRequirements{}
	c.Ports = nil
	for _, probe := range []*corev1.Probe{c.LivenessProbe, c.StartupProbe, c.ReadinessProbe} {
		if probe != nil && probe.HTTPGet != nil {
			probe.HTTPGet.Port = intstr.FromInt32(standbyPort)
		}
	}
	text, err := yaml.Marshal(pod)
	return string(text), err
}

func without(words []string, prefix string) []string {
	var kept []string
	for _, word := range words {
		if !strings.HasPrefix(word, prefix) {
			kept = append(kept, word)
		}
	}
	return kept
}

// ripe is how long a second controller manager may take to stand by: 11 s were seen on two busy cores.
const ripe = time.Minute

func (h *handover) Inject(ctx context.Context, site *chaos.Site) error {
	ctx, cancel := context.WithTimeout(ctx, ripe)
	defer cancel()
	if _, err := run(ctx, h.node, `printf %s "$2" > /var/lib/"$1".yaml && mv /var/lib/"$1".yaml `+manifests+`/`, standbyName, h.manifest); err != nil {
		return err
	}
	for {
		_, err := h.ask(ctx, "/healthz")
		if err == nil {
			break
		}
		select {
		case <-time.After(look): // it is not yet there, so there is nothing to watch
		case <-ctx.Done():
			return fmt.Errorf("the second controller manager does not stand by: %w", errors.Join(ctx.Err(), err))
		}
	}
	if err := signal(ctx, h.node, "STOP", h.first); err != nil {
		return err
	}
	_, err := site.Clients.CoordinationV1().Leases(metav1.NamespaceSystem).Patch(ctx, controllerManager.lease,
		types.MergePatchType, []byte(vacant), metav1.PatchOptions{})
	if err != nil {
		return err
	}
	if err := h.taken(ctx, site); err != nil {
		return err
	}
	return signal(ctx, h.node, "KILL", h.first)
}

// taken waits until somebody else than the first has the Lease.
func (h *handover) taken(ctx context.Context, site *chaos.Site) error {
	return controllerManager.follow(ctx, site.Clients, func(lease *coordinationv1.Lease) bool {
		holder := holderOf(lease)
		return holder != "" && holder != h.holder
	})
}

// leads is what the metrics of a controller manager say when it leads.
const leads = `leader_election_master_status{name="kube-controller-manager"} 1`

func (h *handover) Confirm(ctx context.Context, site *chaos.Site) (observed string, err error) {
	if err := h.taken(ctx, site); err != nil {
		return "", err
	}
	holder, err := controllerManager.holder(ctx, site)
	if err != nil {
		return "", err
	}
	metrics, err := h.ask(ctx, "/metrics")
	if err != nil {
		return "", err
	}
	if !strings.Contains("\n"+metrics, "\n"+leads+"\n") {
		return "", errors.New("the second controller manager does not say that it leads")
	}
	return fmt.Sprintf("the Lease went from %s to %s, and the second controller manager's metrics say that it leads", h.holder, holder), nil
}

// ask asks the second controller manager, which listens to its own machine alone.
func (h *handover) ask(ctx context.Context, path string) (string, error) {
	return h.node.Exec(ctx, "kubectl", "--kubeconfig=/etc/kubernetes/admin.conf",
		fmt.Sprintf("--server=https://127.0.0.1:%d", standbyPort), "--insecure-skip-tls-verify", "get", "--raw="+path)
}

func (h *handover) Healed(ctx context.Context, site *chaos.Site) error {
	if err := observe(ctx, h.node, controllerManager.comm, func(found []process) bool { return len(found) == 1 }); err != nil {
		return err
	}
	return controllerManager.renewed(ctx, site)
}
