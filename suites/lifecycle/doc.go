// Package lifecycle proves the opening of section 17.1: what a Job does about a pod that somebody deletes, before and
// after it has done its task.
package lifecycle
