package judge

import (
	"slices"
	"time"
)

// takeover is about what another controller manager makes of what it finds.
var takeover = []Invariant{
	{
		ID: "L14",
		Says: "When another controller manager takes over, it goes on with every Job: nothing that is owed to a Job or to its pods is left " +
			"as it was.",
		Source: "pkg/controller/job/job_controller.go:403-414, addPod; 574-583, addJob; k8s.io/component-base config/v1alpha1/defaults.go:38-44",
		Exceptions: []string{
			"what L01 to L06, L09, L10 and L13 have as exceptions",
			"as long as something happens to the Job it is not over",
		},
		Job: noteJob, Pod: notePod, Event: noteRefusal,
		End:    goesOnAfterTakeover,
		Within: takeoverBound,
	},
}

// owed are the invariants that a new controller manager has to see to. What L14 knows of a Job is what they have been asked.
var owed = slices.Concat(progress, counting, ends, ownership)

// goesOnAfterTakeover looks at a Job at the end of a history, once another controller manager has taken over. Nobody knows
// when it did, so the Job must have been left alone for longer than that can take.
func goesOnAfterTakeover(j *Job) Answer {
	quiet := j.World.Clock.Sub(j.upkeep().worked)
	if !j.World.tookOver {
		return Answer{}
	}
	for i := range owed {
		inv := &owed[i]
		if inv.JobWaits != nil && j.leftAlone(inv.JobWaits(j)) {
			return Broken("it waits for %s, and nothing has happened to it for %v", inv.JobWaits(j).For, quiet.Round(time.Second))
		}
		if inv.PodWaits == nil {
			continue
		}
		for _, p := range j.EachPod() {
			if w := inv.PodWaits(p); j.leftAlone(w) {
				return Broken("%s waits for %s, and nothing has happened to its Job for %v", p.Object(), w.For, quiet.Round(time.Second)).About(p.Object())
			}
		}
	}
	return Held
}

// leftAlone says whether a state has lasted for so long without anything happening to the Job.
func (j *Job) leftAlone(w Waiting) bool {
	since := later(j.upkeep().worked, w.NotBefore)
	return w.For != "" && w.Blocked == "" && j.World.Clock.Sub(since) > takeoverBound.Limit
}
