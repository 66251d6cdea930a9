package pods

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestOnlyWhatWasRemovedIsRemoved(t *testing.T) {
	graced := func(seconds int64) *corev1.Pod {
		return pod(corev1.PodRunning, marked, func(pod *corev1.Pod) { pod.DeletionGracePeriodSeconds = &seconds })
	}
	deletion, force := &removal{}, &removal{grace: new(int64)}
	for name, test := range map[string]struct {
		removal *removal
		is      *corev1.Pod
		want    bool
	}{
		"still there":               {deletion, pod(corev1.PodRunning), false},
		"marked":                    {deletion, graced(30), true},
		"gone":                      {deletion, nil, true},
		"forced and still there":    {force, pod(corev1.PodRunning), false},
		"forced, marked with grace": {force, graced(30), false},
		"forced and marked":         {force, graced(0), true},
		"forced and gone":           {force, nil, true},
	} {
		text, got := test.removal.removed(*pod(corev1.PodRunning), test.is)
		if got != test.want || got != strings.Contains(text, "uid uid") {
			t.Errorf("%s: %v, %q", name, got, text)
		}
	}
}

func TestOnlyTheRunThatWasHitCounts(t *testing.T) {
	ended := func(id string, code int32) *corev1.ContainerStateTerminated {
		return &corev1.ContainerStateTerminated{ContainerID: id, ExitCode: code}
	}
	hit := &kill{container: "task", id: runtime + "1"}
	for name, test := range map[string]struct {
		now, before *corev1.ContainerStateTerminated
		want        bool
	}{
		"it runs":                   {nil, nil, false},
		"killed":                    {ended(runtime+"1", killed), nil, true},
		"killed and started again":  {nil, ended(runtime+"1", killed), true},
		"another run was killed":    {nil, ended(runtime+"0", killed), false},
		"it ended by itself":        {ended(runtime+"1", 0), nil, false},
		"the runtime has forgotten": {ended("", killed), nil, false},
	} {
		demo := pod(corev1.PodRunning, runs)
		status := &demo.Status.ContainerStatuses[0]
		status.State.Terminated, status.LastTerminationState.Terminated = test.now, test.before
		if got := hit.ended(demo); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if hit.ended(pod(corev1.PodPending)) {
		t.Error("a container without a status has ended")
	}
}

func TestTaintDrivesOffWhatDoesNotTolerateIt(t *testing.T) {
	tolerating := func(toleration corev1.Toleration) *corev1.Pod {
		return pod(corev1.PodRunning, func(pod *corev1.Pod) { pod.Spec.Tolerations = []corev1.Toleration{toleration} })
	}
	for name, test := range map[string]struct {
		toleration corev1.Toleration
		want       bool
	}{
		"of everything":            {corev1.Toleration{Operator: corev1.TolerationOpExists}, true},
		"of all that is NoExecute": {corev1.Toleration{Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute}, true},
		"of the key":               {corev1.Toleration{Key: evictTaint, Operator: corev1.TolerationOpExists}, true},
		"of the taint":             {corev1.Toleration{Key: evictTaint, Effect: corev1.TaintEffectNoExecute}, true},
		"of another value":         {corev1.Toleration{Key: evictTaint, Value: "yes"}, false},
		"of another key":           {corev1.Toleration{Key: "jobproof.dev/victim", Operator: corev1.TolerationOpExists}, false},
		"of another effect": {corev1.Toleration{
			Key: evictTaint, Effect: corev1.TaintEffectNoSchedule, Operator: corev1.TolerationOpExists,
		}, false},
	} {
		if got := tolerates(*tolerating(test.toleration)); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}

	system := pod(corev1.PodRunning, func(pod *corev1.Pod) { pod.Name, pod.Namespace = "coredns", metav1.NamespaceSystem })
	guarded := system.DeepCopy()
	guarded.Spec.Tolerations = []corev1.Toleration{{Operator: corev1.TolerationOpExists}}
	for name, test := range map[string]struct {
		pods []corev1.Pod
		want string // of the error, or of the names
	}{
		"ours":              {[]corev1.Pod{*pod(corev1.PodRunning), *guarded}, "demo"},
		"none of ours":      {[]corev1.Pod{*guarded}, "no pod of ns"},
		"only finished":     {[]corev1.Pod{*pod(corev1.PodSucceeded)}, "no pod of ns"},
		"the cluster's own": {[]corev1.Pod{*pod(corev1.PodRunning), *system}, "coredns"},
	} {
		got, err := driven(test.pods, "ns")
		text := ""
		if err != nil {
			text = err.Error()
		}
		for _, pod := range got {
			text += pod.Name
		}
		if !strings.Contains(text, test.want) {
			t.Errorf("%s: %q", name, text)
		}
	}
}

func TestRivalFitsOnlyWithoutTheOther(t *testing.T) {
	urgent := func(pod *corev1.Pod) { pod.Spec.Priority = new(int32(7)) }
	p := &preemption{name: "demo", pod: *pod(corev1.PodRunning, scheduled, urgent)}
	class, rival := p.rival()
	if class.Value != 8 || rival.Spec.PriorityClassName != class.Name {
		t.Errorf("priority is %d by %s", class.Value, rival.Spec.PriorityClassName)
	}
	here := rival.Spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms[0].MatchFields[0]
	if here.Values[0] != "worker" {
		t.Errorf("it may run on %v", here)
	}
	beside := rival.Spec.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution[0]
	if got := beside.LabelSelector.MatchLabels[preemptedLabel]; got != "uid" {
		t.Errorf("it keeps off %q", got)
	}
}
