package expect

import (
	"maps"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

// notStarted restarts the container of a pod because the node failed to start it.
func notStarted(pod *corev1.Pod) {
	status := &pod.Status.ContainerStatuses[0]
	status.RestartCount++
	status.LastTerminationState.Terminated = &corev1.ContainerStateTerminated{ContainerID: "never", ExitCode: 128, Reason: startError}
}

func init() {
	maps.Copy(aboutPods, map[string]question{
		"RestartedFor": {
			ThePod(0, RestartedFor("task", 1)), func(s *story) { s.pod("a").runs("a").restarts("a", 1, 0).pod("a", notStarted) },
			map[string]func(*story){
				`it did so 0 times, beside 0 starts that failed`: func(s *story) { s.pod("a").runs("a") },
				`it did so 0 times, beside 1 start that failed`:  func(s *story) { s.pod("a").runs("a").pod("a", notStarted) },
				`it did so 2 times`:                              func(s *story) { s.pod("a").runs("a").restarts("a", 1, 0).restarts("a", 1, 0) },
			},
		},
	})
}

func TestRunsOver(t *testing.T) {
	for name, test := range map[string]struct {
		told *story
		want bool
	}{
		"running":        {tell(t).pod("a").runs("a"), false},
		"succeeded":      {tell(t).pod("a").runs("a").ends(0, "a"), true},
		"failed":         {tell(t).pod("a").runs("a").ends(1, "a"), false},
		"restarted":      {tell(t).pod("a").runs("a").restarts("a", 1, 0), true},
		"others running": {tell(t).pod("a").pod("b").runs("a", "b").ends(0, "a"), true},
	} {
		if ok, err := RunsOver(map[string]int32{"demo-a": 0}).Match(test.told.state()); ok != test.want || err != nil {
			t.Errorf("%s: %v (%v)", name, ok, err)
		}
	}
	if ok, _ := RunsOver(map[string]int32{"demo-a": 1}).Match(tell(t).pod("a").runs("a").restarts("a", 1, 0).state()); ok {
		t.Error("restarted no more often than before")
	}
}
