package expect

import (
	"strings"
	"testing"
	"time"

	gomegatypes "github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// marked marks the Job of a story for deletion, and gone removes it.
func marked(s *story) *story {
	return s.change(func(job *batchv1.Job) { job.DeletionTimestamp = new(s.clock()) })
}

func gone(s *story) *story {
	s.record("Job", history.Deleted, s.job)
	return s
}

// letGo takes a pod's owner from it.
func letGo(pod *corev1.Pod) { pod.OwnerReferences, pod.Finalizers = nil, nil }

// answer is what a matcher must say of something: nothing where it holds, else a part of its failure.
type answer struct {
	matcher gomegatypes.GomegaMatcher
	about   any
	want    string
}

func ask(t *testing.T, answers map[string]answer) {
	t.Helper()
	for name, a := range answers {
		ok, err := a.matcher.Match(a.about)
		switch {
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case ok != (a.want == ""):
			t.Errorf("%s: matched %v: %s", name, ok, a.matcher.FailureMessage(a.about))
		case !ok && !strings.Contains(a.matcher.FailureMessage(a.about), a.want):
			t.Errorf("%s: failure is %q, want %q", name, a.matcher.FailureMessage(a.about), a.want)
		}
	}
}

func TestRemovalOfAJob(t *testing.T) {
	const ttl, late = 10 * time.Second, 5 * time.Second
	job := func(s *story) *history.Job { return s.read().Job("demo") }
	// A version a second: the Job is Complete at one, and marked for deletion that many later.
	after := func(seconds int) *history.Job { return job(marked(tell(t).finishes(complete).pause(seconds - 1))) }

	ask(t, map[string]answer{
		"in time":            {DeletedAfterFinishing(ttl, late), after(10), ""},
		"just in time":       {DeletedAfterFinishing(ttl, late), after(14), ""},
		"early":              {DeletedAfterFinishing(ttl, late), after(9), "9s after it was Complete"},
		"late":               {DeletedAfterFinishing(ttl, late), after(15), "15s after it was Complete"},
		"kept":               {DeletedAfterFinishing(ttl, late), job(tell(t).finishes(failed)), "never marked for deletion"},
		"deleted unfinished": {DeletedAfterFinishing(ttl, late), job(marked(tell(t).pause(10))), "it never finished"},

		"pods first": {WentAfterItsPods(), job(gone(marked(tell(t).pod("a")).deletes(0, "a").loses("a"))), ""},
		"Job first": {
			WentAfterItsPods(), job(gone(marked(tell(t).pod("a")).deletes(0, "a")).loses("a")), "demo-a was marked",
		},
		"Job unmarked": {WentAfterItsPods(), job(gone(tell(t).pod("a").deletes(0, "a").loses("a"))), "marked for deletion never"},
		"no pods":      {WentAfterItsPods(), job(gone(marked(tell(t)))), "it had no pod"},

		"pods last":        {WentBeforeItsPods(), job(gone(tell(t).pod("a").pod("b")).deletes(0, "a").loses("a", "b")), ""},
		"a pod first":      {WentBeforeItsPods(), job(gone(tell(t).pod("a").deletes(0, "a")).loses("a")), "demo-a was marked"},
		"a pod that stays": {WentBeforeItsPods(), job(gone(tell(t).pod("a")).deletes(0, "a")), "gone never"},
		"a Job that stays": {WentBeforeItsPods(), job(tell(t).pod("a")), "it is not gone"},

		"had one of each": {
			HadPods(corev1.PodSucceeded, corev1.PodRunning), job(gone(tell(t).pod("a").pod("b").runs("a", "b").ends(0, "a")).ends(0, "b")), "",
		},
		"had lost one": {HadPods(corev1.PodRunning, corev1.PodRunning), job(gone(tell(t).pod("a").pod("b").runs("a", "b").loses("b"))), "map[Running:1]"},

		"stayed":         {Stayed(), job(tell(t).pod("a").finishes(complete)), ""},
		"did not stay":   {Stayed(), job(gone(tell(t).pod("a"))), "gone at"},
		"lost its pod":   {Stayed(), job(tell(t).pod("a").deletes(0, "a")), "demo-a was marked for deletion at"},
		"left nothing":   {LeftNothing(), gone(tell(t).pod("a").loses("a")).read(), ""},
		"left a pod":     {LeftNothing(), gone(tell(t).pod("a")).read(), "demo-a is there, with the finalizers batch.kubernetes.io/job-tracking"},
		"left a Job":     {LeftNothing(), tell(t).pod("a").loses("a").read(), "the Job demo is there"},
		"nothing was":    {LeftNothing(), gone(tell(t)).read(), "0 pods"},
		"finished first": {FinishedBefore(after(10)), job(tell(t).finishes(complete)), ""},
		"finished later": {FinishedBefore(job(marked(tell(t)))), job(tell(t).pause(5).pod("a").finishes(complete)), "it was Complete at"},

		"outlived":       {OutlivedItsJob(), tell(t).pod("a").pod("a", letGo).deletes(0, "a").read().Pods()[0], ""},
		"deleted with":   {OutlivedItsJob(), tell(t).pod("a").deletes(0, "a").pod("a", letGo).read().Pods()[0], "while it had its owner"},
		"kept its owner": {OutlivedItsJob(), tell(t).pod("a").read().Pods()[0], "it kept its owner"},
		"never had":      {OutlivedItsJob(), tell(t).pod("a", letGo).read().Pods()[0], "from the start"},
	})
}

func TestDeletedBy(t *testing.T) {
	writes := []history.Write{
		{Verb: "delete", Resource: "pods", Name: "a", User: "somebody", Code: 403},
		{Verb: "delete", Resource: "pods", Name: "a", User: "collector", Code: 200},
		{Verb: "delete", Resource: "pods", Name: "a", User: "kubelet", Code: 200},
		{Verb: "delete", Resource: "jobs", Name: "b", User: "collector", Code: 200},
		{Verb: "delete", Resource: "pods", Name: "c", User: "somebody", Code: 200},
	}
	ask(t, map[string]answer{
		"a":      {DeletedBy("collector", "a"), writes, ""},
		"b":      {DeletedBy("collector", "a", "b"), writes, "nobody deleted b"},
		"c":      {DeletedBy("collector", "a", "c"), writes, "c was deleted by somebody"},
		"no log": {DeletedBy("collector", "a"), []history.Write(nil), "nobody deleted a"},
	})
}

func TestStandalonePods(t *testing.T) {
	labelled := func(pod *corev1.Pod) { pod.Labels["app"] = "web" }
	replaced := func(seconds int) *history.History {
		return tell(t).pod("a", labelled).deletes(0, "a").pause(seconds-1).pod("b", labelled).pod("c").read()
	}
	ask(t, map[string]answer{
		"born alone":  {BornAlone("demo-a"), tell(t).pod("a", letGo).pod("b").read(), ""},
		"born again":  {BornAlone("demo-a"), tell(t).pod("a", letGo).loses("a").pod("b", letGo).read(), "they were demo-a, demo-b"},
		"owned":       {BornAlone("demo-a"), tell(t).pod("a").read(), "they were none"},
		"went":        {AnyPodNamed("demo-a", Went()), tell(t).pod("a").deletes(0, "a").loses("a").read(), ""},
		"goes":        {AnyPodNamed("demo-a", Went()), tell(t).pod("a").deletes(0, "a").read(), "is gone: false"},
		"nobody":      {AnyPodNamed("demo-b", Went()), tell(t).pod("a").read(), "there was none of that name"},
		"disrupted":   {AnyPodNamed("demo-a", DisruptedBy("Lost")), tell(t).pod("a", disrupted("Lost")).read(), ""},
		"other cause": {AnyPodNamed("demo-a", DisruptedBy("Lost")), tell(t).pod("a", disrupted("Moved")).read(), `it was by "Moved"`},

		"replaced":      {ReplacedWithin("demo-a", "app", 5*time.Second), replaced(5), ""},
		"replaced late": {ReplacedWithin("demo-a", "app", 5*time.Second), replaced(6), "demo-b came after 6s"},
		"not replaced":  {ReplacedWithin("demo-b", "app", 5*time.Second), tell(t).pod("b").deletes(0, "b").pod("c", labelled).read(), "it was not"},
		"not deleted":   {ReplacedWithin("demo-a", "app", 5*time.Second), tell(t).pod("a").pod("b").read(), "it was not deleted"},
	})
}

func TestSelectedItsOwnPods(t *testing.T) {
	selects := func(label string, pods ...func(*corev1.Pod)) *history.Job {
		return tell(t, func(job *batchv1.Job) {
			job.Spec.Selector = &metav1.LabelSelector{MatchLabels: map[string]string{label: "job-uid"}}
		}).pod("a", pods...).read().Job("demo")
	}
	// The story's first version is written by tell itself, with the change in it.
	ask(t, map[string]answer{
		"its uid":      {SelectedItsOwnPods(), selects(batchv1.ControllerUidLabel), ""},
		"another":      {SelectedItsOwnPods(), selects("app"), "its selector was"},
		"without pods": {SelectedItsOwnPods(), selects(batchv1.ControllerUidLabel, func(pod *corev1.Pod) { pod.Labels = nil }), `demo-a carried ""`},
	})
}
