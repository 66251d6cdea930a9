// Package disruption proves what the documents say about Jobs whose nodes fail. Its specs break a worker that is set
// apart for that (fixtures/cluster), one spec at a time.
package disruption
