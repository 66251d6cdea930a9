package quiz

import (
	"context"

	"github.com/onsi/ginkgo/v2"
)

// Run is one run of a container of the Job generate-responses, which numbers them as they begin.
type Run struct {
	Number int `json:"_id"`
	// Pod is where it ran.
	Pod string `json:"pod"`
	// Responses is how many of the responses in the database are its own.
	Responses int `json:"responses"`
}

// PerRun is how many responses a run of generate-responses stores, if it does not fail before.
const PerRun = 100

// Doomed are the numbers of the runs that fail, of the first ten, by the seed in the manifests of generate-responses.
var Doomed = []int{2, 5}

// Failed reports whether the run failed: it stored nothing.
func (r Run) Failed() bool { return r.Responses == 0 }

// Succeeded reports whether the run stored all its responses.
func (r Run) Succeeded() bool { return r.Responses == PerRun }

// Runs returns the runs of generate-responses by number.
func (db *Database) Runs(ctx context.Context) []Run {
	ginkgo.GinkgoHelper()
	var runs []Run
	db.Read(ctx, "db.runs.find().sort({_id: 1}).toArray()"+
		".map(run => ({...run, responses: db.responses.countDocuments({run: run._id})}))", &runs)
	return runs
}

// Numbers returns the numbers of those runs that are so.
func Numbers(runs []Run, are func(Run) bool) []int {
	var numbers []int
	for _, run := range runs {
		if are(run) {
			numbers = append(numbers, run.Number)
		}
	}
	return numbers
}

// FailuresByPod counts the failed runs of each pod that had a run.
func FailuresByPod(runs []Run) map[string]int {
	failures := map[string]int{}
	for _, run := range runs {
		failed := 0
		if run.Failed() {
			failed = 1
		}
		failures[run.Pod] += failed
	}
	return failures
}
