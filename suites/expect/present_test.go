package expect

import (
	"regexp"
	"testing"

	gomegatypes "github.com/onsi/gomega/types"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

func ready(pod *corev1.Pod) {
	pod.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}}
}

func TestPresent(t *testing.T) {
	for name, question := range map[string]struct {
		matcher gomegatypes.GomegaMatcher
		holds   func(*story)
		broken  map[string]func(*story)
	}{
		"RunningPods": {
			RunningPods(1), func(s *story) {
				s.pod("a").runs("a").pod("b").pod("c").runs("c").deletes(30, "c").pod("d").ends(0, "d")
			},
			map[string]func(*story){
				`it has 0: none; its pods are demo-a Pending`: func(s *story) { s.pod("a") },
				`it has 2: demo-a, demo-b`:                    func(s *story) { s.pod("a").pod("b").runs("a", "b") },
				`it has 0: none; its pods are demo-a Running`: func(s *story) {
					s.pod("a").runs("a").pod("a", func(p *corev1.Pod) { p.Status.ContainerStatuses[0].State = corev1.ContainerState{} })
				},
			},
		},
		"RunningPodsOn": {
			RunningPodsOn("one", 1), func(s *story) { s.pod("a", on("one")).pod("b", on("two")).runs("a", "b") }, map[string]func(*story){
				`it has 0: none`: func(s *story) { s.pod("a", on("two")).runs("a") },
			},
		},
		"ActivePods": {
			ActivePods(1), func(s *story) { s.pod("a").pod("b").ends(0, "b") }, map[string]func(*story){
				`demo-a Pending, terminating`: func(s *story) { s.pod("a").deletes(30, "a") },
			},
		},
		"TerminatingPods": {
			TerminatingPods(1), func(s *story) { s.pod("a").deletes(30, "a") }, map[string]func(*story){
				`it has 0`: func(s *story) { s.pod("a").deletes(30, "a").ends(1, "a") },
			},
		},
		"ReadyPods": {
			ReadyPods(1), func(s *story) { s.pod("a", ready).pod("b", ready).deletes(30, "b") }, map[string]func(*story){
				`it has 0`: func(s *story) { s.pod("a").runs("a") },
			},
		},
		"SucceededPods": {
			SucceededPods(1), func(s *story) { s.pod("a").pod("b").ends(0, "a").ends(1, "b") }, map[string]func(*story){
				`it has 0`: func(s *story) { s.pod("a").ends(0, "a").loses("a") },
			},
		},
		"FailedPods": {
			FailedPods(1), func(s *story) { s.pod("a").pod("b").ends(0, "a").ends(1, "b") }, map[string]func(*story){
				`it has 0`: func(s *story) { s.pod("a") },
			},
		},
		"NoPods": {
			NoPods(), func(s *story) { s.pod("a").loses("a") }, map[string]func(*story){
				`it has 1: demo-a`: func(s *story) { s.pod("a").ends(0, "a") },
				`it has 1: demo-b`: func(s *story) { s.pod("b").pod("b", func(p *corev1.Pod) { p.OwnerReferences = nil }) },
			},
		},
		"Restarts": {
			Restarts(2), func(s *story) { s.pod("a").pod("b").runs("a", "b").restarts("a", 1, 0).restarts("b", 1, 0) },
			map[string]func(*story){
				`it has 1 times`: func(s *story) { s.pod("a").runs("a").restarts("a", 1, 0) },
			},
		},
		"CountsSucceeded": {
			CountsSucceeded(1), func(s *story) { s.counts(1, 0) }, map[string]func(*story){
				`it counts 0`:          func(*story) {},
				`there is no such Job`: func(s *story) { s.job = nil },
			},
		},
		"CountsFailed": {
			CountsFailed(1), func(s *story) { s.counts(0, 1) }, map[string]func(*story){
				`it counts 2`: func(s *story) { s.counts(0, 2) },
			},
		},
		"StartTime": {
			StartTime(), func(s *story) { s.change(starts(s)) }, map[string]func(*story){
				`it has none`:          func(*story) {},
				`there is no such Job`: func(s *story) { s.job = nil },
			},
		},
		"NoStartTime": {
			NoStartTime(), func(*story) {}, map[string]func(*story){
				`it is 03:04:07`:       func(s *story) { s.change(starts(s)) },
				`there is no such Job`: func(s *story) { s.job = nil },
			},
		},
		"Condition": {
			Condition(complete), func(s *story) { s.finishes(complete) }, map[string]func(*story){
				`it has none; its pods are demo-a Pending`: func(s *story) { s.pod("a") },
				`it has Failed=True because of Because`:    func(s *story) { s.finishes(failed) },
				`there is no such Job`:                     func(s *story) { s.job = nil },
			},
		},
		"ConditionBecause": {
			ConditionBecause(suspend, "JobSuspended"), func(s *story) { s.change(becomesSuspended(s)) }, map[string]func(*story){
				`it has Suspended=False because of JobResumed`: func(s *story) { s.change(becomesResumed(s)) },
				`it has Suspended=True because of Other`:       func(s *story) { s.becomes(suspend, "True", "Other", "") },
			},
		},
		"NoConditionBecause": {
			NoConditionBecause(suspend, "JobResumed"), func(s *story) { s.change(becomesResumed(s)) }, map[string]func(*story){
				`it has none`: func(*story) {},
				`it has Suspended=True because of JobSuspended`: func(s *story) { s.change(becomesSuspended(s)) },
			},
		},
		"Event": {
			Event("Normal", "Resumed", "Job resumed"), func(s *story) { s.announces("Normal", "Resumed", "Job resumed") },
			map[string]func(*story){
				`it has 0 times, beside Warning Resumed, "Job resumed"`: func(s *story) { s.announces("Warning", "Resumed", "Job resumed") },
				`it has 2 times`: func(s *story) {
					s.announces("Normal", "Resumed", "Job resumed").announces("Normal", "Resumed", "Job resumed")
				},
			},
		},
		"Events": {
			Events(2, "Normal", "Suspended", "Job suspended"), func(s *story) {
				s.announces("Normal", "Suspended", "Job suspended").announces("Normal", "Suspended", "Job suspended")
			}, map[string]func(*story){
				`it has 1 time, beside none`: func(s *story) { s.announces("Normal", "Suspended", "Job suspended") },
			},
		},
		"NoJob": {
			NoJob(), func(s *story) { s.job = nil }, map[string]func(*story){
				`it is there`: func(*story) {},
			},
		},
		"ReadyNode": {
			ReadyNode("one"), func(s *story) { s.hears("one", "Unknown").hears("one", "True") }, map[string]func(*story){
				`no such node`:     func(s *story) { s.hears("two", "True") },
				`Ready is Unknown`: func(s *story) { s.hears("one", "Unknown") },
				`has the taint node.kubernetes.io/unreachable:NoExecute`: func(s *story) {
					s.record("Node", history.Modified, aNode("one", "True", corev1.Taint{Key: corev1.TaintNodeUnreachable, Effect: "NoExecute"}))
				},
			},
		},
		"UnheardNode": {
			UnheardNode("one"), func(s *story) { s.hears("one", "Unknown") }, map[string]func(*story){
				`Ready is False`: func(s *story) { s.hears("one", "False") },
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			told := tell(t)
			question.holds(told)
			if ok, err := question.matcher.Match(told.state()); err != nil || !ok {
				t.Errorf("does not hold (%v): %s", err, question.matcher.FailureMessage(told.state()))
			}
			for want, broken := range question.broken {
				told := tell(t)
				broken(told)
				ok, err := question.matcher.Match(told.state())
				if err != nil || ok {
					t.Errorf("%s: matched %v, error %v", want, ok, err)
					continue
				}
				if got := question.matcher.FailureMessage(told.state()); !regexp.MustCompile(want).MatchString(got) {
					t.Errorf("failure is\n%s\nwant a match of\n%s", got, want)
				}
			}
		})
	}
}

func TestOfIndexFindsActivePods(t *testing.T) {
	told := tell(t).pod("lost", ofIndex(1)).deletes(30, "lost").pod("zero", ofIndex(0)).pod("one", ofIndex(1), func(p *corev1.Pod) { p.Name = "demo-1-again" })
	if got := Names(OfIndex(told.state(), 1)); len(got) != 1 || got[0] != "demo-1-again" {
		t.Errorf("found %q", got)
	}
}

func TestStatementsLeaveTheStateAsItIs(t *testing.T) {
	state := tell(t).pod("a").pod("b").runs("a").state()
	if _, err := RunningPods(1).Match(state); err != nil {
		t.Fatal(err)
	}
	if len(state.Pods) != 2 || state.Pods[0] == nil || state.Pods[1] == nil {
		t.Errorf("pods are now %v", state.Pods)
	}
}
