package expect

import "testing"

func TestUnplacedPods(t *testing.T) {
	told := tell(t).pod("a", on("one")).pod("b").pod("c").deletes(30, "c")
	for n, want := range map[int]bool{0: false, 1: true, 2: false} {
		if ok, err := UnplacedPods(n).Match(told.state()); ok != want || err != nil {
			t.Errorf("%d: %v (%v)", n, ok, err)
		}
	}
	if ok, _ := UnplacedPods(0).Match(told.pod("b", on("one")).state()); !ok {
		t.Error("a pod that is bound counts")
	}
}
