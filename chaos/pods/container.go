package pods

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/reports/history"
)

// killed is the exit code of a process that SIGKILL ended: 128 and the signal's number.
const killed = 137

// KillContainer kills the processes of a running container from the side of its node, as the kernel does when memory runs
// out; with "" it is the pod's first container. It is for clusters that were made here only. The recorder confirms it: the
// kubelet reports that this run of the container ended with 137.
func KillContainer(pod, container string) chaos.Fault {
	return &kill{pod: pod, container: container}
}

type kill struct {
	pod, container string
	uid            types.UID
	node           string
	id             string // of the container's present run, as the pod's status has it
}

// runtime begins the id of a container that containerd runs, as it does in all clusters that are made here.
const runtime = "containerd://"

func (k *kill) Name() string                              { return "kill-container" }
func (k *kill) Target() string                            { return "pod/" + k.pod }
func (k *kill) Bounds() chaos.Bounds                      { return bounds }
func (k *kill) Healed(context.Context, *chaos.Site) error { return nil }

func (k *kill) Arm(ctx context.Context, site *chaos.Site) (chaos.Undo, error) {
	pod, err := find(ctx, site, k.pod)
	if err != nil {
		return nil, err
	}
	if k.container == "" {
		k.container = pod.Spec.Containers[0].Name
	}
	status := container(pod, k.container)
	if status == nil || status.State.Running == nil {
		return nil, fmt.Errorf("pod %s has no container %q that runs", k.pod, k.container)
	}
	if !strings.HasPrefix(status.ContainerID, runtime) {
		return nil, fmt.Errorf("container %s of pod %s is not containerd's: %s", k.container, k.pod, status.ContainerID)
	}
	k.uid, k.node, k.id = pod.UID, pod.Spec.NodeName, status.ContainerID
	_, err = site.Node(k.node)
	return nil, err
}

// container returns the status of a pod's container, or nil.
func container(pod *corev1.Pod, name string) *corev1.ContainerStatus {
	i := slices.IndexFunc(pod.Status.ContainerStatuses, func(c corev1.ContainerStatus) bool { return c.Name == name })
	if i < 0 {
		return nil
	}
	return &pod.Status.ContainerStatuses[i]
}

func (k *kill) Inject(ctx context.Context, site *chaos.Site) error {
	node, err := site.Node(k.node)
	if err != nil {
		return err
	}
	id := strings.TrimPrefix(k.id, runtime)
	_, err = node.Exec(ctx, "ctr", "--namespace=k8s.io", "task", "kill", "--all", "--signal", "KILL", id)
	return err
}

func (k *kill) Confirm(ctx context.Context, site *chaos.Site) (observed string, err error) {
	err = site.Recorder.Await(ctx, func(live *history.Live) bool {
		pod := byUID(live, k.uid)
		if pod == nil || !k.ended(pod) {
			return false
		}
		observed = fmt.Sprintf("the recorder saw run %s of container %s ended with %d at resource version %s",
			strings.TrimPrefix(k.id, runtime), k.container, killed, pod.ResourceVersion)
		return true
	})
	return observed, err
}

// ended says whether the run that was to be killed has ended as one that was killed.
func (k *kill) ended(pod *corev1.Pod) bool {
	status := container(pod, k.container)
	if status == nil {
		return false
	}
	for _, end := range []*corev1.ContainerStateTerminated{status.State.Terminated, status.LastTerminationState.Terminated} {
		if end != nil && end.ContainerID == k.id && end.ExitCode == killed {
			return true
		}
	}
	return false
}
