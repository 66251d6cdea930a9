package judge

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/reports/history"
)

// statusFamilies are those that speak of a Job alone.
var statusFamilies = slices.Concat(conditions, counters, times, indexLists, outcomes, untouched, writes)

// diary is the history of a Job alone. A second passes between two versions.
type diary struct {
	t        *testing.T
	job      *batchv1.Job
	lines    []history.Line
	end      history.End
	versions int
}

func (d *diary) now() metav1.Time {
	return metav1.NewTime(time.Date(2026, 1, 1, 0, 0, d.versions, 0, time.UTC))
}

// born begins with a Job of one pod that was just created.
func (d *diary) born(change func(*batchv1.JobSpec)) {
	d.job = &batchv1.Job{
		ObjectMeta: metav1.ObjectMeta{Name: "demo", Namespace: "jp-test", UID: "job", Generation: 1, CreationTimestamp: d.now()},
		Spec: batchv1.JobSpec{
			Parallelism: new(int32(1)), Completions: new(int32(1)), BackoffLimit: new(int32(6)), Suspend: new(false),
			Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
				RestartPolicy: corev1.RestartPolicyNever, Containers: []corev1.Container{{Name: "task", Image: "busybox"}},
			}},
		},
	}
	if change != nil {
		change(&d.job.Spec)
	}
	d.add(history.Added)
}

// before begins with a Job that was there before the recording.
func (d *diary) before(change func(*batchv1.Job)) {
	d.born(nil)
	d.lines[0].Version.Type = history.Listed
	change(d.job)
	d.lines[0].Version.Object = d.raw()
}

// user changes the spec.
func (d *diary) user(change func(*batchv1.JobSpec)) {
	change(&d.job.Spec)
	d.job.Generation++
	d.add(history.Modified)
}

// controller writes the status.
func (d *diary) controller(change func(*batchv1.JobStatus)) { d.by(controllerManager, change) }

func statusFields() *metav1.FieldsV1 {
	fields := new(metav1.FieldsV1)
	fields.SetRawString(`{"f:status":{}}`)
	return fields
}

// by has somebody write the status.
func (d *diary) by(manager string, change func(*batchv1.JobStatus)) {
	change(&d.job.Status)
	fields := slices.DeleteFunc(slices.Clone(d.job.ManagedFields), func(e metav1.ManagedFieldsEntry) bool {
		return e.Manager == manager
	})
	d.job.ManagedFields = append(fields, metav1.ManagedFieldsEntry{
		Manager: manager, Operation: metav1.ManagedFieldsOperationUpdate, Time: new(d.now()), Subresource: "status",
		FieldsType: "FieldsV1", FieldsV1: statusFields(),
	})
	d.add(history.Modified)
}

// starts is the controller's first write, with some pods active.
func (d *diary) starts(active int32) {
	d.controller(func(s *batchv1.JobStatus) {
		s.StartTime, s.Active, s.UncountedTerminatedPods = new(d.now()), active, &batchv1.UncountedTerminatedPods{}
		if d.job.Spec.BackoffLimitPerIndex != nil {
			s.FailedIndexes = new("")
		}
	})
}

// sees puts pods in uncountedTerminatedPods, counts moves all of them to the counters.
func sees(s *batchv1.JobStatus, succeeded, failed []types.UID) {
	s.UncountedTerminatedPods.Succeeded = append(s.UncountedTerminatedPods.Succeeded, succeeded...)
	s.UncountedTerminatedPods.Failed = append(s.UncountedTerminatedPods.Failed, failed...)
}

func counts(s *batchv1.JobStatus) {
	s.Succeeded += int32(len(s.UncountedTerminatedPods.Succeeded))
	s.Failed += int32(len(s.UncountedTerminatedPods.Failed))
	s.UncountedTerminatedPods = &batchv1.UncountedTerminatedPods{}
}

