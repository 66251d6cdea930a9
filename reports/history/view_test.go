package history

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

func TestConditionsInTheOrderOfTheirWriting(t *testing.T) {
	w := &writer{t: t}
	job := newJob("demo")
	set := func(status corev1.ConditionStatus, of batchv1.JobConditionType, reason string, at int) {
		i := slices.IndexFunc(job.Status.Conditions, func(c batchv1.JobCondition) bool { return c.Type == of })
		if i < 0 {
			job.Status.Conditions = append(job.Status.Conditions, batchv1.JobCondition{})
			i = len(job.Status.Conditions) - 1
		}
		job.Status.Conditions[i] = batchv1.JobCondition{Type: of, Status: status, Reason: reason, LastTransitionTime: second(at)}
		w.write(Modified, "Job", job)
	}
	w.write(Added, "Job", job)
	set(corev1.ConditionTrue, batchv1.JobSuspended, "JobSuspended", 1)
	set(corev1.ConditionFalse, batchv1.JobSuspended, "JobResumed", 2)
	set(corev1.ConditionTrue, batchv1.JobFailureTarget, "BackoffLimitExceeded", 3)
	w.write(Modified, "Job", job) // a version that changes no condition
	set(corev1.ConditionTrue, batchv1.JobFailed, "BackoffLimitExceeded", 4)

	view := w.history().Job("demo")
	var got []string
	for _, c := range view.Conditions() {
		got = append(got, fmt.Sprintf("%d %s=%s %s %d", c.Step.RV, c.Type, c.Status, c.Reason, c.LastTransition.Second()))
	}
	want := []string{"2 Suspended=True JobSuspended 1", "3 Suspended=False JobResumed 2",
		"4 FailureTarget=True BackoffLimitExceeded 3", "6 Failed=True BackoffLimitExceeded 4"}
	if !slices.Equal(got, want) {
		t.Errorf("conditions are %v, want %v", got, want)
	}
	target, _ := view.Condition(batchv1.JobFailureTarget)
	failed, ok := view.Condition(batchv1.JobFailed)
	if !ok || !target.Step.Before(failed.Step) || failed.Step.Before(target.Step) {
		t.Error("Failed does not come after FailureTarget")
	}
	complete, ok := view.Condition(batchv1.JobComplete)
	if ok || !failed.Step.Before(complete.Step) || complete.Step.Before(failed.Step) {
		t.Error("what never happened comes before what did")
	}
}

func TestChangesMergeEqualNeighbours(t *testing.T) {
	w := &writer{t: t}
	job := newJob("demo")
	ready := int32(1)
	for _, failed := range []int32{0, 0, 1, 1, 3, 1} {
		job.Status.Failed = failed
		job.Status.Ready = &ready
		w.write(Modified, "Job", job)
	}
	view := w.history().Job("demo")
	readings := Changes(view, Failed)
	if got := Values(readings); !slices.Equal(got, []int32{0, 1, 3, 1}) || readings[2].Step.RV != 5 {
		t.Errorf("failed was %v", readings)
	}
	if got := Values(Changes(view, Ready)); !slices.Equal(got, []int32{1}) {
		t.Errorf("ready was %v", got)
	}
	if got := Values(Changes(view, StartTime)); !slices.Equal(got, []int64{0}) {
		t.Errorf("startTime was %v", got)
	}
	if got := Changes(w.history().Job("none"), Failed); len(got) != 0 {
		t.Errorf("a Job that never was has %v", got)
	}
}

