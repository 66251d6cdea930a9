// Package queues proves section 17.1.5, "Running Jobs with a work queue": a queue in the quiz application's database that
// the pods of one Job process an item each and those of another until nothing is left, and what the Job controller makes
// of the successes and failures of pods of which one success is enough.
//
// What the documents' scripts leave out is ours. They note in the collection processed, {_id: "2022-07", pod, month}, who
// took which item and which month it was taken for once that is counted, so that the queue can be checked item by item. And
// here each pod, once it has an item in hand, waits until the spec lets it go on (hand.go): how many work at the same time,
// and who ends first, does not depend on how fast the machine is.
package queues
