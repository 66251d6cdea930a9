// Package history records what an API server shows of Jobs, their pods, their events and the nodes while a spec runs,
// seals it so that it cannot be changed unnoticed, and answers questions about it afterwards, on any machine and with no
// cluster.
//
// # From a recording to a history
//
// A [Recorder] lists and watches each kind once and writes every version of every object as one line of JSON, as the API
// server sent it, into a plain file: histories/<spec>.jsonl. When the recording has ended, [Seal] makes
// histories/<spec>.jsonl.zst of it and removes the plain file. A plain file that is left over is a recording that was cut
// short, and says nothing.
//
// [Open] reads a sealed history whole. A [Reader] goes through it line by line instead and holds only what is needed to
// refuse a history that is damaged, foreign, or that no API server can have shown. [ReadAll] reads a plain file while it
// is still being written.
//
// # Two orders
//
// The lines of a plain file stand in the order of arrival: each kind is watched on its own, so a pod can arrive before
// the Job version that preceded it. A [History] is sorted by resource version instead, which in a cluster with one etcd
// is the order in which things happened; a [Step] is a place in that order. Whether the cluster has one etcd is not known
// to this package: [Header].Order says so, and a sealed history is sorted by it. The arrival time is kept in
// [Version].Seen.
//
// # The file, format 2
//
// Every line is a JSON object and ends with a line feed; none is longer than 8 MiB. They are shown broken here.
//
// The first line is the header. Run, spec, cluster, kubernetes, origin, order and controller may be left out of a plain
// file: Seal takes the order "rv" and the origin "hand". Without a namespace the history is one of several namespaces.
//
//	{"history":2, "run":"1121-144121-79c1", "spec":"an Indexed Job …", "cluster":"kind", "namespace":"jp-wmpwlnm4",
//	 "kubernetes":"v1.37.0", "start":"2026-11-21T14:42:26.574Z", "order":"rv", "audited":true, "origin":"recorded",
//	 "controller":{"holder":"control-plane_4f2a", "transitions":1}}
//
// A version: when it was seen, how, and the object. The type is LISTED if the object was there when the kind was listed,
// ADDED, MODIFIED or DELETED. The kind, namespace, name, uid and rv are those of the object, whose resourceVersion is a
// string; the namespace of a Node is empty. An object that was listed need not say its kind.
//
//	{"seen":"2026-11-21T14:42:29.212Z", "type":"ADDED", "kind":"Pod", "namespace":"jp-wmpwlnm4", "name":"demo-x2x5z",
//	 "uid":"bc284fcf-…", "rv":1483, "object":{"kind":"Pod", "apiVersion":"v1", "metadata":{"name":"demo-x2x5z",
//	 "namespace":"jp-wmpwlnm4", "uid":"bc284fcf-…", "resourceVersion":"1483", …}, …}}
//
// A gap: what happened to a kind between two resource versions was not recorded. What had changed by its end follows as
// LISTED.
//
//	{"gap":{"seen":"…", "kind":"Pod", "from":1490, "to":1702, "lost":["jp-wmpwlnm4/demo-x2x5z"], "why":"too old …"}}
//
// A write: a request to change a Job or pods, from the API server's audit log, granted or refused. The uid may be left
// out.
//
//	{"write":{"at":"2026-11-21T14:42:29.208113Z", "user":"system:serviceaccount:kube-system:job-controller",
//	 "agent":"kube-controller-manager", "verb":"create", "resource":"pods", "subresource":"", "namespace":"jp-wmpwlnm4",
//	 "name":"demo-x2x5z", "code":201}}
//
// The end is the last line of a sealed history: when recording stopped, the number of lines before it, and the XXH64 hash,
// seed 0, of all their bytes.
//
//	{"end":{"at":"2026-11-21T14:43:02.1Z", "lines":246, "xxh64":"0a1b2c3d4e5f6071",
//	 "controller":{"holder":"control-plane_4f2a", "transitions":1}}}
//
// In a sealed history resource versions rise strictly: over all lines if the order is "rv", within each kind if it is
// "arrival". A gap stands before the first version that is later than its from, and a write before the first version
// that was seen at its moment or later. Events that were deleted when their lease in etcd ended may share one resource
// version.
//
// # A history made by hand
//
// Write the header and the versions, gaps and writes into a file that ends in .jsonl, in any order, and Seal it:
//
//	{"history":2,"namespace":"ns","start":"2026-01-01T00:00:00Z"}
//	{"seen":"2026-01-01T00:00:01Z","type":"ADDED","kind":"Job","namespace":"ns","name":"a","uid":"j","rv":1,"object":{…}}
//	{"seen":"2026-01-01T00:00:02Z","type":"ADDED","kind":"Pod","namespace":"ns","name":"b","uid":"p","rv":2,"object":{…}}
//
// Seal sorts it and adds the end, whose moment is that of the last version unless it is told another. It leaves it to the
// Reader to say what cannot be. To change a history that is sealed, decompress it with zstd -d, delete the end, set the
// origin to "hand", change the rest, and seal it again.
package history
