// Package history records what an API server shows of Jobs, their pods, their events and the nodes while a spec runs,
// and answers questions about it afterwards.
//
// A [Recorder] lists and watches each kind once and writes every version of every object as one line of JSON, as the
// API server sent it. The file can be read back with [Open], on any machine and with no cluster.
//
// Two orders exist. The lines of a file stand in the order of arrival: each kind is watched on its own, so a pod can
// arrive before the Job version that preceded it. A [History] is sorted by resource version instead, which in a cluster
// with one etcd is the order in which things happened; a [Step] is a place in that order. The arrival time is kept in
// [Version.Seen].
package history
