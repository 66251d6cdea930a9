package controlplane

import (
	"context"
	"fmt"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/fixtures/cluster"
)

// component is a static pod of a control plane that kubeadm set up, with one container and one process.
type component struct {
	// name is that of the pod without its node, of the container, and of the manifest.
	name string
	// comm is what the kernel calls the process: the first 15 bytes of its program's name.
	comm string
	// lease is the Lease in kube-system that the process holds while it works, "" if it needs none.
	lease string
}

var (
	controllerManager = component{"kube-controller-manager", "kube-controller", "kube-controller-manager"}
	scheduler         = component{"kube-scheduler", "kube-scheduler", "kube-scheduler"}
	apiServer         = component{"kube-apiserver", "kube-apiserver", ""}
	etcd              = component{"etcd", "etcd", ""}
)

// target is how a fault names it: kubeadm labels its pods component=<name>.
func (c component) target() string { return "component/" + c.name }

// roleControlPlane is the role of the machine of the control plane in the description of a cluster.
const roleControlPlane = "control-plane"

// machine returns the machine of the control plane, if it may be hit.
func machine(site *chaos.Site) (*cluster.Node, error) {
	if err := site.MayHitControlPlane(); err != nil {
		return nil, err
	}
	for _, m := range site.Cluster.Machines {
		if m.Role == roleControlPlane {
			return site.Node(m.Name)
		}
	}
	return nil, fmt.Errorf("the description of the cluster %s names no machine of the control plane: make it anew", site.Cluster.Name)
}

// Where the kubelet of the control plane looks for static pods (kubeadm's default), and where a manifest is kept from it.
const (
	manifests = "/etc/kubernetes/manifests"
	parking   = "/etc/kubernetes/jobproof"
)

// restore is a shell script that makes a component run again, given its name and its process's: it puts a manifest back that
// was taken away, and if the kubelet does not start the process within 3 s (1.6 s were seen), starts the kubelet anew. The
// kubelet waits before it starts a container that has ended: 10 s, and up to 5 min with each further end; it forgets that
// when it starts, and leaves what runs alone. The script fails if there is no process 30 s later (9 s were seen).
const restore = `
parked=` + parking + `/$1.yaml comm=$2
runs() { for try in $(seq "$1"); do if pgrep -x "$comm" > /dev/null; then return 0; fi; sleep 0.2; done; return 1; }
if [ -e "$parked" ]; then mv "$parked" ` + manifests + `/ && rmdir --ignore-fail-on-non-empty ` + parking + `; fi
runs 15 && exit 0
systemctl restart kubelet
runs 150`

// restored is the action that makes the component run again.
func (c component) restored(node string) chaos.Action {
	return script(node, restore, c.name, c.comm)
}

// park is a shell script that takes a component's manifest away, given its name, and ends its process, given that one's,
// before the kubelet does it gently.
const park = `mkdir -p ` + parking + ` && mv ` + manifests + `/"$1".yaml ` + parking + `/ && { pkill -KILL -x "$2" || true; }`

// woken is the action that lets the component's process go on, and returns a second later: by then one that has lost its
// Lease meanwhile has ended. One that was not frozen does not notice.
func (c component) woken(node string) chaos.Action {
	return script(node, `pkill -CONT -x "$1" && sleep 1 || true`, c.comm)
}

// led are the actions, once the API server has been told to serve again, that make controllers and scheduler lead: an outage
// of more than 10 s (RenewDeadline, k8s.io/component-base/config/v1alpha1/defaults.go:41) ends their processes, which leave
// their Leases behind.
func led(node string) chaos.Undo {
	return chaos.Undo{
		script(node, served), controllerManager.restored(node), scheduler.restored(node), controllerManager.vacated(), scheduler.vacated(),
	}
}

// served is a shell script that returns when the API server is ready, and fails if it is not within 2 min.
const served = `
for try in $(seq 240); do
	kubectl --kubeconfig=/etc/kubernetes/admin.conf --request-timeout=5s get --raw=/readyz > /dev/null 2>&1 && exit 0
	sleep 0.5
done
exit 1`

func script(node, text string, args ...string) chaos.Action {
	return chaos.Action{Exec: &chaos.Exec{Node: node, Command: append([]string{"sh", "-c", text, "sh"}, args...)}}
}

// run runs a shell script in a node, with arguments.
func run(ctx context.Context, node *cluster.Node, text string, args ...string) (string, error) {
	return node.Exec(ctx, append([]string{"sh", "-c", text, "sh"}, args...)...)
}
