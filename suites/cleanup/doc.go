// Package cleanup proves what the documents say about getting rid of Jobs that are finished: automatically, some time
// after they have, and by hand at the end.
package cleanup
