// Package indexed proves section 17.1.4, how the pods of a Job are given different work: the completion modes, twelve Jobs
// made from a template where there is no index, and one Indexed Job in their place, whose every pod has an index in its
// name, hostname, annotation, label and environment, and which is complete when each index has succeeded.
package indexed
