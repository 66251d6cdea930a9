package disruption

import (
	"context"
	"fmt"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// loan is how long a Lease holds: longer than all waits of a spec that breaks a node together. One that is older was
// never given back, because its process was killed, and may be taken over.
const loan = 30 * time.Minute

// acquire takes the Lease of that name for a holder. If somebody else has it, it waits until the Lease is given back or
// is older than loan. Its error is the API server's, or ctx's.
func acquire(ctx context.Context, clients kubernetes.Interface, name, holder string) (*coordinationv1.Lease, error) {
	leases := clients.CoordinationV1().Leases(metav1.NamespaceSystem)
	for {
		mine := &coordinationv1.Lease{
			ObjectMeta: metav1.ObjectMeta{Name: name},
			Spec: coordinationv1.LeaseSpec{
				HolderIdentity: &holder, LeaseDurationSeconds: new(int32(loan.Seconds())),
				AcquireTime: new(metav1.NowMicro()), RenewTime: new(metav1.NowMicro()),
			},
		}
		taken, err := leases.Create(ctx, mine, metav1.CreateOptions{})
		if err == nil {
			return taken, nil
		}
		if !apierrors.IsAlreadyExists(err) {
			return nil, fmt.Errorf("borrow the Lease %s: %w", name, err)
		}
		theirs, err := leases.Get(ctx, name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			continue // it was given back meanwhile
		}
		if err != nil {
			return nil, fmt.Errorf("borrow the Lease %s: %w", name, err)
		}
		if due := theirs.Spec.RenewTime.Add(loan); time.Now().Before(due) {
			if err := returned(ctx, clients, theirs, due); err != nil {
				return nil, fmt.Errorf("borrow the Lease %s from %s: %w", name, *theirs.Spec.HolderIdentity, err)
			}
			continue
		}
		if err := release(ctx, clients, theirs); err != nil {
			return nil, err
		}
	}
}

// returned waits until a Lease is no longer what it was, or is due.
func returned(ctx context.Context, clients kubernetes.Interface, lease *coordinationv1.Lease, due time.Time) error {
	bounded, cancel := context.WithDeadline(ctx, due)
	defer cancel()
	err := await(bounded, leaseWatch(clients, lease.Namespace, lease.Name), func(now *coordinationv1.Lease) bool {
		return now == nil || now.UID != lease.UID
	})
	if bounded.Err() != nil && ctx.Err() == nil {
		return nil
	}
	return err
}

// release gives a Lease back, unless it is somebody else's by now.
func release(ctx context.Context, clients kubernetes.Interface, lease *coordinationv1.Lease) error {
	err := clients.CoordinationV1().Leases(lease.Namespace).Delete(ctx, lease.Name, metav1.DeleteOptions{
		Preconditions: metav1.NewUIDPreconditions(string(lease.UID)),
	})
	if err != nil && !apierrors.IsNotFound(err) && !apierrors.IsConflict(err) {
		return fmt.Errorf("give back the Lease %s: %w", lease.Name, err)
	}
	return nil
}
