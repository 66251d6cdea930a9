package history

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// ContainerLife is all that was seen of one container of a pod.
type ContainerLife struct {
	Name string
	Init bool
	// Restarts is the highest restartCount seen.
	Restarts int32
	// Runs are the runs that a status showed, oldest first. The kubelet shows the present run and the one before it, so
	// short runs may be missing: then there are fewer than Restarts+1.
	Runs []Run
}

// Run is one start of a container. Times are in whole seconds of the node's clock.
type Run struct {
	// ID is the runtime's id of the container; it is empty if the kubelet could not tell.
	ID      string
	Started time.Time
	// Finished is zero while it runs, or if its end was not seen.
	Finished time.Time
	// Ended reports whether its end was seen; what follows is meaningful only then.
	Ended            bool
	ExitCode, Signal int32
	Reason           string // such as Completed, Error, OOMKilled
	Message          string // what it left in its termination log
}

// containers adds what one version of the pod shows.
func (p *PodLife) containers(pod *corev1.Pod) {
	for _, c := range pod.Spec.InitContainers {
		p.container(c.Name, true)
	}
	for _, c := range pod.Spec.Containers {
		p.container(c.Name, false)
	}
	for _, status := range pod.Status.InitContainerStatuses {
		p.container(status.Name, true).add(status)
	}
	for _, status := range pod.Status.ContainerStatuses {
		p.container(status.Name, false).add(status)
	}
}

// container finds a container, or adds it.
func (p *PodLife) container(name string, init bool) *ContainerLife {
	for i := range p.Containers {
		if p.Containers[i].Name == name {
			return &p.Containers[i]
		}
	}
	p.Containers = append(p.Containers, ContainerLife{Name: name, Init: init})
	return &p.Containers[len(p.Containers)-1]
}

// add merges a status into what is known. The run before the present one is older, so it comes first.
func (c *ContainerLife) add(status corev1.ContainerStatus) {
	c.Restarts = max(c.Restarts, status.RestartCount)
	for _, state := range []corev1.ContainerState{status.LastTerminationState, status.State} {
		if t := state.Terminated; t != nil {
			run := c.run(t.ContainerID, t.StartedAt.Time)
			run.Ended, run.Finished = true, t.FinishedAt.Time
			run.ExitCode, run.Signal, run.Reason, run.Message = t.ExitCode, t.Signal, t.Reason, t.Message
		}
		if r := state.Running; r != nil {
			c.run(status.ContainerID, r.StartedAt.Time)
		}
	}
}

// run finds a run by its id, or by its start if it has none, or adds it.
func (c *ContainerLife) run(id string, started time.Time) *Run {
	known := slices.IndexFunc(c.Runs, func(run Run) bool {
		return run.ID == id && (id != "" || run.Started.Equal(started))
	})
	if known >= 0 {
		return &c.Runs[known]
	}
	c.Runs = append(c.Runs, Run{ID: id, Started: started})
	return &c.Runs[len(c.Runs)-1]
}

// ExitCodes returns the exit codes of the runs whose end was seen, oldest first.
func (c ContainerLife) ExitCodes() []int32 {
	var codes []int32
	for _, run := range c.Runs {
		if run.Ended {
			codes = append(codes, run.ExitCode)
		}
	}
	return codes
}
