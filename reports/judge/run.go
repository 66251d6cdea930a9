package judge

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/reports/verdict"
)

// run is about a run as a whole: it is asked of a history over all namespaces of the run, until they are gone.
var run = []Invariant{
	{
		ID:     "R01",
		Says:   "No Job has a pod, and nothing is told of a Job or a pod, in another namespace than its own.",
		Source: "pkg/controller/job/job_controller.go:384-400, resolveControllerRef; pkg/apis/core/validation/events.go:143-155",
		Pod:    inNamespaceOfJob,
		Event:  inNamespaceOfSubject,
	},
	{
		ID: "R02",
		Says: "No pod that has ended, whose Job is finished, is being deleted or is gone, or that belongs to nobody keeps the tracking finalizer " +
			"to the end of the run.",
		Source:        "pkg/controller/job/job_controller.go:776-852, syncOrphanPod; 1304-1471, trackJobStatusAndRemoveFinalizers",
		Exceptions:    []string{"what happened in the last minutes of the run, within the bound", "those of L02 and L04"},
		OneController: true,
		Job:           noteJob, Pod: notePod,
		PodWaits: isFreeOfFinalizer,
		Within:   accountingBound,
	},
	{
		ID:     balance, // asked by Balance, for it is about what is counted outside of the history
		Says:   balanced,
		Source: "pkg/controller/job/metrics/metrics.go:69, 129; pkg/controller/job/tracking_utils.go:131-141",
		Exceptions: []string{
			"a controller manager that was started anew counts from its start",
		},
		OneController: true,
	},
}

// balance is the invariant of what the controller manager counts.
const (
	balance  = "R03"
	balanced = "What the controller manager counts agrees with what was seen: each pod that ended loses its finalizer, and each Job that finishes is counted once."
)

// overAll says whether a history is that of a run as a whole.
func (w *World) overAll() bool { return w.Header.Namespace == "" }

func inNamespaceOfJob(p *Pod) Answer {
	if !p.World.overAll() || p.Job == nil || p.Was != nil && p.Was.Owner == p.Now.Owner {
		return Answer{}
	}
	return Never(p.Job.Namespace != p.Namespace, func() string {
		return fmt.Sprintf("its controller is %s in the namespace %s", p.Job.Object(), p.Job.Namespace)
	})
}

func inNamespaceOfSubject(e *Event) Answer {
	if !e.World.overAll() || e.SubjectUID == "" {
		return Answer{}
	}
	var of subject
	if p := e.World.Pod(e.SubjectUID); p != nil {
		of = p
	} else if e.Job != nil {
		of = e.Job
	} else {
		return Answer{}
	}
	namespace, _ := of.identity()
	return Never(namespace != e.Namespace, func() string {
		return fmt.Sprintf("it is about %s in the namespace %s", of.Object(), namespace)
	})
}

func isFreeOfFinalizer(p *Pod) Waiting {
	if !p.World.overAll() {
		return Waiting{}
	}
	noteTracked(p)
	if p.due() == nothingDue {
		return Waiting{}
	}
	w := Waiting{For: "the removal of its tracking finalizer", Blocked: p.refusal()}
	if p.Job != nil && p.Job.upkeep().backlog() {
		w.NotBefore = p.Job.upkeep().worked
	}
	return w
}

// Outcome is how Jobs finish, in the words of the metric jobs_finished_total (pkg/controller/job/metrics/metrics.go:69).
type Outcome struct {
	// Mode is NonIndexed or Indexed, Result succeeded or failed, and Reason that of the condition Complete or Failed.
	Mode, Result, Reason string
}

// OutcomeOf returns how a Job finished in its latest version, and whether it did.
func OutcomeOf(j *Job) (Outcome, bool) {
	t := j.Now.outcome()
	if t == "" || j.Was == nil || j.Was.Finished() || !j.Own() {
		return Outcome{}, false
	}
	o := Outcome{string(batchv1.NonIndexedCompletion), "succeeded", j.Now.Condition(t).Reason}
	if j.Now.Indexed() {
		o.Mode = string(batchv1.IndexedCompletion)
	}
	if t == batchv1.JobFailed {
		o.Result = "failed"
	}
	return o, true
}

// Metrics are what the controller manager counts.
type Metrics struct {
	// Start is when its process began: then it began to count.
	Start time.Time
	// Held and Freed are terminated_pods_tracking_finalizer_total by its label event: how often a pod that had ended was seen
	// to have the tracking finalizer (add), and to have lost it (delete).
	Held, Freed float64
	// Finished is jobs_finished_total.
	Finished map[Outcome]float64
}

// Balance compares what the controller manager counted between two moments with how many Jobs were seen to finish between
// them, in all namespaces. It returns what does not agree, in a fixed order; a finding has a Because if it is not certain.
// It counts a Job only after its last write was answered, so a server that was in trouble explains one that is missing.
func Balance(before, after Metrics, finished map[Outcome]int) []verdict.Finding {
	finding := func(because, format string, args ...any) verdict.Finding {
		return verdict.Finding{
			Invariant: balance, Says: balanced, Object: "kube-controller-manager", What: fmt.Sprintf(format, args...), Because: because, Times: 1,
		}
	}
	if !before.Start.Equal(after.Start) {
		return []verdict.Finding{finding("it counts from its start", "the controller manager was started anew at %s",
			after.Start.UTC().Format(time.RFC3339))}
	}
	var findings []verdict.Finding
	if held, freed := after.Held-before.Held, after.Freed-before.Freed; held != freed {
		findings = append(findings, finding("", "it saw %v pods end with the tracking finalizer, and %v of them lose it", held, freed))
	}
	outcomes := map[Outcome]bool{}
	for _, counted := range []map[Outcome]float64{before.Finished, after.Finished} {
		for o := range counted {
			outcomes[o] = true
		}
	}
	for o := range finished {
		outcomes[o] = true
	}
	for _, o := range slices.SortedFunc(maps.Keys(outcomes), func(a, b Outcome) int {
		return cmp.Or(cmp.Compare(a.Mode, b.Mode), cmp.Compare(a.Result, b.Result), cmp.Compare(a.Reason, b.Reason))
	}) {
		if counts := after.Finished[o] - before.Finished[o]; counts != float64(finished[o]) {
			findings = append(findings, finding("", "it counts %v %s Jobs that %s with %s, and %d were seen to", counts, o.Mode, o.Result, o.Reason, finished[o]))
		}
	}
	return findings
}
