package expect

import (
	"maps"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

// crowdedOut is what the scheduler says of a pod for which there is no room.
func crowdedOut(pod *corev1.Pod) {
	pod.Status.Conditions = []corev1.PodCondition{{
		Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Reason: corev1.PodReasonUnschedulable,
	}}
}

func init() {
	maps.Copy(aboutPods, map[string]question{
		"FailedBefore": {
			FailedBefore(target, 2), func(s *story) { s.pod("a").pod("b").ends(1, "a", "b").finishes(target) }, map[string]func(*story){
				`1 had when it became so at \+6.000s \(rv 6\)`: func(s *story) { s.pod("a").pod("b").ends(1, "a").ends(0, "b").finishes(target) },
				`1 had when it became so at \+5.000s \(rv 5\)`: func(s *story) { s.pod("a").pod("b").ends(1, "a").finishes(target).ends(1, "b") },
				`never had FailureTarget`:                      func(s *story) { s.pod("a").pod("b").ends(1, "a", "b") },
			},
		},
		"ScheduledAsOthersEnded": {
			ScheduledAsOthersEnded(1),
			func(s *story) {
				s.pod("a", on("one")).pod("b", crowdedOut).pod("c", crowdedOut).ends(0, "a").pod("c", on("one")).ends(0, "c").pod("b", on("one"))
			},
			map[string]func(*story){
				`room for all: it bound demo-a$`: func(s *story) { s.pod("a", on("one")).pod("b", crowdedOut) },
				`demo-b was bound at \+4.000s \(rv 4\), before 1 pod had ended`: func(s *story) {
					s.pod("a", on("one")).pod("b", crowdedOut).pod("b", on("one")).ends(0, "a")
				},
				`demo-c was bound at \+7.000s \(rv 7\), before 2 pods had ended`: func(s *story) {
					s.pod("a", on("one")).pod("b", crowdedOut).pod("c", crowdedOut).ends(0, "a").pod("b", on("one")).pod("c", on("one"))
				},
				`always had room for demo-b, created at \+3.000s \(rv 3\)`: func(s *story) {
					s.pod("a", on("one")).pod("b").ends(0, "a").pod("b", on("one"))
				},
			},
		},
	})
}

func TestUnschedulablePods(t *testing.T) {
	told := tell(t).pod("a", on("one")).pod("b", crowdedOut).pod("c").pod("d", crowdedOut).deletes(30, "d")
	for n, want := range map[int]bool{0: false, 1: true, 2: false} {
		if ok, err := UnschedulablePods(n).Match(told.state()); ok != want || err != nil {
			t.Errorf("%d: %v (%v)", n, ok, err)
		}
	}
	if ok, _ := UnschedulablePods(0).Match(told.pod("b", on("one")).state()); !ok {
		t.Error("a pod that is bound counts")
	}
}
