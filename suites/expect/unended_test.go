package expect

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

func TestPodsThatHaveNotEnded(t *testing.T) {
	one := func(s *story) *history.Job { return s.read().Job("demo") }
	beside := func() *story { return tell(t).pod("a").runs("a").deletes(30, "a").pod("b") }
	after := func() *story { return tell(t).pod("a").runs("a").deletes(30, "a").ends(143, "a").pod("b") }
	ask(t, map[string]answer{
		"one after the other":   {HadAtMostUnended(1), one(after()), ""},
		"one beside the other":  {HadAtMostUnended(1), one(beside()), "1 were active and 1 terminating"},
		"at once":               {HadUnendedAtOnce(2), one(beside()), ""},
		"not at once":           {HadUnendedAtOnce(2), one(after()), "there were at most 1"},
		"no pod":                {HadUnendedAtOnce(1), one(tell(t)), "there were at most 0"},
		"of a Job that was not": {HadAtMostUnended(1), tell(t).read().Job("nobody"), "no such Job"},
	})
}

func TestPodThatWasDeletedTracked(t *testing.T) {
	first := func(s *story) history.PodLife { return s.read().Job("demo").Pods()[0] }
	letGo := func(pod *corev1.Pod) { pod.Finalizers = nil }
	was := WasDeletedTracked(corev1.PodSucceeded)
	ask(t, map[string]answer{
		"just succeeded": {was, first(tell(t).pod("a").ends(0, "a").deletes(0, "a").pod("a", letGo)), ""},
		"let go of":      {was, first(tell(t).pod("a").ends(0, "a").pod("a", letGo).deletes(0, "a")), "not tracked any more"},
		"running":        {was, first(tell(t).pod("a").runs("a").deletes(0, "a").ends(0, "a")), "it was Running"},
		"not deleted":    {was, first(tell(t).pod("a").ends(0, "a")), "it was not deleted"},
	})
}

func TestPodsOfIndexes(t *testing.T) {
	of := func(indexes ...int) *history.Job {
		s := tell(t)
		for i, index := range indexes {
			s.pod(string(rune('a'+i)), ofIndex(index))
		}
		return s.read().Job("demo")
	}
	created := CreatedPodsOfIndexes(1, 2)
	ask(t, map[string]answer{
		"as expected":     {created, of(0, 1, 1), ""},
		"one is missing":  {created, of(0, 1), "it created [1 1]"},
		"one too many":    {created, of(0, 1, 1, 0), "it created [2 2]"},
		"another index":   {created, of(0, 1, 2, 1), "has the index 2"},
		"without indexes": {created, tell(t).pod("a").read().Job("demo"), "has the index -1"},
	})
}
