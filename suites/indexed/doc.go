// Package indexed proves the part of section 17.1.4 about the completion mode Indexed: every pod has an index, which is
// in its name, hostname, annotation, label and environment, and the Job is complete when each index has succeeded.
package indexed
