package plan

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"github.com/jobproof/jobproof/chaos/pods"
)

// Profile is what kind of faults a made plan has.
type Profile string

// The profiles of Make.
const (
	Pods         Profile = "pods"         // pods are deleted, evicted, preempted and killed, and Jobs are suspended
	Nodes        Profile = "nodes"        // the node of a Job's pods fails for a while
	ControlPlane Profile = "controlplane" // controllers, scheduler or API server fail for a while
	Requests     Profile = "requests"     // requests of the Job controller are refused for a while
	Storm        Profile = "storm"        // pods and requests, on several Jobs
)

// Profiles are all profiles of Make.
var Profiles = []Profile{Pods, Nodes, ControlPlane, Requests, Storm}

// Manifests of made plans, whose Jobs no fault of theirs may keep from completing: they have the default backoffLimit of 6, and
// a made plan costs each at most three pods, so that replacements wait for 70 s at most (10 s, 20 s and 40 s:
// DefaultJobPodFailureBackOff, pkg/controller/job/job_controller.go:77).
const (
	tasksManifest   = "chaos.plan-tasks.yaml"
	indexedManifest = "chaos.plan-indexed.yaml"
	nodeManifest    = "chaos.plan-node.yaml"
	mostLost        = 3
)

// maker puts a plan together.
type maker struct {
	*rand.Rand
	plan *Plan
}

// Make makes a plan of a seed: the same plan, to the byte, wherever and whenever it is asked. Every step of it can come about,
// and all its Jobs complete.
func Make(seed uint64, profile Profile) *Plan {
	stream := fnv.New64a()
	_, _ = stream.Write([]byte(profile)) // never fails
	m := &maker{rand.New(rand.NewPCG(seed, stream.Sum64())), &Plan{
		Name: fmt.Sprintf("%s-%d", profile, seed), Says: fmt.Sprintf("What seed %d makes of the profile %s; all work is done.", seed, profile),
		Seed: seed, Profile: profile, Claims: []string{"J-166"},
	}}
	switch profile {
	case Nodes:
		m.node()
	case ControlPlane:
		m.jobs(tasksManifest)
		m.controlPlane()
	case Requests:
		m.jobs(indexedManifest)
		m.requests("indexed")
		m.indexes(1 + m.IntN(mostLost))
	case Storm:
		m.jobs(tasksManifest, indexedManifest)
		m.requests("indexed")
		m.indexes(mostLost)
		m.tasks(1+m.IntN(mostLost), true)
	default:
		if m.IntN(2) == 0 {
			m.jobs(indexedManifest)
			m.indexes(2 + m.IntN(mostLost-1))
		} else {
			m.jobs(tasksManifest)
			m.tasks(1+m.IntN(mostLost), m.IntN(2) == 0)
		}
	}
	return m.plan
}

// jobs adds manifests, and that their Jobs complete.
func (m *maker) jobs(manifests ...string) {
	done := map[string]End{
		tasksManifest:   {Job: "tasks", Condition: "Complete", Succeeded: new(4)},
		indexedManifest: {Job: "indexed", Condition: "Complete", Succeeded: new(5), Indexes: new("0-4")},
		nodeManifest:    {Job: "lost", Condition: "Complete", Succeeded: new(2)},
	}
	for _, manifest := range manifests {
		end := done[manifest]
		end.Within = Duration(6 * time.Minute) // three failures, and a fault of a minute, on top of the constant Within
		m.plan.Jobs = append(m.plan.Jobs, manifest)
		m.plan.Ends = append(m.plan.Ends, end)
	}
}

// add adds a step and returns its number.
func (m *maker) add(step Step) int {
	m.plan.Steps = append(m.plan.Steps, step)
	return len(m.plan.Steps)
}

func pick[T any](m *maker, list ...T) T { return list[m.IntN(len(list))] }

// seconds is a whole number of them, from and to included.
func (m *maker) seconds(from, to int) Duration {
	return Duration(time.Duration(from+m.IntN(to-from+1)) * time.Second)
}

// indexes hits pods of that many different indexes, each in whatever phase it is first seen in.
func (m *maker) indexes(n int) {
	for _, index := range m.Perm(5)[:n] {
		phase := pick(m, pods.Pending, pods.Creating, pods.Running, pods.Running)
		step := Step{When: Trigger{Job: "indexed", Index: new(index), Pod: phase}, Fault: pick(m, "delete-pod", "kill-pod")}
		if phase == pods.Running {
			step.Fault = pick(m, "delete-pod", "kill-pod", "evict-pod", "preempt-pod", "kill-container")
		}
		m.add(step)
	}
}

// tasks hits that many running pods one after the other, and may suspend the Job between two of them.
func (m *maker) tasks(n int, suspends bool) {
	last := 0
	rest := m.IntN(n + 1) // how many come before it is suspended
	for i := range n + 1 {
		if i == rest && suspends {
			last = m.add(Step{When: Trigger{Job: "tasks", Pod: pods.Running}, After: last, Act: Suspend})
			last = m.add(Step{When: Trigger{Job: "tasks", Is: IsSuspended}, After: last, Act: Resume})
		}
		if i < n {
			last = m.add(Step{
				When: Trigger{Job: "tasks", Pod: pods.Running}, After: last,
				Fault: pick(m, "delete-pod", "kill-pod", "evict-pod", "kill-container"),
			})
		}
	}
}

// node breaks the node that both pods of a Job are on.
func (m *maker) node() {
	m.jobs(nodeManifest)
	m.add(Step{
		When:  Trigger{Job: "lost", Pod: pods.Running, Nth: 1 + m.IntN(2)},
		Fault: pick(m, "kill-node", "pause-node", "restart-node", "stop-kubelet", "stop-runtime", "cut-off-from-control-plane", "drain-node"),
		Until: &Trigger{Elapsed: m.seconds(5, 60)},
	})
}

// controlPlane lets two pods succeed and breaks a component while they are counted, or somewhat later.
func (m *maker) controlPlane() {
	released := m.add(Step{
		When: Trigger{Job: "tasks", Pod: pods.Running, Nth: 2}, Act: Release,
		At: &Selector{Job: "tasks", Pod: pods.Running, Count: 2}, With: map[string]string{Code: pick(m, "0", "0", "1")},
	})
	when := pick(m, Trigger{Job: "tasks", Status: uncounted}, Trigger{Job: "tasks", Status: "active"}, Trigger{Elapsed: m.seconds(1, 5)})
	fault := pick(m, "kill-controller", "stop-controller", "pause-controller", "hand-over-leader", "stop-scheduler", "kill-apiserver")
	if when.Elapsed == 0 && when.Status == uncounted {
		released = 0 // the pods may be counted before the release is seen to be over
	}
	m.add(Step{When: when, After: released, Fault: fault, Until: &Trigger{Elapsed: m.seconds(2, 20)}})
}

// requests refuses something to the Job controller for a while.
func (m *maker) requests(job string) {
	m.add(Step{
		When:  Trigger{Job: job, Pod: pick(m, pods.Pending, pods.Creating, pods.Running), Nth: 1 + m.IntN(5)},
		Fault: pick(m, "refuse-pod-creations", "refuse-pod-updates", "refuse-job-status", "exhaust-quota"),
		Until: &Trigger{Elapsed: m.seconds(5, 30)},
	})
}
