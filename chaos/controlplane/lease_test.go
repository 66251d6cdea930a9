package controlplane

import (
	"context"
	"errors"
	"testing"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/fixtures/cluster"
)

func leaseOf(holder string, renewed time.Time) *coordinationv1.Lease {
	return &coordinationv1.Lease{
		ObjectMeta: metav1.ObjectMeta{Name: scheduler.lease, Namespace: metav1.NamespaceSystem},
		Spec:       coordinationv1.LeaseSpec{HolderIdentity: &holder, RenewTime: new(metav1.NewMicroTime(renewed))},
	}
}

func TestOnlyARenewalIsASignOfLife(t *testing.T) {
	then := time.Now()
	clients := fake.NewClientset(leaseOf("dead", then))
	site := &chaos.Site{Clients: clients}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := scheduler.renewed(ctx, site); err == nil {
		t.Fatal("a Lease that nobody renews is taken for one that somebody does")
	}
	done := make(chan error)
	go func() { done <- scheduler.renewed(t.Context(), site) }()
	for after := range 3 { // the first may come before it is listed, and one without a holder does not count
		time.Sleep(100 * time.Millisecond)
		holder := "alive"
		if after == 1 {
			holder = ""
		}
		lease := leaseOf(holder, then.Add(time.Duration(after+1)*time.Second))
		if _, err := clients.CoordinationV1().Leases(lease.Namespace).Update(t.Context(), lease, metav1.UpdateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestServersAreThoseThatServe(t *testing.T) {
	endpoints := []*discoveryv1.EndpointSlice{
		{Endpoints: []discoveryv1.Endpoint{
			{Conditions: discoveryv1.EndpointConditions{Serving: new(true)}},
			{Conditions: discoveryv1.EndpointConditions{Serving: new(true), Terminating: new(true), Ready: new(false)}},
			{Conditions: discoveryv1.EndpointConditions{Serving: new(false)}},
		}},
		{Endpoints: []discoveryv1.Endpoint{{}}},
	}
	if got := servers(endpoints); got != 3 {
		t.Errorf("%d of them serve, want 3", got)
	}
	if got := servers(nil); got != 0 {
		t.Errorf("%d serve where there is nobody", got)
	}
}

func TestNothingIsForClustersOfOthers(t *testing.T) {
	site := &chaos.Site{Cluster: &cluster.Cluster{Name: "theirs"}}
	for _, fault := range []chaos.Fault{
		KillController(), StopController(), PauseController(), HandOver(), KillAPIServer(), StopAPIServer(), PauseAPIServer(),
		PauseEtcd(), StopScheduler(), StopDNS(), SlowDNS(),
	} {
		if _, err := fault.Arm(t.Context(), site); !errors.Is(err, chaos.ErrNotHere) {
			t.Errorf("%s: armed with %v", fault.Name(), err)
		}
	}
}

func TestAMachineOfTheControlPlaneIsNeeded(t *testing.T) {
	site := &chaos.Site{Cluster: &cluster.Cluster{Name: "ours", Made: true}}
	if _, err := KillController().Arm(t.Context(), site); err == nil {
		t.Error("armed on a cluster whose description has no such machine")
	}
}
