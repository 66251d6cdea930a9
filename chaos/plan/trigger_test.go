package plan

import (
	"slices"
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/chaos/pods"
)

func watching(t Trigger) *watch {
	return &watch{Trigger: t, uid: "uid-" + t.Job, completions: 4, node: "worker3"}
}

func TestTriggers(t *testing.T) {
	uncountedPods := func(s *batchv1.JobStatus) {
		s.Succeeded, s.UncountedTerminatedPods = 1, &batchv1.UncountedTerminatedPods{Succeeded: []types.UID{"a", "b"}}
	}
	type objects = []metav1.Object
	for name, test := range map[string]struct {
		trigger  Trigger
		yes, not objects
	}{
		"a phase": {
			Trigger{Job: "j", Pod: pods.Running},
			objects{aPod("j", "p1", 0)}, objects{aPod("j", "p1", 0, pending), aPod("other", "p2", 0), aPod("j", "p3", 0, terminating)},
		},
		"a phase of an index": {
			Trigger{Job: "j", Index: new(3), Pod: pods.Pending},
			objects{aPod("j", "p1", 3, pending)}, objects{aPod("j", "p1", 1, pending), aPod("j", "p2", 3)},
		},
		"tracked": {
			Trigger{Job: "j", Pod: pods.SucceededTracked},
			objects{aPod("j", "p1", 0, succeeded)},
			objects{aPod("j", "p1", 0, succeeded, func(p *corev1.Pod) { p.Finalizers = nil })},
		},
		"two at once": {
			Trigger{Job: "j", Pod: pods.Running, Nth: 2},
			objects{aPod("j", "p1", 0), aPod("j", "p2", 1)}, objects{aPod("j", "p1", 0)},
		},
		"uncounted": {Trigger{Job: "j", Status: uncounted}, objects{aJob("j", uncountedPods)}, objects{aJob("j", nil)}},
		"failed": {
			Trigger{Job: "j", Status: "failed", AtLeast: 2},
			objects{aJob("j", func(s *batchv1.JobStatus) { s.Failed = 2 })}, objects{aJob("j", func(s *batchv1.JobStatus) { s.Failed = 1 })},
		},
		"ready": {
			Trigger{Job: "j", Status: "ready"},
			objects{aJob("j", func(s *batchv1.JobStatus) { s.Ready = new(int32(1)) })}, objects{aJob("j", nil)},
		},
		"a condition": {
			Trigger{Job: "j", Condition: "FailureTarget"},
			objects{aJob("j", condition(batchv1.JobFailureTarget))}, objects{aJob("j", condition(batchv1.JobSuccessCriteriaMet))},
		},
		"done, the uncounted too": {
			Trigger{Job: "j", Done: 75}, objects{aJob("j", uncountedPods)}, objects{aJob("j", func(s *batchv1.JobStatus) { s.Succeeded = 2 })},
		},
		"running":   {Trigger{Job: "j", Is: IsRunning}, objects{aJob("j", nil)}, objects{aJob("j", condition(batchv1.JobComplete))}},
		"suspended": {Trigger{Job: "j", Is: IsSuspended}, objects{aJob("j", condition(batchv1.JobSuspended))}, objects{aJob("j", nil)}},
		"finished":  {Trigger{Job: "j", Is: IsFinished}, objects{aJob("j", condition(batchv1.JobFailed))}, objects{aJob("j", nil)}},
		"gone":      {Trigger{Job: "j", Is: IsGone}, objects{aJob("other", nil)}, objects{aJob("j", nil)}},
		"back-off": {
			Trigger{Job: "j", Quiet: true},
			objects{aJob("j", func(s *batchv1.JobStatus) { s.Failed = 1 }), aPod("j", "p1", 0, terminating)},
			objects{aJob("j", func(s *batchv1.JobStatus) { s.Failed = 1 }), aPod("j", "p1", 0)},
		},
		"a node": {
			Trigger{Node: Victim, Is: IsNotReady},
			objects{aNode("worker3", corev1.ConditionUnknown)}, objects{aNode("worker3", corev1.ConditionTrue), aNode("worker2", corev1.ConditionFalse)},
		},
		"a node that is not there": {Trigger{Node: Victim, Is: IsNotReady}, objects{}, objects{aNode("worker3", corev1.ConditionTrue)}},
	} {
		if saw, is := watching(test.trigger).look(live(t, test.yes...)); !is || saw.what == "" {
			t.Errorf("%s: it is not seen (%+v)", name, saw)
		}
		if saw, is := watching(test.trigger).look(live(t, test.not...)); is {
			t.Errorf("%s: %s is taken for it", name, saw.what)
		}
		if strings.Contains(test.trigger.String(), "%!") || test.trigger.String() == "" {
			t.Errorf("%s: it is called %q", name, test.trigger)
		}
	}
}

func TestTheNthPodIsAnotherOne(t *testing.T) {
	w := watching(Trigger{Job: "j", Index: new(3), Pod: pods.Running, Nth: 2})
	for range 3 {
		if _, is := w.look(live(t, aPod("j", "p1", 3))); is {
			t.Fatal("one pod was taken for two")
		}
	}
	if _, is := w.look(live(t)); is {
		t.Fatal("no pod was taken for one")
	}
	saw, is := w.look(live(t, aPod("j", "p2", 3)))
	if !is || saw.pod.Name != "p2" || saw.rv != "200" {
		t.Errorf("%+v, %v", saw, is)
	}
}

func TestSelectorsChooseTheOldest(t *testing.T) {
	of := live(t, aPod("j", "p3", 0), aPod("j", "p1", 1), aPod("j", "p2", 2), aPod("j", "p0", 3, pending), aPod("other", "p9", 0)).PodsOf("uid-j")
	for _, test := range []struct {
		at   Selector
		want []string
	}{
		{Selector{Pod: pods.Running}, []string{"p1"}},
		{Selector{Pod: pods.Running, Count: 2}, []string{"p1", "p2"}},
		{Selector{Pod: pods.Running, Count: All}, []string{"p1", "p2", "p3"}},
		{Selector{Pod: pods.Running, Count: 4}, nil},
		{Selector{Pod: pods.Running, Index: new(0)}, []string{"p3"}},
		{Selector{Pod: pods.Pending}, []string{"p0"}},
		{Selector{Pod: pods.Failed, Count: All}, nil},
	} {
		if got := test.at.choose(of); !slices.Equal(got, test.want) {
			t.Errorf("%+v: %v, want %v", test.at, got, test.want)
		}
	}
}
