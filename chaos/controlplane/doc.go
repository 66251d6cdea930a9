// Package controlplane holds the faults that hit the control plane of a cluster made here: the controller manager, the
// scheduler, the API server, etcd and the cluster's DNS are killed, taken away for a while, or frozen, and the controllers
// are handed over to a second controller manager. They hit everybody who uses the cluster, so they are for specs that run
// alone.
package controlplane
