package expect

import (
	"fmt"
	"slices"
	"time"

	"github.com/onsi/gomega/types"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// RunsOnly expects the Job's pod of that name to be in phase Running, with these of its containers running, init
// containers included, and no other.
func RunsOnly(name string, containers ...string) types.GomegaMatcher {
	says := fmt.Sprintf("have in %s only %s running", name, list(containers))
	return present(says, func(state history.State) error {
		i := slices.IndexFunc(state.Pods, func(pod *corev1.Pod) bool { return pod.Name == name })
		if i < 0 {
			return fmt.Errorf("there is no such pod")
		}
		var run []string
		status := state.Pods[i].Status
		for _, c := range slices.Concat(status.InitContainerStatuses, status.ContainerStatuses) {
			if c.State.Running != nil {
				run = append(run, c.Name)
			}
		}
		if status.Phase != corev1.PodRunning || !slices.Equal(run, containers) {
			return fmt.Errorf("it is %s, and what runs in it is %s", status.Phase, list(run))
		}
		return nil
	})
}

// StoppedAfter expects the last run of a container of a history.PodLife to have ended no sooner than that of another.
func StoppedAfter(container, other string) types.GomegaMatcher {
	says := "have stopped " + container + " after " + other + " had ended"
	return matcher[history.PodLife]{subject: podName, says: says, seen: func(pod history.PodLife) error {
		ended := map[string]history.Run{}
		for _, name := range []string{container, other} {
			life, _ := pod.Container(name)
			if len(life.Runs) == 0 || !life.Runs[len(life.Runs)-1].Ended {
				return fmt.Errorf("no end of %s was seen", name)
			}
			ended[name] = life.Runs[len(life.Runs)-1]
		}
		if early := ended[other].Finished.Sub(ended[container].Finished); early > 0 {
			return fmt.Errorf("it ended %v earlier", early)
		}
		return nil
	}}
}

// RanFor expects a container of a history.PodLife to have run once, for at least that long and less than late longer.
func RanFor(container string, long, late time.Duration) types.GomegaMatcher {
	says := fmt.Sprintf("have run container %s once, for %v", container, long)
	return matcher[history.PodLife]{subject: podName, says: says, seen: func(pod history.PodLife) error {
		life, _ := pod.Container(container)
		if len(life.Runs) != 1 || !life.Runs[0].Ended {
			return fmt.Errorf("%s were seen", count(len(life.Runs), "run"))
		}
		// The start is noted a moment after it, and both times are rounded down to seconds.
		if ran := life.Runs[0].Finished.Sub(life.Runs[0].Started); ran < long-time.Second || ran >= long+late {
			return fmt.Errorf("it ran for %v", ran)
		}
		return nil
	}}
}
