// Package mutants spoils legal histories, to see whether it is noticed.
//
// An Operator changes one thing: a version is left out, two change places, a counter is one more, a pod keeps its finalizer.
// The result is sealed as it should be, so that the reader's hash does not give it away: only what the reader knows of API
// servers, or the judge, may.
//
// Not every mutant is wrong. Where it is certain that the controllers could have made it, as the source of Kubernetes has
// them, it is legal too, for a reason that is worked out from the history and not from what the judge says; a judge who
// objects gives a false alarm. What is not legal for certain and is not noticed has survived. For that there may be a reason
// as well: why nobody can tell. A survivor without one is an invariant that is missing.
package mutants
