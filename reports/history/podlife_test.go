package history

import (
	"slices"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

func TestActivePodsAtEveryVersion(t *testing.T) {
	w := &writer{t: t}
	job, other := newJob("demo"), newJob("other")
	a, b, c, foreign := newPod("a", job), newPod("b", job), newPod("c", job), newPod("x", other)
	steps := []struct {
		what                string
		do                  func()
		active, terminating int
		none                bool // no count, for it is none of the Job's
	}{
		{what: "job created", do: func() { w.write(Added, "Job", job) }},
		{what: "first pod", do: func() { w.write(Added, "Pod", a) }, active: 1},
		{what: "another job's pod", do: func() { w.write(Added, "Pod", foreign) }, none: true},
		{what: "second pod", do: func() { w.write(Added, "Pod", b) }, active: 2},
		{what: "first is running", do: func() { a.Status.Phase = corev1.PodRunning; w.write(Modified, "Pod", a) }, active: 2},
		{what: "first is marked", do: func() { deletion(a, 10); w.write(Modified, "Pod", a) }, active: 1, terminating: 1},
		{what: "its successor", do: func() { w.write(Added, "Pod", c) }, active: 2, terminating: 1},
		{what: "first has failed", do: func() { a.Status.Phase = corev1.PodFailed; w.write(Modified, "Pod", a) }, active: 2},
		{what: "first is gone", do: func() { w.write(Deleted, "Pod", a) }, active: 2},
		{what: "second has succeeded", do: func() { b.Status.Phase = corev1.PodSucceeded; w.write(Modified, "Pod", b) }, active: 1},
		{what: "job status", do: func() { job.Status.Succeeded = 1; w.write(Modified, "Job", job) }, active: 1},
		{what: "third is released", do: func() { c.OwnerReferences = nil; w.write(Modified, "Pod", c) }},
		{what: "third goes on alone", do: func() { c.Status.Phase = corev1.PodRunning; w.write(Modified, "Pod", c) }, none: true},
	}
	for _, step := range steps {
		step.do()
	}
	counts := w.history().Job("demo").Counts()
	for i, step := range steps {
		if step.none {
			continue
		}
		if len(counts) == 0 {
			t.Fatalf("no count for %q", step.what)
		}
		if got := counts[0]; got.Active != step.active || got.Terminating != step.terminating || got.Step.RV != uint64(i+1) {
			t.Errorf("%s: %d active and %d terminating at %d, want %d and %d at %d", step.what,
				got.Active, got.Terminating, got.Step.RV, step.active, step.terminating, i+1)
		}
		counts = counts[1:]
	}
	if len(counts) > 0 {
		t.Errorf("counts of what is none of the Job's: %+v", counts)
	}
	if most := w.history().Job("demo").MostActive(); most.Active != 2 || most.Step.RV != 4 {
		t.Errorf("most is %+v, want 2 first at 4", most)
	}
}

func TestPodLife(t *testing.T) {
	w := &writer{t: t}
	job := newJob("demo")
	w.write(Added, "Job", job) // 1
	p := newPod("a", job)
	p.Annotations = map[string]string{batchv1.JobCompletionIndexAnnotation: "3"}
	w.write(Added, "Pod", p) // 2
	p.Spec.NodeName = "worker"
	p.Status.Conditions = []corev1.PodCondition{{Type: corev1.PodScheduled, Status: corev1.ConditionTrue, LastTransitionTime: second(2)}}
	w.write(Modified, "Pod", p) // 3
	p.Status.Phase = corev1.PodRunning
	p.Status.InitContainerStatuses = []corev1.ContainerStatus{{Name: "init", State: corev1.ContainerState{
		Terminated: &corev1.ContainerStateTerminated{ContainerID: "i", StartedAt: second(3), FinishedAt: second(4)}}}}
	p.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "main", ContainerID: "m1", State: corev1.ContainerState{
		Running: &corev1.ContainerStateRunning{StartedAt: second(5)}}}}
	w.write(Modified, "Pod", p) // 4
	first := corev1.ContainerStateTerminated{ContainerID: "m1", StartedAt: second(5), FinishedAt: second(6), ExitCode: 7, Reason: "Error"}
	p.Status.ContainerStatuses[0] = corev1.ContainerStatus{Name: "main", ContainerID: "m2", RestartCount: 1,
		LastTerminationState: corev1.ContainerState{Terminated: &first},
		State:                corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: second(7)}}}
	w.write(Modified, "Pod", p) // 5
	deletion(p, 8)
	p.Status.Conditions = append(p.Status.Conditions, corev1.PodCondition{
		Type: corev1.DisruptionTarget, Status: corev1.ConditionTrue, Reason: "DeletionByTaintManager"})
	w.write(Modified, "Pod", p) // 6
	p.Status.Phase = corev1.PodFailed
	second9 := corev1.ContainerStateTerminated{ContainerID: "m2", StartedAt: second(7), FinishedAt: second(9), ExitCode: 137, Reason: "Error"}
	p.Status.ContainerStatuses[0].State = corev1.ContainerState{Terminated: &second9}
	w.write(Modified, "Pod", p) // 7
	w.write(Deleted, "Pod", p)  // 8

	pods := w.history().Job("demo").Pods()
	if len(pods) != 1 {
		t.Fatalf("%d pods", len(pods))
	}
	life := pods[0]
	for name, got := range map[string]struct {
		Step
		rv uint64
		at int // -1 for a zero time
	}{
		"created":   {life.Created, 2, 1},
		"scheduled": {life.Scheduled, 3, 2},
		"running":   {life.Running, 4, 5},
		"marked":    {life.DeletionMarked, 6, 8},
		"finished":  {life.Finished, 7, 9},
		"gone":      {life.Gone, 8, -1},
	} {
		want := time.Time{}
		if got.at >= 0 {
			want = second(got.at).Time
		}
		if got.RV != got.rv || !got.At.Equal(want) || got.Index != int(got.rv)-1 || !got.Seen.Equal(second(100+int(got.rv)).Time) {
			t.Errorf("%s is %+v, want version %d at %v", name, got.Step, got.rv, want)
		}
	}
	if life.Name != "a" || life.UID != "pod-a" || life.Node != "worker" || life.Index != 3 || life.Phase != corev1.PodFailed {
		t.Errorf("life is %s %s %s %d %s", life.Name, life.UID, life.Node, life.Index, life.Phase)
	}
	if reason, disrupted := life.Disrupted(); !disrupted || reason != "DeletionByTaintManager" {
		t.Errorf("disrupted is %v %q", disrupted, reason)
	}
	main, _ := life.Container("main")
	wantRuns := []Run{
		{ID: "m1", Started: second(5).Time, Finished: second(6).Time, Ended: true, ExitCode: 7, Reason: "Error"},
		{ID: "m2", Started: second(7).Time, Finished: second(9).Time, Ended: true, ExitCode: 137, Reason: "Error"},
	}
	if !slices.EqualFunc(main.Runs, wantRuns, sameRun) || main.Restarts != 1 || life.Restarts() != 1 {
		t.Errorf("runs are %+v, restarts %d, want %+v", main.Runs, main.Restarts, wantRuns)
	}
	if !slices.Equal(main.ExitCodes(), []int32{7, 137}) {
		t.Errorf("exit codes are %v", main.ExitCodes())
	}
	if init, there := life.Container("init"); !there || !init.Init || !slices.Equal(init.ExitCodes(), []int32{0}) {
		t.Errorf("init container is %+v", init)
	}
	if _, there := life.Container("none"); there {
		t.Error("a container that does not exist is there")
	}
}

