package controlplane

import (
	"context"
	"fmt"
	"time"

	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"

	"github.com/jobproof/jobproof/chaos"
)

// Names of the cluster's DNS as kubeadm sets it up (cmd/kubeadm/app/phases/addons/dns/manifests.go).
const (
	dnsDeployment = "coredns"
	dnsService    = "kube-dns"
	dnsTarget     = "deployment/" + dnsDeployment
)

// StopDNS takes the cluster's DNS away until it is healed: its Deployment is scaled to none. The EndpointSlices of its
// Service confirm it: nobody serves. Once healed, as many serve as before.
func StopDNS() chaos.Fault { return &noDNS{} }

type noDNS struct{ replicas int32 }

func (n *noDNS) Name() string   { return "stop-dns" }
func (n *noDNS) Target() string { return dnsTarget }

func (n *noDNS) Bounds() chaos.Bounds {
	return chaos.Bounds{Confirm: time.Minute, Heal: 3 * time.Minute, Origin: "on two cores, as busy as with some hundred " +
		"processes at a time, nobody served after 13 to 22 s, of which CoreDNS goes on for 5 s (lameduck), and all served again after 23 s"}
}

func (n *noDNS) Arm(ctx context.Context, site *chaos.Site) (chaos.Undo, error) {
	if err := site.MayHitControlPlane(); err != nil {
		return nil, err
	}
	scale, err := site.Clients.AppsV1().Deployments(metav1.NamespaceSystem).GetScale(ctx, dnsDeployment, metav1.GetOptions{})
	if err != nil {
		return nil, err
	}
	if n.replicas = scale.Spec.Replicas; n.replicas == 0 {
		return nil, fmt.Errorf("the %s has no replicas already: run make heal", dnsTarget)
	}
	return chaos.Undo{{Patch: n.scaled(n.replicas)}}, nil
}

// scaled is the patch that gives the Deployment that many replicas.
func (n *noDNS) scaled(replicas int32) *chaos.Patch {
	return &chaos.Patch{
		Object: chaos.Object{
			Group: "apps", Version: "v1", Resource: "deployments", Namespace: metav1.NamespaceSystem, Name: dnsDeployment,
		},
		Merge: fmt.Sprintf(`{"spec":{"replicas":%d}}`, replicas),
	}
}

func (n *noDNS) Inject(ctx context.Context, site *chaos.Site) error {
	_, err := site.Clients.AppsV1().Deployments(metav1.NamespaceSystem).
		Patch(ctx, dnsDeployment, types.MergePatchType, []byte(n.scaled(0).Merge), metav1.PatchOptions{})
	return err
}

func (n *noDNS) Confirm(ctx context.Context, site *chaos.Site) (observed string, err error) {
	if err := serving(ctx, site, func(servers int) bool { return servers == 0 }); err != nil {
		return "", err
	}
	return fmt.Sprintf("the EndpointSlices of the Service %s have nobody that serves", dnsService), nil
}

func (n *noDNS) Healed(ctx context.Context, site *chaos.Site) error {
	return serving(ctx, site, func(servers int) bool { return servers >= int(n.replicas) })
}

// serving waits until as many serve the cluster's DNS as wanted. One that terminates serves on until it is not ready, and is
// asked if nobody else is there.
func serving(ctx context.Context, site *chaos.Site, as func(servers int) bool) error {
	endpoints := site.Clients.DiscoveryV1().EndpointSlices(metav1.NamespaceSystem)
	selector := labels.Set{discoveryv1.LabelServiceName: dnsService}.String()
	list := cache.ToListWatcherWithWatchListSemantics(&cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			options.LabelSelector, options.FieldSelector = selector, fields.Everything().String()
			return endpoints.List(ctx, options)
		},
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			options.LabelSelector, options.FieldSelector = selector, fields.Everything().String()
			return endpoints.Watch(ctx, options)
		},
	}, site.Clients)
	return await(ctx, list, func(all []*discoveryv1.EndpointSlice) bool { return as(servers(all)) })
}

// servers counts the endpoints that serve.
func servers(all []*discoveryv1.EndpointSlice) (count int) {
	for _, slice := range all {
		for _, endpoint := range slice.Endpoints {
			if endpoint.Conditions.Serving == nil || *endpoint.Conditions.Serving { // nil means yes
				count++
			}
		}
	}
	return count
}
