package disruption

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	watchtools "k8s.io/client-go/tools/watch"
)

// await watches one object until it is as wanted; it is nil while there is none. The recorder of a scenario does not
// serve for this: it is stopped before a spec's clean-up runs, and does not see Leases.
func await[T runtime.Object](ctx context.Context, list cache.ListerWatcher, is func(T) bool) error {
	var store cache.Store
	now := func() (bool, error) {
		var object T
		for _, stored := range store.List() {
			object = stored.(T)
		}
		return is(object), nil
	}
	listed := func(filled cache.Store) (bool, error) {
		store = filled
		return now()
	}
	var kind T
	_, err := watchtools.UntilWithSync(ctx, list, kind, listed, func(watch.Event) (bool, error) { return now() })
	return err
}

// leaseWatch lists and watches the one Lease.
func leaseWatch(clients kubernetes.Interface, namespace, name string) cache.ListerWatcher {
	leases := clients.CoordinationV1().Leases(namespace)
	return only(clients, name, leases.List, leases.Watch)
}

// nodeWatch lists and watches the one node.
func nodeWatch(clients kubernetes.Interface, name string) cache.ListerWatcher {
	nodes := clients.CoreV1().Nodes()
	return only(clients, name, nodes.List, nodes.Watch)
}

// only narrows the list and the watch of a kind to the object of one name.
func only[L runtime.Object](clients kubernetes.Interface, name string, list func(context.Context, metav1.ListOptions) (L, error),
	follow func(context.Context, metav1.ListOptions) (watch.Interface, error),
) cache.ListerWatcher {
	selector := fields.OneTermEqualSelector(metav1.ObjectNameField, name).String()
	return cache.ToListWatcherWithWatchListSemantics(&cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			options.FieldSelector = selector
			return list(ctx, options)
		},
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			options.FieldSelector = selector
			return follow(ctx, options)
		},
	}, clients)
}
