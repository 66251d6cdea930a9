// Package disruption proves what the documents say about Jobs whose pods or nodes fail. A spec that breaks a node borrows one
// of the workers that are set apart for that (fixtures/cluster) and is the only one to break it.
package disruption
