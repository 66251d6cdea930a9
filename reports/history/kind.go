package history

import "path"

// Kind is a kind of object that can be recorded.
type Kind struct {
	// Name is the singular name as it stands in manifests: Job, Pod.
	Name string
	// API is the path of the group and version: /api/v1, /apis/batch/v1.
	API string
	// Resource is the plural name in request paths.
	Resource string
	// ClusterWide is true for kinds without a namespace; all objects of such a kind are recorded.
	ClusterWide bool
}

// The kinds that specs record. Events are the core/v1 ones, which the Job controller writes.
var (
	Jobs                   = Kind{Name: "Job", API: "/apis/batch/v1", Resource: "jobs"}
	Pods                   = Kind{Name: "Pod", API: "/api/v1", Resource: "pods"}
	Events                 = Kind{Name: "Event", API: "/api/v1", Resource: "events"}
	Nodes                  = Kind{Name: "Node", API: "/api/v1", Resource: "nodes", ClusterWide: true}
	CronJobs               = Kind{Name: "CronJob", API: "/apis/batch/v1", Resource: "cronjobs"}
	Services               = Kind{Name: "Service", API: "/api/v1", Resource: "services"}
	EndpointSlices         = Kind{Name: "EndpointSlice", API: "/apis/discovery.k8s.io/v1", Resource: "endpointslices"}
	PersistentVolumeClaims = Kind{Name: "PersistentVolumeClaim", API: "/api/v1", Resource: "persistentvolumeclaims"}
)

// known are the kinds that have a typed accessor.
var known = []Kind{Jobs, Pods, Events, Nodes, CronJobs, Services, EndpointSlices, PersistentVolumeClaims}

// Default is what a scenario records unless it asks for more.
var Default = []Kind{Jobs, Pods, Events, Nodes}

// path is the request path of the kind's collection in a namespace, or in all of them if it is empty.
func (k Kind) path(namespace string) string {
	if k.ClusterWide || namespace == "" {
		return path.Join(k.API, k.Resource)
	}
	return path.Join(k.API, "namespaces", namespace, k.Resource)
}
