package judge

import (
	"fmt"
	"time"
)

// Invariant is something that the Job controller, or the API server for it, guarantees about every history.
type Invariant struct {
	// ID is S for safety of the status alone, P for a Job and its pods, E for events, L for liveness, R for a run as a
	// whole, and two digits.
	ID string
	// Says is the guarantee in one sentence.
	Says string
	// Source is where Kubernetes makes it so.
	Source string
	// Exceptions are histories that look like a breach and are none.
	Exceptions []string

	// Across says that versions of a Job and of pods are compared by resource version, so the cluster must have one etcd.
	Across bool
	// Memory says that the answer needs the object's whole life; about an object that was there before the recording,
	// and after a gap, it is unsure.
	Memory bool
	// OneController says that the guarantee lives in the memory of one controller manager.
	OneController bool
	// Forgotten says that a controller manager that takes over rightly does not know what the guarantee rests on: what looks
	// like a breach is told then, and changes no verdict.
	Forgotten bool
	// Audited says that the answer needs to know who wrote.
	Audited bool
	// Advisory says that Kubernetes gives its best effort only: a breach is told and changes no verdict.
	Advisory bool

	// Of safety: asked after each version of such an object.
	Job   func(*Job) Answer
	Pod   func(*Pod) Answer
	Event func(*Event) Answer
	// End is asked of each Job that still exists when the recording ends.
	End func(*Job) Answer

	// Of liveness: asked after each version of the object, and of a Job also after each version of its pods. A state that
	// lasts longer than Within, counted on the recorder's clock, is a breach.
	JobWaits func(*Job) Waiting
	PodWaits func(*Pod) Waiting
	Within   Bound
	// Settles says that a recording should not end while such a state lasts and nothing blocks it.
	Settles bool
}

// Bound is the longest that a state may last, and what that follows from.
type Bound struct {
	Limit  time.Duration
	Origin string
}

// Answer is what an invariant says of a moment. The zero Answer means that it says nothing of such a moment.
type Answer struct {
	asked  bool
	broken string
	unsure string
	about  string
}

// Held says that the invariant spoke of this moment, and was kept.
var Held = Answer{asked: true}

// Broken says in what way the invariant was broken.
func Broken(format string, args ...any) Answer {
	return Answer{asked: true, broken: fmt.Sprintf(format, args...)}
}

// Unsure says why it cannot be told whether the invariant was broken.
func Unsure(format string, args ...any) Answer {
	return Answer{asked: true, unsure: fmt.Sprintf(format, args...)}
}

// Never is Broken if it happened and Held otherwise. Its message is made only if it did.
func Never(happened bool, message func() string) Answer {
	if happened {
		return Answer{asked: true, broken: message()}
	}
	return Held
}

// About makes a breach speak of another object than the one that was asked about: "Pod/demo-x7k2p".
func (a Answer) About(object string) Answer {
	a.about = object
	return a
}

// Waiting is a state that must not last. The zero Waiting means that there is none.
type Waiting struct {
	// For completes "has waited too long for …"; empty if nothing is waited for.
	For string
	// NotBefore is a moment before which the wait does not begin to count, such as the end of a pod's grace period.
	NotBefore time.Time
	// Blocked says what holds it up that is no fault of the controller's; empty if nothing is known to.
	Blocked string
}