// turn makes a condition True.
func (d *diary) turn(s *batchv1.JobStatus, t batchv1.JobConditionType, reason string) {
	s.Conditions = append(s.Conditions, batchv1.JobCondition{
		Type: t, Status: corev1.ConditionTrue, Reason: reason, Message: "because", LastProbeTime: d.now(), LastTransitionTime: d.now(),
	})
}

// suspended makes the condition Suspended so.
func (d *diary) suspended(s *batchv1.JobStatus, is corev1.ConditionStatus) {
	s.Conditions = slices.DeleteFunc(s.Conditions, func(c batchv1.JobCondition) bool {
		return c.Type == batchv1.JobSuspended
	})
	d.turn(s, batchv1.JobSuspended, "")
	s.Conditions[len(s.Conditions)-1].Status = is
}

// decides is the controller's write of FailureTarget or SuccessCriteriaMet.
func (d *diary) decides(t batchv1.JobConditionType, reason string) {
	d.controller(func(s *batchv1.JobStatus) {
		s.Active, s.Ready = 0, nil
		d.turn(s, t, reason)
	})
}

// fails and completes are the controller's last write.
func (d *diary) fails() {
	d.controller(func(s *batchv1.JobStatus) {
		counts(s)
		d.turn(s, batchv1.JobFailed, s.Conditions[len(s.Conditions)-1].Reason)
	})
}

func (d *diary) completes() {
	d.controller(func(s *batchv1.JobStatus) {
		counts(s)
		s.CompletionTime = new(d.now())
		d.turn(s, batchv1.JobComplete, s.Conditions[len(s.Conditions)-1].Reason)
	})
}

func (d *diary) raw() []byte {
	d.job.ResourceVersion = fmt.Sprint(d.versions)
	raw, err := json.Marshal(d.job)
	if err != nil {
		d.t.Fatal(err)
	}
	return raw
}

func (d *diary) add(typ string) {
	d.t.Helper()
	d.versions++
	d.lines = append(d.lines, history.Line{Number: len(d.lines) + 2, Version: &history.Version{
		Seen: d.now().Time, Type: typ, Kind: history.Jobs.Name, Namespace: d.job.Namespace, Name: d.job.Name, UID: string(d.job.UID),
		RV: uint64(d.versions), Object: d.raw(),
	}})
}

// gap says that some versions of Jobs are missing.
func (d *diary) gap() {
	d.lines = append(d.lines, history.Line{Number: len(d.lines) + 2, Gap: &history.Gap{Kind: history.Jobs.Name}})
}

// entry is a diary and what its last version breaks, with a question mark if that is not certain; nothing if it is legal.
type entry struct {
	name  string
	tell  func(*diary)
	wants string
}

func (e entry) check(t *testing.T) {
	t.Helper()
	t.Run(e.name, func(t *testing.T) {
		d := &diary{t: t}
		e.tell(d)
		j := asking(history.Header{
			Kubernetes: "v1.37.0", Order: history.ByRV, Controller: &history.Controller{Holder: "one", Transitions: 1},
		}, statusFamilies)
		for _, l := range d.lines {
			if err := j.Line(l); err != nil {
				t.Fatal(err)
			}
		}
		judgement := j.End(d.end)
		var got []string
		for _, f := range judgement.Broken {
			got = append(got, f.Invariant)
		}
		for _, f := range judgement.Unsure {
			got = append(got, f.Invariant+"?")
		}
		if strings.Join(got, " ") != e.wants {
			t.Fatalf("found %q, want %q: %v %v", got, e.wants, judgement.Broken, judgement.Unsure)
		}
		for _, f := range slices.Concat(judgement.Broken, judgement.Unsure) {
			if f.RV != uint64(d.versions) || f.Object != "Job/demo" {
				t.Errorf("%s names %s at version %d, want Job/demo at %d: %v", f.Invariant, f.Object, f.RV, d.versions, f)
			}
		}
	})
}
