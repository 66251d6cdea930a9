// Package deadlines proves the part of section 17.1.3 that limits the time a Job may take.
package deadlines
