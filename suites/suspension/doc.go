// Package suspension proves the part of section 17.1.1 that suspends Jobs: created suspended, resumed, suspended while
// running, and resumed again.
package suspension
