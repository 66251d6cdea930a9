// Package chaos makes things go wrong on purpose, proves that they did, and puts them right again.
//
// A [Fault] is armed, injected, confirmed and healed. What undoes it stands in a [Journal] on disk before it is injected, so
// that whoever finds the journal can undo it, even after the process that injected it was killed. It counts only once it is
// confirmed by somebody who did not inject it. The faults are in the packages below this one: pods, nodes, controlplane and
// requests; plan fires them on what is observed, and catalogue knows all of them by name.
package chaos