func TestEventsMergeAndKeepTheirOrder(t *testing.T) {
	w := &writer{t: t}
	job := newJob("demo")
	note := func(uid, reason string, count int32) {
		typ := Added
		if count > 1 {
			typ = Modified
		}
		w.write(typ, "Event", &corev1.Event{
			ObjectMeta:     metav1.ObjectMeta{Name: "demo." + uid, UID: types.UID(uid)},
			InvolvedObject: corev1.ObjectReference{Kind: "Job", UID: job.UID},
			Type:           "Normal", Reason: reason, Count: count, FirstTimestamp: second(1), LastTimestamp: second(int(count)),
			Source: corev1.EventSource{Component: "job-controller"},
		})
	}
	w.write(Added, "Job", job)
	note("e1", "SuccessfulCreate", 1)
	note("e2", "Suspended", 1)
	note("e1", "SuccessfulCreate", 4)
	w.write(Deleted, "Event", &corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: "demo.e2", UID: "e2"},
		InvolvedObject: corev1.ObjectReference{UID: job.UID}})
	w.write(Added, "Event", &corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: "demo.e3", UID: "e3"},
		InvolvedObject: corev1.ObjectReference{UID: job.UID}, Reason: "New", EventTime: metav1.NewMicroTime(second(9).Time),
		ReportingController: "new", Series: &corev1.EventSeries{Count: 5, LastObservedTime: metav1.NewMicroTime(second(10).Time)}})
	var got []string
	for _, n := range w.history().Job("demo").Events() {
		got = append(got, fmt.Sprintf("%d %s x%d %s %d-%d", n.Step.RV, n.Reason, n.Count, n.From, n.First.Second(), n.Last.Second()))
	}
	want := []string{"2 SuccessfulCreate x4 job-controller 1-4", "3 Suspended x1 job-controller 1-1", "6 New x5 new 9-10"}
	if !slices.Equal(got, want) {
		t.Errorf("events are %v, want %v", got, want)
	}
}

func TestReadinessOfANode(t *testing.T) {
	w := &writer{t: t}
	node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "worker", UID: "n"}}
	for i, status := range []corev1.ConditionStatus{"True", "True", "Unknown", "True"} {
		node.Status.Conditions = []corev1.NodeCondition{{Type: corev1.NodeReady, Status: status, Reason: "r", LastTransitionTime: second(i)}}
		w.write(Modified, "Node", node)
	}
	var got []string
	for _, change := range w.history().Readiness("worker") {
		got = append(got, fmt.Sprintf("%d %s %d", change.Step.RV, change.Status, change.Step.At.Second()))
	}
	if want := []string{"1 True 0", "3 Unknown 2", "4 True 3"}; !slices.Equal(got, want) {
		t.Errorf("readiness is %v, want %v", got, want)
	}
	if got := w.history().NodeNames(); !slices.Equal(got, []string{"worker"}) {
		t.Errorf("nodes are %v", got)
	}
}

// Two Jobs of one name are two Jobs, and a version that is listed again after a gap counts once.
func TestJobsAreToldApartByUID(t *testing.T) {
	w := &writer{t: t}
	first, again := newJob("demo"), newJob("demo")
	again.UID = "job-again"
	w.write(Added, "Job", first)
	w.write(Deleted, "Job", first)
	w.write(Added, "Job", again)
	twice := w.versions[2]
	twice.Type = Listed
	w.versions = append(w.versions, twice)
	h := w.history()
	if jobs := h.Jobs(); len(jobs) != 2 || jobs[0].UID != "job-demo" || jobs[1].UID != "job-again" || len(jobs[1].Versions()) != 1 {
		t.Errorf("jobs are %+v", jobs)
	}
	if job := h.Job("demo"); job.UID != "job-demo" || job.Gone().RV != 2 || job.Created().RV != 1 {
		t.Errorf("the first is %+v", job)
	}
	if last := h.Jobs()[1]; last.Gone().Happened() {
		t.Error("a Job that is there is gone")
	}
}

func TestStoryTellsOnlyWhatChanged(t *testing.T) {
	w := &writer{t: t}
	job := newJob("demo")
	parallelism := int32(2)
	job.Spec.Parallelism = &parallelism
	w.write(Added, "Job", job)
	pod := newPod("a", job)
	w.write(Added, "Pod", pod)
	job.Status.Active = 1
	w.write(Modified, "Job", job)
	w.write(Modified, "Job", job)
	pod.Status.Phase = corev1.PodRunning
	pod.Spec.NodeName = "worker"
	w.write(Modified, "Pod", pod)
	job.Status.Active = 0
	w.write(Modified, "Job", job)
	w.write(Deleted, "Pod", pod)
	var got []string
	for _, entry := range w.history().Story() {
		got = append(got, entry.String())
	}
	want := []string{
		"   +1.000s  job/demo  added, parallelism 2",
		"   +2.000s  pod/a  added, phase Pending",
		"   +3.000s  job/demo  active 1",
		"   +5.000s  pod/a  phase Pending→Running, node worker",
		"   +6.000s  job/demo  active 1→none",
		"   +7.000s  pod/a  gone",
	}
	if !slices.Equal(got, want) {
		t.Errorf("story is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
