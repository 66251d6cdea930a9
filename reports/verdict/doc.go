// Package verdict decides what a run has shown: it keeps the results of specs as files, joins them with what was
// planned, and prints the outcome.
//
// A spec writes one [Result] with a verdict for each of its claims. The suite writes what it is about to run first, as
// [Planned], so that a spec that never reported counts against the run. [Summarize] joins the two; the worst verdict
// wins everywhere, and nothing but [Proven] counts as success.
package verdict
