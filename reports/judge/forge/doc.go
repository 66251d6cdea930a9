// Package forge makes one history out of another by edits that are written down in YAML, so that a reader sees at a glance
// what happens in it that should not, or that may. A file is a Script; Make seals what it tells.
//
//	# A Job never has more ready pods than active ones: here it says that its one pod is ready and none is active.
//	from: v1.37.0/single
//	breaks: S07
//	at: wrong
//	edits:
//	- select: {of: job, when: {status.ready: 1}}
//	  set: {status.active: 0}
//	  label: wrong
//
// # What a file says
//
//	from     the history that is edited: a file in testdata/legal without its extension
//	breaks   the invariant that the result breaks. In a legal history there is none: nothing may be found in it
//	unsure   instead: the invariant about which the judge must be unsure
//	told     instead: the invariant of which a breach is to be told and changes no verdict
//	blocked  instead: the invariant whose wait must be reported as blocked; a legal history may have this
//	at       where the finding must stand: a label, a selector, or end
//	object   which object it must name; that of at, unless it is given: Job/demo, Pod/$(pod2.name)
//	what     a part of what the finding must say; optional
//	also     other invariants that this cannot but break, each with the reason: {P04: one pod too many is one success too many}
//	objects  names for objects, by selectors: {last: {kind: Pod, nth: -1}}
//	header   fields of the header to change: {audited: true, order: arrival, kubernetes: v1.36.3}
//	end      how the recording ends: {after: 10m, controller: {holder: other, transitions: 2}}
//	edits    what to change, in this order
//
// # Selectors
//
// A selector names an object and, where a version is asked for, one of its versions. What fits nothing, or more than it
// should, is an error.
//
//	of       the object: job, pod1, pod2 … and so on for each kind, counted in the order in which they appear in the history
//	         that is edited; or a name from objects, or from call
//	kind, name, index, nth
//	         otherwise: its kind; its name, where * stands for anything; its completion index; which one of those that fit,
//	         in the order in which they appear, from 1, or from -1 backwards
//	when     which versions: those in which these fields have these values. A * in a text stands for anything, null for a
//	         field that is not there; a text fits a list if it fits one of its elements. Without version: the first such
//	version  which one of them, from 1, or from -1 backwards
//	from     true: that version and all later ones of the object
//	all      true: all versions that fit, of all objects that fit
//	after, before
//	         only versions that stand after or before the one with this label
//	label    instead of all this: the version with this label
//
// A selector may be just the label; where an object is asked for, as in copyOf of a life, just what of would say.
//
// A field is a path such as status.conditions[Complete].status: in brackets, an element of a list by its type, name, uid or
// value or its place from 0, or a key with dots in it; [+] is a new element at the end of a list.
//
// # Edits
//
//   - select: …            what to do with the versions that fit, one or more of:
//     set: {path: value}   merge the value into what is there, as a JSON merge patch does: null removes
//     remove: [path, …]    what must be there
//     shift: {path: -30s}  move a time
//     type: DELETED
//     seen: 2s             when it was seen, later or earlier; what is seen after it must stay so
//     label: word
//   - select: …
//     drop: true           it was never seen
//   - insert: {copyOf: selector, as: {name: …, uid: …, type: …}, after | before: selector, call: word, set: …, remove: …, label: …}
//     one more version: a copy. It follows copyOf unless told otherwise. With a name or uid it is another
//     object's, whose first version must be ADDED
//   - life: {copyOf: selector, as: {name: …, uid: …, index: 3}, after: selector, versions: 4, pods: true, call: word, set: …}
//     one more object: a copy of all versions, or of the first few, of another under another name, that begins
//     after the given version and goes on in the rhythm of the copied one; its times move with it. A copied
//     Job can have its pods copied too
//   - move: {select: selector, after | before: selector, label: word}
//     it happened elsewhere in the order; it is seen where it stands
//   - swap: [selector, selector]
//   - pause: {before: selector, for: 10m}
//     nothing happens for so long: that version and all that comes after it, of all objects, is seen later,
//     and the times in it that are new in it are later
//   - write: {before | after: selector, by: job-controller, verb: delete, of: pod1, resource: …, subresource: …, code: 200, ago: 1s}
//     a request in the audit log. by is a controller of the controller manager, kubelet, scheduler, or a user
//   - gap: {after: selector, kind: Pod, lost: [pod1]}
//     part of a kind was not recorded
//
// Whatever has no place of its own takes that of its neighbour: an inserted version is seen 1 ms after the one it follows.
//
// In texts $(pod1.uid) stands for a field of an object, here its uid, as it was at that moment, and $(wrong.status.active) for
// one of the version with that label; $(self.status.failed + 1) is relative to the version itself, before the edit, and
// $(now - 30s) to the moment at which it was seen: of several versions that are edited together, the first.
//
// # What stays right
//
// Before anything is edited resource versions are multiplied by 1000, so that there is room between them. Afterwards lines and
// objects agree on them, they increase, what is seen of a kind is seen in that order, and the history is sealed anew as one made
// by hand. A history.Reader must accept it; if it does not, Make returns its error.
//
// A longer example: a pod is created after the Job has failed.
//
//	# No pod is created once the outcome is decided. Here one more comes after FailureTarget.
//	from: v1.37.0/deadline
//	breaks: P07
//	at: born
//	edits:
//	- select: {of: job, when: {"status.conditions[FailureTarget].status": "True"}}
//	  label: decided
//	- life: {copyOf: pod1, after: decided, versions: 1, call: late}
//	- select: {of: late, version: 1}
//	  label: born
package forge
