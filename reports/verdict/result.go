package verdict

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ClaimResult is what one spec says about one claim.
type ClaimResult struct {
	ID      string  `json:"id"`
	Verdict Verdict `json:"verdict"`
	// Because is the reason in one sentence; it may be empty only if the claim was proven.
	Because string `json:"because,omitempty"`
	// Evidence says where it can be seen: a file, relative to the run's folder, and perhaps a place in it. If it is
	// empty, the spec's History is meant.
	Evidence string `json:"evidence,omitempty"`
}

// Result is the outcome of one spec.
type Result struct {
	// Spec is the spec's full text, which is its identity: it is the same in every run and on every version.
	Spec string `json:"spec"`
	// Section is the package of the spec, such as lifecycle.
	Section string `json:"section"`
	// File is where the spec's code stands, relative to the repository.
	File   string        `json:"file,omitempty"`
	Claims []ClaimResult `json:"claims"`
	// Seconds is how long the spec took.
	Seconds float64   `json:"seconds"`
	Started time.Time `json:"started,omitzero"`
	// History is the recorded history, relative to the run's folder.
	History string `json:"history,omitempty"`
	// Transcript is what the spec asked other than the recorder, and what was answered, relative to the run's folder.
	Transcript string `json:"transcript,omitempty"`
	// Faults are what the spec made go wrong, in that order.
	Faults []Fault `json:"faults,omitempty"`
	// Plan is the plan that it conducted, relative to the run's folder.
	Plan string `json:"plan,omitempty"`
	// Judgement is what the judge says of the history; nil if there is none or it could not be judged.
	Judgement *Judgement `json:"judgement,omitempty"`
	// Judging is how long the judge took, in seconds.
	Judging float64 `json:"judging,omitempty"`
	// Failure is why the spec failed; empty if it passed or was skipped.
	Failure string `json:"failure,omitempty"`
	// Requests is how many requests the harness sent to the API server for this spec.
	Requests int `json:"requests,omitempty"`
}

// Verdict returns the worst verdict of the spec's claims and of its judgement. A spec that failed is at best Inconclusive
// even if all its claims were proven, and a spec with neither claims nor a judgement is NotExercised, for it shows nothing.
func (r Result) Verdict() Verdict {
	worst := Proven
	switch {
	case r.Judgement != nil:
		worst = r.Judgement.Verdict()
	case len(r.Claims) == 0:
		worst = NotExercised
	}
	if r.Failure != "" {
		worst = Worst(worst, Inconclusive)
	}
	for _, c := range r.Claims {
		worst = Worst(worst, c.Verdict)
	}
	return worst
}

// Slug returns a file name, without extension, for a spec's full text: at most 89 lower-case letters, digits and hyphens,
// different for different texts.
func Slug(spec string) string {
	const longest = 80 // before the hyphen and eight hex digits; file names may have 255 bytes on every common file system
	words := strings.FieldsFunc(strings.ToLower(spec), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	readable := strings.Join(words, "-")
	if len(readable) > longest {
		readable = readable[:longest]
	}
	sum := sha256.Sum256([]byte(spec))
	return strings.TrimLeft(strings.TrimRight(readable, "-")+"-"+hex.EncodeToString(sum[:4]), "-")
}

// check returns what is wrong with the result, or nil.
func (r Result) check() error {
	if r.Spec == "" {
		return errors.New("it names no spec")
	}
	seen := map[string]bool{}
	for _, c := range r.Claims {
		if c.ID == "" {
			return errors.New("a claim has no id")
		}
		if seen[c.ID] {
			return fmt.Errorf("claim %s: stands there twice", c.ID)
		}
		seen[c.ID] = true
		if err := c.Verdict.check(); err != nil {
			return fmt.Errorf("claim %s: %w", c.ID, err)
		}
	}
	return nil
}
