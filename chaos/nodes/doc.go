// Package nodes holds the faults that hit nodes: the machine is killed, paused or restarted, its kubelet or its container
// runtime is stopped, it is cut off from the control plane or from its peers, drained, deleted, taken out of service, or made
// to believe that its disk is full. They hit victims only, and no other node.
//
// A fault is confirmed by somebody on the other side of what was broken: the API server, which no longer gets an answer from
// the kubelet; a probe that runs in the node; the recorder, which saw the Node change. What a probe asks was asked when the
// fault was armed too, and was answered otherwise then.
package nodes
