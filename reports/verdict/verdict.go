package verdict

import "fmt"

// Verdict is what is known about a claim, a spec or a run. The zero value is none of them and counts as Inconclusive.
type Verdict string

// The verdicts from best to worst.
const (
	// Proven: it was shown, with evidence, and nothing spoke against it.
	Proven Verdict = "proven"
	// NotExercised: nothing was tried, for a reason that is known.
	NotExercised Verdict = "not exercised"
	// Inconclusive: it was tried, but the harness could not tell.
	Inconclusive Verdict = "inconclusive"
	// Infra: there was no cluster to try it on.
	Infra Verdict = "infra"
	// Refuted: it was shown not to be so. It is worst, for nothing that went wrong elsewhere may hide a counterexample.
	Refuted Verdict = "refuted"
)

// order holds the verdicts from best to worst.
var order = []Verdict{Proven, NotExercised, Inconclusive, Infra, Refuted}

// rank is the place in order; what is not a verdict has that of Inconclusive.
func (v Verdict) rank() int {
	for i, known := range order {
		if v == known {
			return i
		}
	}
	return Inconclusive.rank()
}

// Compare is negative if a is better than b, positive if it is worse, and 0 otherwise.
func Compare(a, b Verdict) int { return a.rank() - b.rank() }

// Worst returns the worst of one or more verdicts, Inconclusive for what is not a verdict. It asks for at least one, for
// the worst of nothing must not be Proven.
func Worst(first Verdict, rest ...Verdict) Verdict {
	worst := first.rank()
	for _, v := range rest {
		worst = max(worst, v.rank())
	}
	return order[worst]
}

// ExitCode returns the exit code of a program with that verdict: 0 if proven, 1 if refuted, 2 otherwise.
func (v Verdict) ExitCode() int {
	switch v {
	case Proven:
		return 0
	case Refuted:
		return 1
	default:
		return 2
	}
}

// MarshalText returns the verdict's own text, or an error if it is not one of the five.
func (v Verdict) MarshalText() ([]byte, error) {
	if err := v.check(); err != nil {
		return nil, err
	}
	return []byte(v), nil
}

// UnmarshalText accepts one of the five texts only.
func (v *Verdict) UnmarshalText(text []byte) error {
	if err := Verdict(text).check(); err != nil {
		return err
	}
	*v = Verdict(text)
	return nil
}

func (v Verdict) check() error {
	if order[v.rank()] != v {
		return fmt.Errorf("%q is not a verdict", string(v))
	}
	return nil
}
