package storm

import (
	"slices"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos/plan"
	"github.com/jobproof/jobproof/chaos/pods"
	"github.com/jobproof/jobproof/reports/verdict"
)

// demand is a fault that every storm must have in a certain phase of a Job, and the steps that bring it about.
type demand struct {
	fault, phase string
	because      string
	// implied says that no plan is needed for it: some Job of another lane is always in that phase when the fault comes.
	implied bool
	kind    string // the Job's name
	// act, if there is one, brings the Job into the phase; when says that it is in it.
	act  *plan.Step
	when plan.Trigger
	at   *plan.Selector // nil: the pod that fired, or no pod
	then *plan.Step     // what the user does once it was confirmed
}

func when(job string, phase pods.Phase) plan.Trigger { return plan.Trigger{Job: job, Pod: phase} }

// suspend suspends a Job of which a pod has succeeded.
func suspend(job string) *plan.Step {
	return &plan.Step{When: plan.Trigger{Job: job, Status: "succeeded"}, Act: plan.Suspend}
}

func resume(job string) *plan.Step {
	return &plan.Step{When: plan.Trigger{Job: job, Is: plan.IsSuspended}, Act: plan.Resume}
}

// ofPods are demanded wherever there is a storm, none twice in a lane: so each is the first thing that its lane does.
var ofPods = []demand{
	{fault: "delete-pod", phase: starting, because: "a pod that never ran counts as a failure too", kind: "storm-deadline", when: when("storm-deadline", pods.Creating)},
	{fault: "delete-pod", phase: running, because: "a deletion counts as a failure, and the pod is replaced", kind: "storm-indexed", when: when("storm-indexed", pods.Running)},
	{fault: "kill-pod", phase: running, because: "the pod is gone before the controller has seen its end", kind: "storm-patient", when: when("storm-patient", pods.Running)},
	{fault: "evict-pod", phase: running, because: "a failure policy ignores what marks the pod as disrupted", kind: "storm-ignore", when: when("storm-ignore", pods.Running)},
	{fault: killContainer, phase: running, because: "the exit of a container is counted by another path than a deletion", kind: "storm-indexes", when: when("storm-indexes", pods.Running)},
	{
		fault: "delete-pod", phase: suspended, because: "what a suspended Job has achieved must not be lost with the pod", kind: "storm-batch",
		act: suspend("storm-batch"), when: plan.Trigger{Job: "storm-batch", Is: plan.IsSuspended},
		at: &plan.Selector{Job: "storm-batch", Pod: pods.Succeeded}, then: resume("storm-batch"),
	},
	{
		fault: "delete-pod", phase: finished, because: "a finished Job stays as it is whatever becomes of its pods", kind: "storm-queue",
		when: plan.Trigger{Job: "storm-queue", Condition: string(batchv1.JobComplete)}, at: &plan.Selector{Job: "storm-queue", Pod: pods.Succeeded},
	},
}

// ofEverybody are demanded where the cluster was made here. They are carried out by the lane weather.
var ofEverybody = []demand{
	{fault: "kill-controller", phase: starting, because: "pods that were created and not seen yet must not be created twice", implied: true},
	{fault: "kill-controller", phase: running, because: "expectations and counters in flight are in memory only", implied: true},
	{fault: "kill-controller", phase: backingOff, because: "the back-off is in memory only", kind: broken, when: plan.Trigger{Job: broken, Quiet: true}},
	{
		fault: "kill-controller", phase: suspended, because: "a suspended Job must stay so", kind: weather,
		act: suspend(weather), when: plan.Trigger{Job: weather, Is: plan.IsSuspended}, then: resume(weather),
	},
	{
		fault: "kill-controller", phase: finished, because: "a finished Job must not be started again", kind: weather,
		when: plan.Trigger{Job: weather, Condition: string(batchv1.JobComplete)},
	},
	{fault: "kill-apiserver", phase: running, because: "every watch and every request in flight is lost", kind: weather, when: when(weather, pods.Running)},
	{fault: "pause-etcd", phase: running, because: "writes hang and are repeated", kind: weather, when: when(weather, pods.Running)},
	{fault: "stop-scheduler", phase: starting, because: "pods wait without a node", kind: weather, when: when(weather, pods.Creating)},
	{fault: "kill-node", phase: running, because: "pods are lost without a word", kind: weather, when: plan.Trigger{Job: weather, Pod: pods.Running, Nth: 2}},
}

// cells are the cells that a storm on a cluster that was, or was not, made here must have hit.
func cells(made bool) (cells []verdict.Cell) {
	for _, d := range demanded(made) {
		cells = append(cells, verdict.Cell{Fault: d.fault, Phase: d.phase, Because: d.because})
	}
	return cells
}

// planned are those that a plan is needed for.
func planned(all []demand) []demand {
	return slices.DeleteFunc(slices.Clone(all), func(d demand) bool { return d.implied })
}

// demanded are the demands on such a storm.
func demanded(made bool) (all []demand) {
	for _, d := range ofPods {
		if made || d.fault != killContainer {
			all = append(all, d)
		}
	}
	if made {
		all = append(all, ofEverybody...)
	}
	return all
}
