package catalogue

import "github.com/jobproof/jobproof/chaos/controlplane"

// onControlPlane are the faults of package controlplane.
var onControlPlane = []Kind{
	{Name: "kill-controller", Says: "The controller manager is killed; the kubelet starts another.", On: OnControlPlane, Serial: true, New: ofNothing(controlplane.KillController)},
	{Name: "stop-controller", Says: "There is no controller manager until it is healed.", On: OnControlPlane, Serial: true, New: ofNothing(controlplane.StopController)},
	{Name: "pause-controller", Says: "The controller manager is frozen until it is healed.", On: OnControlPlane, Serial: true, New: ofNothing(controlplane.PauseController)},
	{Name: "hand-over-leader", Says: "Another controller manager leads.", On: OnControlPlane, Serial: true, New: ofNothing(controlplane.HandOver)},
	{Name: "kill-apiserver", Says: "The API server is killed; the kubelet starts another.", On: OnControlPlane, Serial: true, New: ofNothing(controlplane.KillAPIServer)},
	{Name: "stop-apiserver", Says: "There is no API server until it is healed.", On: OnControlPlane, Serial: true, New: ofNothing(controlplane.StopAPIServer)},
	{Name: "pause-apiserver", Says: "The API server is frozen until it is healed.", On: OnControlPlane, Serial: true, New: ofNothing(controlplane.PauseAPIServer)},
	{Name: "pause-etcd", Says: "etcd is frozen until it is healed.", On: OnControlPlane, Serial: true, New: ofNothing(controlplane.PauseEtcd)},
	{Name: "stop-scheduler", Says: "There is no scheduler until it is healed.", On: OnControlPlane, Serial: true, New: ofNothing(controlplane.StopScheduler)},
	{Name: "stop-dns", Says: "There is no cluster DNS until it is healed.", On: OnControlPlane, Serial: true, New: ofNothing(controlplane.StopDNS)},
	{Name: "slow-dns", Says: "The cluster DNS answers late until it is healed.", On: OnControlPlane, Serial: true, New: ofNothing(controlplane.SlowDNS)},
}
