package expect

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
)

func names(pods []history.PodLife) string {
	var names []string
	for _, pod := range pods {
		names = append(names, pod.Name)
	}
	return list(names)
}

// end is when a pod stopped being of use: it finished, or it was gone before anybody saw it finish.
func end(pod history.PodLife) history.Step {
	if pod.Finished.Happened() {
		return pod.Finished
	}
	return pod.Gone
}

// CreatedPods expects n pods in all, from the Job's creation to the end of the history.
func CreatedPods(n int) types.GomegaMatcher {
	return past("have created "+count(n, "pod"), func(job *history.Job) error {
		pods := job.Pods()
		switch {
		case len(pods) > n:
			return fmt.Errorf("it created %d: %s, one too many %s", len(pods), names(pods), at(job, pods[n].Created))
		case len(pods) < n:
			return fmt.Errorf("it created %d: %s", len(pods), names(pods))
		}
		return nil
	})
}

// CreatedItsFirstPodWithin expects a pod no later than that after the Job itself was created.
func CreatedItsFirstPodWithin(limit time.Duration) types.GomegaMatcher {
	return past(fmt.Sprintf("have created its first pod within %v", limit), func(job *history.Job) error {
		pods := job.Pods()
		if len(pods) == 0 {
			return fmt.Errorf("it created none")
		}
		if took := pods[0].Created.At.Sub(job.Created().At); took > limit {
			return fmt.Errorf("%s came after %v", pods[0].Name, took)
		}
		return nil
	})
}

// OwnedItsPods expects of every pod what makes it the Job's own: an owner reference as its controller, a name that begins
// with the Job's, the tracking finalizer from birth, and the four labels that name the Job.
func OwnedItsPods() types.GomegaMatcher {
	return past("have made every pod its own", func(job *history.Job) error {
		for _, life := range job.Pods() {
			pod := life.First()
			owner := metav1.GetControllerOf(pod)
			labels := map[string]string{
				batchv1.JobNameLabel: job.Name, "job-name": job.Name,
				batchv1.ControllerUidLabel: job.UID, "controller-uid": job.UID,
			}
			switch {
			case owner == nil || string(owner.UID) != job.UID || owner.Kind != "Job":
				return fmt.Errorf("the controller of %s was %v when it was created", pod.Name, owner)
			case !strings.HasPrefix(pod.Name, job.Name+"-"):
				return fmt.Errorf("the name of %s does not begin with the Job's", pod.Name)
			case !slices.Contains(pod.Finalizers, batchv1.JobTrackingFinalizer):
				return fmt.Errorf("%s was created without the finalizer %s", pod.Name, batchv1.JobTrackingFinalizer)
			}
			for label, want := range labels {
				if got := pod.Labels[label]; got != want {
					return fmt.Errorf("the label %s of %s was %q", label, pod.Name, got)
				}
			}
		}
		return nil
	})
}

// EveryPod expects every pod's life, a history.PodLife, to match, and that there is one.
func EveryPod(matches types.GomegaMatcher) types.GomegaMatcher {
	return past("have had only pods that match", func(job *history.Job) error {
		pods := job.Pods()
		if len(pods) == 0 {
			return fmt.Errorf("it created none")
		}
		for _, pod := range pods {
			if err := matched(pod, matches); err != nil {
				return err
			}
		}
		return nil
	})
}

// PodNamed expects the life of the pod of that name to match.
func PodNamed(name string, matches types.GomegaMatcher) types.GomegaMatcher {
	return past(fmt.Sprintf("have had a pod %s that matches", name), func(job *history.Job) error {
		for _, pod := range job.Pods() {
			if pod.Name == name {
				return matched(pod, matches)
			}
		}
		return fmt.Errorf("it had none of that name")
	})
}

// ThePod expects the life of the pod that was created as number i, counted from 0, to match.
func ThePod(i int, matches types.GomegaMatcher) types.GomegaMatcher {
	return past(fmt.Sprintf("have had a pod number %d that matches", i+1), func(job *history.Job) error {
		pods := job.Pods()
		if i >= len(pods) {
			return fmt.Errorf("it created only %s", count(len(pods), "pod"))
		}
		return matched(pods[i], matches)
	})
}

func matched(pod history.PodLife, matches types.GomegaMatcher) error {
	ok, err := matches.Match(pod)
	switch {
	case err != nil:
		return fmt.Errorf("of %s: %w", pod.Name, err)
	case !ok:
		last := pod.Versions[len(pod.Versions)-1]
		return fmt.Errorf("not %s, last seen with (rv %d): %s", pod.Name, last.RV, matches.FailureMessage(pod))
	}
	return nil
}

// LastWords expects the ended runs of a container of a history.PodLife, oldest first, to have left these termination
// messages, and no other.
func LastWords(container string, messages ...string) types.GomegaMatcher {
	says := fmt.Sprintf("have %q as the last words of container %s", messages, container)
	return matcher[history.PodLife]{subject: podName, says: says, seen: func(pod history.PodLife) error {
		var said []string
		for _, state := range terminations(pod, container) {
			said = append(said, strings.TrimSpace(state.Message))
		}
		if !slices.Equal(said, messages) {
			return fmt.Errorf("they were %q", said)
		}
		return nil
	}}
}

// Exited expects the ended runs of a container of a history.PodLife, oldest first, to have had these exit codes, and no
// other.
func Exited(container string, codes ...int32) types.GomegaMatcher {
	says := fmt.Sprintf("have runs of container %s that ended with %v", container, codes)
	return matcher[history.PodLife]{subject: podName, says: says, seen: func(pod history.PodLife) error {
		var exits []int32
		for _, state := range terminations(pod, container) {
			exits = append(exits, state.ExitCode)
		}
		if !slices.Equal(exits, codes) {
			return fmt.Errorf("they ended with %v", exits)
		}
		return nil
	}}
}

func podName(pod history.PodLife) string { return "the pod " + pod.Name }

// terminations returns how the runs of a container ended that were seen to end, oldest first.
func terminations(pod history.PodLife, container string) []corev1.ContainerStateTerminated {
	var ends []corev1.ContainerStateTerminated
	known := map[string]bool{}
	for _, version := range pod.Versions {
		status := version.Pod().Status
		for _, c := range slices.Concat(status.InitContainerStatuses, status.ContainerStatuses) {
			if c.Name != container {
				continue
			}
			for _, ended := range []*corev1.ContainerStateTerminated{c.LastTerminationState.Terminated, c.State.Terminated} {
				if ended != nil && !known[ended.ContainerID] {
					known[ended.ContainerID] = true
					ends = append(ends, *ended)
				}
			}
		}
	}
	return ends
}
