package expect

import (
	"errors"
	"fmt"
	"strings"

	"github.com/onsi/gomega/types"

	"github.com/jobproof/jobproof/reports/history"
)

// matcher is a statement about something of type T. seen returns nil where the statement holds, and otherwise an error
// whose text is what was seen instead.
type matcher[T any] struct {
	subject func(T) string // who the statement is about: "the Job demo"
	says    string         // the statement, in the infinitive: "have created 5 pods"
	seen    func(T) error
}

// Match implements types.GomegaMatcher.
func (m matcher[T]) Match(actual any) (bool, error) {
	about, ok := actual.(T)
	if !ok && actual != nil { // nil is somebody too: the error that there was not
		return false, fmt.Errorf("that the subject should %s cannot be said of a %T", m.says, actual)
	}
	return m.seen(about) == nil, nil
}

// FailureMessage implements types.GomegaMatcher.
func (m matcher[T]) FailureMessage(actual any) string {
	about, _ := actual.(T)
	return fmt.Sprintf("expected %s to %s, but %v", m.subject(about), m.says, m.seen(about))
}

// NegatedFailureMessage implements types.GomegaMatcher.
func (m matcher[T]) NegatedFailureMessage(actual any) string {
	about, _ := actual.(T)
	return fmt.Sprintf("expected %s not to %s", m.subject(about), m.says)
}

// String is the statement alone.
func (m matcher[T]) String() string { return m.says }

// past makes a statement about a Job's whole history. Nothing is true of a Job that was never recorded.
func past(says string, seen func(*history.Job) error) types.GomegaMatcher {
	return matcher[*history.Job]{
		subject: func(job *history.Job) string {
			if job == nil {
				return "the Job"
			}
			return "the Job " + job.Name
		},
		says: says,
		seen: func(job *history.Job) error {
			if job == nil || job.UID == "" {
				return errors.New("no such Job was recorded")
			}
			return seen(job)
		},
	}
}

// present makes a statement about how a Job stands at one moment.
func present(says string, seen func(history.State) error) types.GomegaMatcher {
	return matcher[history.State]{
		subject: func(state history.State) string {
			if state.Job == nil {
				return "the Job"
			}
			return "the Job " + state.Job.Name
		},
		says: says,
		seen: seen,
	}
}

// errNoJob says why no statement about a Job that is not there can be true.
var errNoJob = errors.New("there is no such Job")

// at says when a step was. The form "(rv 12)" is how suites/scenario finds the version to show with a failure; the first
// one in a message should be that of the object at fault.
func at(job *history.Job, step history.Step) string {
	if !step.Happened() {
		return "never"
	}
	return fmt.Sprintf("at %+.3fs (rv %d)", step.Seen.Sub(job.History().Start).Seconds(), step.RV)
}

// count spells a number of things: "1 pod", "2 pods".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// list joins names, or says that there are none.
func list(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
