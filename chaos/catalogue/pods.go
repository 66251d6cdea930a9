package catalogue

import (
	"fmt"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/chaos/pods"
)

// onPods are the faults of package pods.
var onPods = []Kind{
	{Name: "delete-pod", Says: "A user deletes the pod, with the pod's own grace period.", On: OnPod, Anywhere: true, New: ofPod(pods.Delete)},
	{Name: "kill-pod", Says: "A user deletes the pod with grace period 0.", On: OnPod, Anywhere: true, New: ofPod(pods.Kill)},
	{Name: "evict-pod", Says: "The eviction API deletes the pod.", On: OnPod, Anywhere: true, New: ofPod(pods.Evict)},
	{Name: "preempt-pod", Says: "The scheduler deletes the pod in favour of one with a higher priority.", On: OnPod, Anywhere: true, New: ofPod(pods.Preempt)},
	{
		Name: "kill-container", Says: "The processes of a container get SIGKILL, as when memory runs out.", On: OnPod,
		Params: []Param{{"container", "its name; the pod's first if it is left out"}},
		New: func(t Target, with map[string]string) (chaos.Fault, error) {
			return pods.KillContainer(t.Pod, with["container"]), nil
		},
	},
	{Name: "delete-index", Says: "A user deletes all pods of an index.", On: OnJob, Anywhere: true, New: ofIndex(pods.DeleteIndex)},
	{Name: "kill-index", Says: "A user deletes all pods of an index with grace period 0.", On: OnJob, Anywhere: true, New: ofIndex(pods.KillIndex)},
	{Name: "taint-node", Says: "A NoExecute taint drives the pods off the node.", On: OnNode, Anywhere: true, New: ofNode(pods.Taint)},
}

type maker = func(Target, map[string]string) (chaos.Fault, error)

func ofPod(fault func(pod string) chaos.Fault) maker {
	return func(t Target, _ map[string]string) (chaos.Fault, error) { return fault(t.Pod), nil }
}

func ofNode(fault func(node string) chaos.Fault) maker {
	return func(t Target, _ map[string]string) (chaos.Fault, error) { return fault(t.Node), nil }
}

func ofNothing(fault func() chaos.Fault) maker {
	return func(Target, map[string]string) (chaos.Fault, error) { return fault(), nil }
}

func ofIndex(fault func(job string, index int) chaos.Fault) maker {
	return func(t Target, _ map[string]string) (chaos.Fault, error) {
		if t.Index == nil {
			return nil, fmt.Errorf("it hits the pods of one index: say which, as in at: {job: %s, index: 0}", t.Job)
		}
		return fault(t.Job, *t.Index), nil
	}
}
