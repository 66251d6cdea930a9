package controlplane

import (
	"cmp"
	"context"
	"fmt"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	watchtools "k8s.io/client-go/tools/watch"

	"github.com/jobproof/jobproof/chaos"
)

// vacated is the action that takes the holder off a component's Lease. One that was killed never gives it back, and its
// successor would wait for 15 s (LeaseDuration, k8s.io/component-base/config/v1alpha1/defaults.go:38). One that is well
// takes it again when it next renews it, within 2 s (RetryPeriod, :44).
func (c component) vacated() chaos.Action {
	return chaos.Action{Patch: &chaos.Patch{
		Object: chaos.Object{
			Group: coordinationv1.GroupName, Version: "v1", Resource: "leases", Namespace: metav1.NamespaceSystem, Name: c.lease,
		},
		Merge: vacant,
	}}
}

// vacant is the merge patch of a Lease that nobody holds.
const vacant = `{"spec":{"holderIdentity":""}}`

// holder returns who holds the component's Lease, "" if nobody does.
func (c component) holder(ctx context.Context, site *chaos.Site) (string, error) {
	lease, err := site.Clients.CoordinationV1().Leases(metav1.NamespaceSystem).Get(ctx, c.lease, metav1.GetOptions{})
	if err != nil {
		return "", fmt.Errorf("who leads as %s: %w", c.name, err)
	}
	return holderOf(lease), nil
}

func holderOf(lease *coordinationv1.Lease) string {
	if lease == nil || lease.Spec.HolderIdentity == nil {
		return ""
	}
	return *lease.Spec.HolderIdentity
}

// renewed waits until the component's Lease is renewed: whoever does that leads, for nobody does it after its death.
func (c component) renewed(ctx context.Context, site *chaos.Site) error {
	var since time.Time
	seen := false
	return c.follow(ctx, site.Clients, func(lease *coordinationv1.Lease) bool {
		if holderOf(lease) == "" || lease.Spec.RenewTime == nil {
			return false
		}
		if !seen {
			since, seen = lease.Spec.RenewTime.Time, true
		}
		return lease.Spec.RenewTime.After(since)
	})
}

// follow watches the component's Lease until it is as wanted; it is nil while there is none.
func (c component) follow(ctx context.Context, clients kubernetes.Interface, is func(*coordinationv1.Lease) bool) error {
	leases := clients.CoordinationV1().Leases(metav1.NamespaceSystem)
	selector := fields.OneTermEqualSelector(metav1.ObjectNameField, c.lease).String()
	list := cache.ToListWatcherWithWatchListSemantics(&cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			options.FieldSelector = selector
			return leases.List(ctx, options)
		},
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			options.FieldSelector = selector
			return leases.Watch(ctx, options)
		},
	}, clients)
	if err := await(ctx, list, func(all []*coordinationv1.Lease) bool {
		if len(all) == 0 {
			return is(nil)
		}
		return is(all[0])
	}); err != nil {
		return fmt.Errorf("the Lease %s: %w", c.lease, err)
	}
	return nil
}

// await lists and watches objects until they are as wanted. Watches that break are taken up again.
func await[T runtime.Object](ctx context.Context, list cache.ListerWatcher, are func([]T) bool) error {
	var store cache.Store
	now := func() (bool, error) {
		var all []T
		for _, object := range store.List() {
			all = append(all, object.(T))
		}
		return are(all), nil
	}
	listed := func(filled cache.Store) (bool, error) {
		store = filled
		return now()
	}
	var kind T
	if _, err := watchtools.UntilWithSync(ctx, list, kind, listed, func(watch.Event) (bool, error) { return now() }); err != nil {
		return cmp.Or(ctx.Err(), err)
	}
	return nil
}
