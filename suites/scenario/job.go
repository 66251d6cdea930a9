package scenario

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega/types"

	"github.com/jobproof/jobproof/reports/history"
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
	s := j.scenario
	ids := s.ids(claims)
	message, err := j.wait(ctx, matchers)
	switch {
	case err != nil:
		s.cannotTell(err)
	case message == "":
		s.proof.meet(ids)
	default:
		s.proof.refute(ids, sentence(message), s.explain(s.stated(ids), message, j.name))
		s.proof.finish(ending{why: strings.Join(ids, " ") + " was refuted", refuted: true})
		ginkgo.Fail(strings.Join(s.proof.fresh(), "\n"))
	}
}

// Reach waits like Await for something that no claim of the spec is about but the spec needs. If it does not come about,
// the spec ends and claims that were not refuted by then are inconclusive.
func (j *Job) Reach(ctx context.Context, matchers ...types.GomegaMatcher) {
	ginkgo.GinkgoHelper()
	message, err := j.wait(ctx, matchers)
	if err == nil && message != "" {
		j.scenario.proof.finish(ending{why: sentence(message)})
		err = errors.New(j.scenario.explain("", message, j.name))
	}
	if err != nil {
		j.scenario.cannotTell(err)
	}
}

// errOver ends a wait whose bound is over.
var errOver = errors.New("the bound is over")

// wait returns nothing once all matchers match, a message about the first that does not when the bound is over, and an
// error if nobody can tell.
func (j *Job) wait(ctx context.Context, matchers []types.GomegaMatcher) (message string, err error) {
	if len(matchers) == 0 {
		return "", errors.New("a wait needs a matcher: it would be over at once")
	}
	j.scenario.goesOn()
	bounded, cancel := context.WithTimeoutCause(ctx, j.bound.Limit, errOver)
	defer cancel()
	var state history.State
	var unmet types.GomegaMatcher
	err = j.scenario.recorder.Await(bounded, func(live *history.Live) bool {
		state, unmet = j.state(live), nil
		for _, matcher := range matchers {
			// An error is a mismatch here: a field of a Job that is not there yet cannot be looked at.
			if met, err := matcher.Match(state); err != nil || !met {
				unmet = matcher
				return false
			}
		}
		return true
	})
	switch {
	case err == nil:
		return "", nil
	case !errors.Is(err, errOver):
		return "", fmt.Errorf("wait for the Job %s: %w", j.name, err)
	}
	message = unmet.FailureMessage(state)
	if _, err := unmet.Match(state); err != nil {
		message = err.Error()
	}
	return fmt.Sprintf("%s\nand so it was for %v (%s)", message, j.bound.Limit, j.bound.Origin), nil
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

// State returns how the Job stands now.
func (j *Job) State() history.State { return j.state(j.scenario.Live()) }

func (j *Job) state(live *history.Live) history.State {
	return live.State(j.name, j.scenario.uids[j.name])
}
