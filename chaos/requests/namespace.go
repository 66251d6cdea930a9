package requests

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
	watchtools "k8s.io/client-go/tools/watch"

	"github.com/jobproof/jobproof/chaos"
)

// TerminateNamespace deletes the site's namespace, which nothing brings back. It is confirmed by a dry run: no pod is made
// there any more.
//
// A namespace waits for its pods before it deletes anything else, and some pods wait for their Job: so it may hang forever.
// Healing it therefore deletes the Jobs that were there when it was armed, and waits until the namespace is gone.
func TerminateNamespace() chaos.Fault { return &termination{} }

type termination struct{ probe *prober }

func (*termination) Name() string   { return "terminate-namespace" }
func (*termination) Target() string { return "namespace" }

func (*termination) Bounds() chaos.Bounds {
	return chaos.Bounds{Confirm: bounds.Confirm, Heal: 3 * time.Minute, Origin: "a namespace with a handful of pods was gone 30 s, which is the " +
		"grace period of pods, after it was deleted; the controller looks again after half of what it expects to wait " +
		"(pkg/controller/namespace/namespace_controller.go); doubled for a busy machine"}
}

func (t *termination) Arm(ctx context.Context, site *chaos.Site) (undo chaos.Undo, err error) {
	if err := site.MayHitPods(ctx); err != nil {
		return nil, err
	}
	if t.probe, err = newProber(site); err != nil {
		return nil, err
	}
	jobs, err := site.Clients.BatchV1().Jobs(site.Namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}
	for _, job := range jobs.Items {
		undo = append(undo, chaos.Action{Delete: &chaos.Object{
			Group: "batch", Version: "v1", Resource: "jobs", Namespace: site.Namespace, Name: job.Name,
		}})
	}
	return undo, nil
}

func (t *termination) Inject(ctx context.Context, site *chaos.Site) error {
	return site.Clients.CoreV1().Namespaces().Delete(ctx, site.Namespace, metav1.DeleteOptions{})
}

// Confirm takes the words of the admission plugin NamespaceLifecycle, of a namespace that is going and of one that is gone.
func (t *termination) Confirm(ctx context.Context, site *chaos.Site) (string, error) {
	return t.probe.refused(ctx, "because it is being terminated", `namespaces "`+site.Namespace+`" not found`)
}

func (t *termination) Healed(ctx context.Context, site *chaos.Site) error {
	if _, err := site.Clients.CoreV1().Namespaces().Get(ctx, site.Namespace, metav1.GetOptions{}); apierrors.IsNotFound(err) {
		return nil
	}
	if err := t.probe.ask(ctx); err == nil {
		return nil // it was never deleted
	}
	return gone(ctx, site)
}

// gone watches the namespace until it is gone.
func gone(ctx context.Context, site *chaos.Site) error {
	namespaces := site.Clients.CoreV1().Namespaces()
	only := fields.OneTermEqualSelector(metav1.ObjectNameField, site.Namespace).String()
	list := cache.ToListWatcherWithWatchListSemantics(&cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			options.FieldSelector = only
			return namespaces.List(ctx, options)
		},
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			options.FieldSelector = only
			return namespaces.Watch(ctx, options)
		},
	}, site.Clients)
	_, err := watchtools.UntilWithSync(ctx, list, &corev1.Namespace{},
		func(store cache.Store) (bool, error) { return len(store.List()) == 0, nil },
		func(event watch.Event) (bool, error) { return event.Type == watch.Deleted, nil })
	return err
}