// A run that is first heard of when the next one has begun still comes first.
func TestRunsAreInTheirOrder(t *testing.T) {
	w := &writer{t: t}
	p := newPod("a", nil)
	p.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "main", ContainerID: "m2", RestartCount: 1,
		LastTerminationState: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ContainerID: "m1", ExitCode: 1}},
		State:                corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: second(7)}}}}
	w.write(Added, "Pod", p)
	main, _ := w.history().Pods()[0].Container("main")
	if len(main.Runs) != 2 || main.Runs[0].ID != "m1" || main.Runs[1].ID != "m2" || main.Runs[1].Ended {
		t.Errorf("runs are %+v", main.Runs)
	}
}

func sameRun(a, b Run) bool {
	sameTimes := a.Started.Equal(b.Started) && a.Finished.Equal(b.Finished)
	a.Started, a.Finished, b.Started, b.Finished = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	return sameTimes && a == b
}

// A pod that is removed at once, or never gets a node, has a life with less in it.
func TestPodLifeWithoutMost(t *testing.T) {
	w := &writer{t: t}
	w.write(Added, "Pod", newPod("a", nil))
	w.write(Deleted, "Pod", newPod("a", nil))
	life := w.history().Pods()[0]
	if life.Index != -1 || life.Scheduled.Happened() || life.Running.Happened() || life.Finished.Happened() ||
		life.DeletionMarked.Happened() || !life.Gone.Happened() {
		t.Errorf("life is %+v", life)
	}
	if len(w.history().Job("demo").Pods()) != 0 {
		t.Error("a pod without owner belongs to a Job that never was")
	}
}
