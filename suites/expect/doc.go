// Package expect holds the gomega matchers that specs ask about Jobs. There are two families, told apart by their tense:
//
//   - In the past tense they are about all that a Job ever did and are asked about a *history.Job, with Prove:
//     CreatedPods(5), RanAtMost(2), CreatedNoPodAfter(batchv1.JobFailureTarget).
//   - In the present tense they are about how a Job stands at one moment and are asked about a history.State, with Await:
//     RunningPods(2), Condition(batchv1.JobComplete), CountsFailed(1).
//
// Every matcher completes the sentence "the Job …", and its failure says what was seen instead, with the time since the
// recording began and the resource version, so that the place can be found in the history.
//
// Times are compared in the whole seconds in which Kubernetes keeps them. A lower bound is strict: whoever waits for it
// counts from such a rounded time too, so that what comes d seconds later cannot round to less. Upper bounds are there
// to tell "at once" from "never" and are wide enough for a machine that is busy with other specs. Both take it that the
// machines of the cluster agree on the time.
package expect
