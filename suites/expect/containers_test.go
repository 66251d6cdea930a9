package expect

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
)

func TestContainersOfAPod(t *testing.T) {
	status := func(name string, state corev1.ContainerState) corev1.ContainerStatus {
		return corev1.ContainerStatus{Name: name, ContainerID: name + "-1", State: state}
	}
	up := corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}
	// ended is a container that ran from the beginning for that many seconds.
	ended := func(seconds int) corev1.ContainerState {
		return corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{
			StartedAt: metav1.NewTime(beginning), FinishedAt: metav1.NewTime(beginning.Add(time.Duration(seconds) * time.Second)),
		}}
	}
	with := func(side, task corev1.ContainerState) *story {
		return tell(t).pod("a", func(pod *corev1.Pod) {
			pod.Spec.InitContainers = []corev1.Container{{Name: "side"}}
			pod.Status.Phase = corev1.PodRunning
			pod.Status.InitContainerStatuses = []corev1.ContainerStatus{status("side", side)}
			pod.Status.ContainerStatuses = []corev1.ContainerStatus{status("task", task)}
		})
	}
	life := func(s *story) history.PodLife { return s.read().Pods()[0] }
	ask(t, map[string]answer{
		"one runs":       {RunsOnly("demo-a", "side"), with(up, ended(1)).state(), ""},
		"both run":       {RunsOnly("demo-a", "side"), with(up, up).state(), "what runs in it is side, task"},
		"no such":        {RunsOnly("demo-b", "side"), with(up, up).state(), "there is no such pod"},
		"last":           {StoppedAfter("side", "task"), life(with(ended(5), ended(5))), ""},
		"first":          {StoppedAfter("side", "task"), life(with(ended(4), ended(5))), "it ended 1s earlier"},
		"never":          {StoppedAfter("side", "task"), life(with(up, ended(5))), "no end of side was seen"},
		"long enough":    {RanFor("task", 20*time.Second, 5*time.Second), life(with(up, ended(20))), ""},
		"not too long":   {RanFor("task", 20*time.Second, 5*time.Second), life(with(up, ended(24))), ""},
		"too short":      {RanFor("task", 20*time.Second, 5*time.Second), life(with(up, ended(18))), "it ran for 18s"},
		"too long":       {RanFor("task", 20*time.Second, 5*time.Second), life(with(up, ended(25))), "it ran for 25s"},
		"runs still":     {RanFor("task", 20*time.Second, 5*time.Second), life(with(up, up)), "1 run"},
		"undecided":      {Unfinished(), tell(t).state(), ""},
		"about to fail":  {Unfinished(), tell(t).finishes(target).state(), "it has FailureTarget"},
		"about to be it": {Unfinished(), tell(t).finishes(met).state(), "it has SuccessCriteriaMet"},
	})
}
