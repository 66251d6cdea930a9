// Package judge asks of everything that was recorded whether the Job controller kept its word at every moment.
//
// A history goes through the judge once, line by line. Each version of an object changes the World, and then the
// invariants that speak of such an object are asked: those of safety about the moment, those of liveness about how long
// a state has lasted. What the judge remembers grows with the objects that exist, not with the length of the history.
//
// An Invariant is a sentence, its source in Kubernetes, the exceptions to it that are documented or follow from the
// source, and a function that answers for one object. A family of them is a file. Places in Kubernetes are given for
// v1.37.0 unless another version is named.
package judge
