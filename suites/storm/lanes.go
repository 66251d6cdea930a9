package storm

import (
	"slices"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos/plan"
	"github.com/jobproof/jobproof/chaos/pods"
)

// kind is a kind of Job of the storm, and what its documents promise of it however often it is hit.
type kind struct {
	// job is its name, and that of its manifest in fixtures/jobs: chaos.<job>.yaml.
	job string
	// claims are what its end proves.
	claims []string
	end    plan.End
	// starts are the triggers that are sure to come true, whatever else goes wrong.
	starts []plan.Trigger
	// faults are what its own lane does to its pods, at the pod that fired the trigger.
	faults []string
	// acts are what its user does in every plan.
	acts []plan.Step
}

func number(n int) *int     { return &n }
func text(s string) *string { return &s }

// complete is the end of a Job of so many completions.
func complete(job string, succeeded int) plan.End {
	return plan.End{Job: job, Condition: string(batchv1.JobComplete), Succeeded: number(succeeded)}
}

func failed(job, reason string) plan.End {
	return plan.End{Job: job, Condition: string(batchv1.JobFailed), Reason: reason}
}

// born are the states that a Job which is not suspended comes to, if it makes at least that many pods.
func born(job string, nth ...int) (starts []plan.Trigger) {
	for _, n := range nth {
		starts = append(starts, plan.Trigger{Job: job, Pod: pods.Creating, Nth: n}, plan.Trigger{Job: job, Pod: pods.Running, Nth: n})
	}
	return starts
}

// killContainer is the one fault of pods that enters their machine, which has to be ours, and needs a container that runs.
const killContainer = "kill-container"

// Faults of pods: counts are those after which the Job counts a failure, and disrupts those that mark the pod with the
// condition DisruptionTarget, which a failure policy may ignore.
var (
	counts   = []string{"delete-pod", "kill-pod", killContainer}
	disrupts = []string{"evict-pod"}
	every    = slices.Concat(counts, disrupts)
)

// kinds are those whose pods the storm hits, each in a lane of its own.
var kinds = []kind{
	{job: "storm-batch", claims: []string{"J-166"}, end: complete("storm-batch", 4), starts: born("storm-batch", 1, 2, 3), faults: every},
	{
		job: "storm-indexed", claims: []string{"J-166", "J-218"},
		end:    plan.End{Job: "storm-indexed", Condition: string(batchv1.JobComplete), Succeeded: number(4), Indexes: text("0-3")},
		starts: born("storm-indexed", 1, 2, 3), faults: every,
	},
	// Which of its pods succeed is chance: once one has, those that fail are not replaced.
	{
		job: "storm-queue", claims: []string{"J-166"}, end: plan.End{Job: "storm-queue", Condition: string(batchv1.JobComplete)},
		starts: born("storm-queue", 1), faults: every,
	},
	{
		job: "storm-restarts", claims: []string{"J-195"}, end: failed("storm-restarts", batchv1.JobReasonBackoffLimitExceeded),
		starts: born("storm-restarts", 1), faults: every,
	},
	{
		job: "storm-indexes", claims: []string{"J-218"},
		end:    plan.End{Job: "storm-indexes", Condition: string(batchv1.JobFailed), Reason: batchv1.JobReasonFailedIndexes, Indexes: text("0-2")},
		starts: born("storm-indexes", 1, 3), faults: every,
	},
	{job: "storm-ignore", claims: []string{"J-166"}, end: complete("storm-ignore", 3), starts: born("storm-ignore", 1, 2), faults: disrupts},
	{job: "storm-patient", claims: []string{"J-166"}, end: complete("storm-patient", 3), starts: born("storm-patient", 1, 2), faults: every},
	{
		job: "storm-success", claims: []string{"J-166"}, end: plan.End{Job: "storm-success", Condition: string(batchv1.JobComplete)},
		starts: born("storm-success", 1, 2), faults: every,
	},
	{
		job: "storm-paused", claims: []string{"J-166"}, end: complete("storm-paused", 3), starts: born("storm-paused", 1, 2), faults: every,
		acts: []plan.Step{{When: plan.Trigger{Job: "storm-paused", Is: plan.IsSuspended}, Act: plan.Resume}},
	},
	{
		job: "storm-deadline", claims: []string{"J-201"}, end: failed("storm-deadline", batchv1.JobReasonDeadlineExceeded),
		starts: born("storm-deadline", 1, 2), faults: every,
	},
	{job: "storm-brief", claims: []string{"J-126"}, end: plan.End{Job: "storm-brief", Gone: true}, starts: born("storm-brief", 1), faults: every},
}

// Jobs of the lane weather: weather runs, and broken backs off most of the time.
const (
	weather = "storm-weather"
	broken  = "storm-broken"
)

// ofWeather are the kinds by which the faults that hit everybody are timed.
var ofWeather = []kind{
	{job: weather, claims: []string{"J-166"}, end: complete(weather, 4), starts: append(born(weather, 1, 2, 3), plan.Trigger{Job: weather, Done: 50})},
	{
		job: broken, claims: []string{"J-195"}, end: failed(broken, batchv1.JobReasonBackoffLimitExceeded),
		starts: append(born(broken, 1), plan.Trigger{Job: broken, Quiet: true}),
	},
}

// gust is a fault that hits everybody. It is healed after a while, if it does not heal by itself.
type gust struct {
	fault string
	heals bool // by itself
}

// gusts are the faults of the lane weather. Left out are those that are over only after minutes (the loss of a node with the
// documented tolerations, fill-disk), and those that end the storm (terminate-namespace).
var gusts = []gust{
	{"kill-controller", true}, {"stop-controller", false}, {"pause-controller", false}, {"kill-apiserver", true}, {"pause-etcd", false},
	{"stop-scheduler", false}, {"stop-dns", false}, {"kill-node", false}, {"pause-node", false}, {"restart-node", true},
	{"stop-kubelet", false}, {"cut-off-from-control-plane", false}, {"drain-node", false}, {"exhaust-quota", false},
}
