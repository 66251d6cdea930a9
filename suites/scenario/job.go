package scenario

import (
	"context"
	"slices"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
)

// Job is a handle on one Job of a scenario.
type Job struct {
	scenario *Scenario
	name     string
	bound    Bound
}

// Within returns a handle whose waits last at most as long as the bound says.
func (j *Job) Within(bound Bound) *Job {
	within := *j
	within.bound = bound
	return &within
}

// Await waits until every matcher matches the Job's history.State, all at the same moment. If that does not come about
// within the bound, the claims are refuted and the spec ends. Several claims are separated by spaces.
func (j *Job) Await(ctx context.Context, claims string, matchers ...types.GomegaMatcher) {
	ginkgo.GinkgoHelper()
	j.wait(matchers).await(ctx, claims)
}

// AwaitEnd is Await for what the Job comes to: it does not wait for a Job that is finished to become something else.
func (j *Job) AwaitEnd(ctx context.Context, claims string, matchers ...types.GomegaMatcher) {
	ginkgo.GinkgoHelper()
	w := j.wait(matchers)
	w.settled = func(live *history.Live) bool {
		job := j.state(live).Job
		return job != nil && slices.ContainsFunc(job.Status.Conditions, func(c batchv1.JobCondition) bool {
			return (c.Type == batchv1.JobComplete || c.Type == batchv1.JobFailed) && c.Status == corev1.ConditionTrue
		})
	}
	w.await(ctx, claims)
}

// Reach waits like Await for something that no claim of the spec is about but the spec needs. If it does not come about,
// the spec ends and claims that were not refuted by then are inconclusive.
func (j *Job) Reach(ctx context.Context, matchers ...types.GomegaMatcher) {
	ginkgo.GinkgoHelper()
	j.wait(matchers).reach(ctx)
}

func (j *Job) wait(matchers []types.GomegaMatcher) wait {
	state := func(live *history.Live) any { return j.state(live) }
	return wait{scenario: j.scenario, job: j.name, bound: j.bound, state: state, matchers: matchers}
}

// Prove asks every matcher about the Job's whole history up to now, a *history.Job. A mismatch refutes the claims and is
// reported when the spec ends; the spec goes on. Several claims are separated by spaces.
func (j *Job) Prove(claims string, matchers ...types.GomegaMatcher) {
	ginkgo.GinkgoHelper()
	ids := j.scenario.ids(claims)
	view := j.History()
	for _, matcher := range matchers {
		j.scenario.prove(ids, j.name, view, matcher)
	}
}

// History reads back all that was recorded about the Job up to now.
func (j *Job) History() *history.Job {
	ginkgo.GinkgoHelper()
	return j.in(j.scenario.History())
}

// in finds the Job in a history: the one that was created here if it was, else the first of its name.
func (j *Job) in(h *history.History) *history.Job {
	for _, job := range h.Jobs() {
		if job.UID == j.scenario.uids[j.name] {
			return job
		}
	}
	return h.Job(j.name)
}

// Running names the Job's active pods whose app containers all run now, oldest first.
func (j *Job) Running() []string { return expect.Names(expect.Running(j.State())) }

// State returns how the Job stands now.
func (j *Job) State() history.State { return j.state(j.scenario.Live()) }

func (j *Job) state(live *history.Live) history.State {
	return live.State(j.name, j.scenario.uids[j.name])
}
