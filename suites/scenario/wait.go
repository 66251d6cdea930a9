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

// wait is a wait for something to come about in a scenario.
type wait struct {
	scenario *Scenario
	job      string // whose history belongs to a failure; "" if no single Job's
	bound    Bound
	state    func(*history.Live) any // what the matchers are asked about
	matchers []types.GomegaMatcher
	// settled says that nothing will change any more, so that there is nothing to wait for; nil if nobody knows.
	settled func(*history.Live) bool
}

// await refutes the claims and ends the spec if what is waited for does not come about within the bound.
func (w wait) await(ctx context.Context, claims string) {
	ginkgo.GinkgoHelper()
	s := w.scenario
	ids := s.ids(claims)
	message, err := w.over(ctx)
	switch {
	case err != nil:
		s.cannotTell(err)
	case message == "":
		s.proof.meet(ids)
	default:
		s.proof.refute(ids, sentence(message), s.explain(s.stated(ids), message, w.job))
		s.proof.finish(ending{why: strings.Join(ids, " ") + " was refuted", refuted: true})
		ginkgo.Fail(strings.Join(s.proof.fresh(), "\n"))
	}
}

// reach ends the spec, which then can show nothing, if what is waited for does not come about within the bound.
func (w wait) reach(ctx context.Context) {
	ginkgo.GinkgoHelper()
	message, err := w.over(ctx)
	if err == nil && message != "" {
		w.scenario.proof.finish(ending{why: sentence(message)})
		err = errors.New(w.scenario.explain("", message, w.job))
	}
	if err != nil {
		w.scenario.cannotTell(err)
	}
}

// errOver ends a wait whose bound is over.
var errOver = errors.New("the bound is over")

// over returns nothing once all matchers match, a message about the first that does not when the bound is over, and an
// error if nobody can tell.
func (w wait) over(ctx context.Context) (message string, err error) {
	if len(w.matchers) == 0 {
		return "", errors.New("a wait needs a matcher: it would be over at once")
	}
	w.scenario.goesOn()
	bounded, cancel := context.WithTimeoutCause(ctx, w.bound.Limit, errOver)
	defer cancel()
	var state any
	var unmet types.GomegaMatcher
	err = w.scenario.recorder.Await(bounded, func(live *history.Live) bool {
		state, unmet = w.state(live), nil
		for _, matcher := range w.matchers {
			// An error is a mismatch here: a field of a Job that is not there yet cannot be looked at.
			if met, err := matcher.Match(state); err != nil || !met {
				unmet = matcher
				return w.settled != nil && w.settled(live)
			}
		}
		return true
	})
	switch {
	case err == nil && unmet == nil:
		return "", nil
	case err == nil:
		return unmet.FailureMessage(state) + "\nand it is finished", nil
	case !errors.Is(err, errOver):
		return "", fmt.Errorf("wait for %s: %w", w.about(), err)
	}
	message = unmet.FailureMessage(state)
	if _, err := unmet.Match(state); err != nil {
		message = err.Error()
	}
	return fmt.Sprintf("%s\nand so it was for %v (%s)", message, w.bound.Limit, w.bound.Origin), nil
}

func (w wait) about() string {
	if w.job == "" {
		return "the objects of the scenario"
	}
	return "the Job " + w.job
}
