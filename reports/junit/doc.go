// Package junit writes the outcome of a run as JUnit XML, for dashboards that compare runs by name.
//
// A suite is a section, a case is a spec, and the case's name is the spec's text and nothing else: no number, label or
// version, so that it is the same in every run. What differs from run to run stands in properties: the claims of a spec
// and their verdicts with the case, the facts about the cluster with each suite.
//
// A refuted spec is a failure, one that was not exercised is skipped, and every other one that is not proven is an error.
// A run without specs has one case that is an error, for readers of JUnit take an empty file for success.
package junit
