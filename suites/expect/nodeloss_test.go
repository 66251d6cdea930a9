package expect

import (
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega/types"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// silences records that a node is no longer heard of, from now on.
func (s *story) silences(name string) *story {
	node := aNode(name, corev1.ConditionUnknown)
	node.Status.Conditions[0].LastTransitionTime = s.clock()
	s.record("Node", history.Modified, node)
	return s
}

// asked checks what a matcher says of stories: nothing, or a failure that holds a text.
func asked(t *testing.T, matcher types.GomegaMatcher, stories map[string]func(*story)) {
	t.Helper()
	for want, tells := range stories {
		told := tell(t)
		tells(told)
		job := told.read().Job("demo")
		ok, err := matcher.Match(job)
		message := matcher.FailureMessage(job)
		if want = strings.TrimSuffix(want, "."); err != nil || ok != (want == "") || !ok && !strings.Contains(message, want) {
			t.Errorf("matched %v, %v: %s; want %q", ok, err, message, want)
		}
	}
}

func TestMostUnfinished(t *testing.T) {
	asked(t, MostUnfinished(2), map[string]func(*story){
		"":                               func(s *story) { s.pod("a").deletes(30, "a").pod("b").ends(0, "b") },
		"had 1 active and 0 terminating": func(s *story) { s.pod("a").ends(1, "a").pod("b") },
		"had 2 active and 1 terminating": func(s *story) { s.pod("a").deletes(30, "a").pod("b").pod("c") },
	})
}

func TestRepeatedLostIndexes(t *testing.T) {
	first := func(s *story) *story {
		return s.pod("a", ofIndex(0), on("one")).pod("b", ofIndex(1), on("one")).runs("a", "b").ends(0, "a").deletes(30, "b")
	}
	asked(t, RepeatedLostIndexes("one"), map[string]func(*story){
		"":                                   func(s *story) { first(s).pod("c", ofIndex(1), on("two")) },
		"was not repeated":                   func(s *story) { first(s) },
		"index 1, lost with":                 func(s *story) { first(s).pod("c", ofIndex(1), on("one")) },
		"index 0 succeeded with":             func(s *story) { first(s).pod("c", ofIndex(1), on("two")).pod("d", ofIndex(0), on("two")) },
		"0 pods were lost there, and 0 succ": func(s *story) { s.pod("a", ofIndex(0), on("two")) },
	})
}

func TestLeftALostNodeAfter(t *testing.T) {
	asked(t, LeftALostNodeAfter("one", 20*time.Second), map[string]func(*story){
		"": func(s *story) {
			s.pod("a", on("one")).pod("b", on("two")).deletes(30, "b").silences("one").pause(20).deletes(30, "a")
		},
		"it never was":            func(s *story) { s.pod("a", on("one")).hears("one", "True") },
		"was marked for deletion": func(s *story) { s.pod("a", on("one")).silences("one").pause(10).deletes(30, "a") },
	})
}

func TestUnreadyNode(t *testing.T) {
	for status, want := range map[corev1.ConditionStatus]bool{"True": false, "False": true, "Unknown": true} {
		if ok, err := UnreadyNode("one").Match(tell(t).hears("one", status).state()); ok != want || err != nil {
			t.Errorf("%s: %v, %v", status, ok, err)
		}
	}
}
