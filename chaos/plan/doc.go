// Package plan fires faults on what is observed. A [Plan] is a file: Jobs, steps that each wait for something to be seen and
// then inject a fault or act as a user, and the ends that the Jobs must reach all the same. [Parse] reads one and says which
// line is wrong; [Make] makes one of a seed; [Conduct] carries one out; [Reduce] finds the fewest steps of one that still
// show what it showed.
//
// A step that never comes about, and a fault that is not confirmed, make a plan inconclusive. An end that is not reached
// refutes the claims that the plan names.
package plan
