package disruption

import (
	"context"
	"testing"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"
)

const lent = "jobproof-victim-worker"

// lentTo is a Lease that somebody has held for that long.
func lentTo(holder string, ago time.Duration) *coordinationv1.Lease {
	since := metav1.NewMicroTime(time.Now().Add(-ago))
	return &coordinationv1.Lease{
		ObjectMeta: metav1.ObjectMeta{Name: lent, Namespace: metav1.NamespaceSystem, UID: "theirs"},
		Spec:       coordinationv1.LeaseSpec{HolderIdentity: &holder, AcquireTime: &since, RenewTime: &since},
	}
}

func TestAcquireTakesAFreeLease(t *testing.T) {
	clients := fake.NewClientset()
	lease, err := acquire(t.Context(), clients, lent, "me")
	if err != nil {
		t.Fatal(err)
	}
	if *lease.Spec.HolderIdentity != "me" || lease.Spec.RenewTime.IsZero() || *lease.Spec.LeaseDurationSeconds != int32(loan.Seconds()) {
		t.Errorf("took %+v", lease.Spec)
	}
	if err := release(t.Context(), clients, lease); err != nil {
		t.Fatal(err)
	}
	if left, err := clients.CoordinationV1().Leases("").List(t.Context(), metav1.ListOptions{}); err != nil || len(left.Items) != 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

func TestAcquireWaitsUntilTheLeaseIsGivenBack(t *testing.T) {
	clients := fake.NewClientset()
	theirs, err := acquire(t.Context(), clients, lent, "them")
	if err != nil {
		t.Fatal(err)
	}
	waits := make(chan struct{})
	clients.PrependWatchReactor("leases", func(clienttesting.Action) (bool, watch.Interface, error) {
		close(waits)
		return false, nil, nil
	})
	taken := make(chan *coordinationv1.Lease, 1)
	go func() {
		lease, err := acquire(t.Context(), clients, lent, "me")
		if err != nil {
			t.Error(err)
		}
		taken <- lease
	}()
	<-waits
	select {
	case lease := <-taken:
		t.Fatalf("took %v while it was theirs", lease)
	default:
	}
	if err := release(t.Context(), clients, theirs); err != nil {
		t.Fatal(err)
	}
	if lease := <-taken; lease == nil || *lease.Spec.HolderIdentity != "me" {
		t.Errorf("took %v", lease)
	}
}

func TestAcquireTakesOverALeaseThatWasNeverGivenBack(t *testing.T) {
	lease, err := acquire(t.Context(), fake.NewClientset(lentTo("them", loan+time.Minute)), lent, "me")
	if err != nil || *lease.Spec.HolderIdentity != "me" {
		t.Errorf("took %v, %v", lease, err)
	}
}

func TestAcquireEndsWithTheSpec(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	lease, err := acquire(ctx, fake.NewClientset(lentTo("them", 0)), lent, "me")
	if lease != nil || err == nil {
		t.Errorf("took %v, error %v", lease, err)
	}
}

func TestReleaseDoesNotMindThatTheLeaseIsGone(t *testing.T) {
	if err := release(t.Context(), fake.NewClientset(), lentTo("me", 0)); err != nil {
		t.Error(err)
	}
}
