package history

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// How a version came to be seen.
const (
	Listed   = "LISTED" // it was there when its kind was listed
	Added    = "ADDED"
	Modified = "MODIFIED"
	Deleted  = "DELETED"
)

// Version is one state of one object as the API server showed it.
type Version struct {
	// Seen is when the recorder received it, on the recorder's clock.
	Seen time.Time
	// Type is one of Listed, Added, Modified and Deleted.
	Type string
	// Kind is the Name of a Kind.
	Kind string
	// Namespace is empty for nodes.
	Namespace, Name, UID string
	// RV is the resource version; that of a Deleted version is the deletion's own.
	RV uint64
	// Object is the object's JSON, managedFields included. Objects that were listed carry no kind and apiVersion.
	Object json.RawMessage

	typed *typed
}

// typed holds an object once it has been decoded; copies of a Version share it.
type typed struct {
	once   sync.Once
	object metav1.Object
	err    error
}

// Job returns the version as a Job, or nil if it is another kind or does not decode. Nobody may change what the typed
// accessors return: it is decoded once and shared.
func (v Version) Job() *batchv1.Job { return as[*batchv1.Job](v) }

// Pod returns the version as a Pod, or nil.
func (v Version) Pod() *corev1.Pod { return as[*corev1.Pod](v) }

// Event returns the version as a core/v1 Event, or nil.
func (v Version) Event() *corev1.Event { return as[*corev1.Event](v) }

// Node returns the version as a Node, or nil.
func (v Version) Node() *corev1.Node { return as[*corev1.Node](v) }

// CronJob returns the version as a CronJob, or nil.
func (v Version) CronJob() *batchv1.CronJob { return as[*batchv1.CronJob](v) }

// Service returns the version as a Service, or nil.
func (v Version) Service() *corev1.Service { return as[*corev1.Service](v) }

// EndpointSlice returns the version as an EndpointSlice, or nil.
func (v Version) EndpointSlice() *discoveryv1.EndpointSlice { return as[*discoveryv1.EndpointSlice](v) }

// Claim returns the version as a PersistentVolumeClaim, or nil.
func (v Version) Claim() *corev1.PersistentVolumeClaim { return as[*corev1.PersistentVolumeClaim](v) }

// Clone returns the version with an Object of its own, which stays valid when a Reader goes on.
func (v Version) Clone() Version {
	v.Object, v.typed = bytes.Clone(v.Object), &typed{}
	return v
}

func as[T metav1.Object](v Version) T {
	var none T
	object, err := v.decode()
	if err != nil {
		return none
	}
	if object, ok := object.(T); ok {
		return object
	}
	return none
}

func (v Version) decode() (metav1.Object, error) {
	if v.typed == nil {
		return decode(v.Kind, v.Object)
	}
	v.typed.once.Do(func() { v.typed.object, v.typed.err = decode(v.Kind, v.Object) })
	return v.typed.object, v.typed.err
}

// decode returns nil without an error for a kind that has no accessor.
func decode(kind string, raw json.RawMessage) (metav1.Object, error) {
	var object metav1.Object
	switch kind {
	case Jobs.Name:
		object = &batchv1.Job{}
	case Pods.Name:
		object = &corev1.Pod{}
	case Events.Name:
		object = &corev1.Event{}
	case Nodes.Name:
		object = &corev1.Node{}
	case CronJobs.Name:
		object = &batchv1.CronJob{}
	case Services.Name:
		object = &corev1.Service{}
	case EndpointSlices.Name:
		object = &discoveryv1.EndpointSlice{}
	case PersistentVolumeClaims.Name:
		object = &corev1.PersistentVolumeClaim{}
	default:
		return nil, nil
	}
	if err := json.Unmarshal(raw, object); err != nil {
		return nil, fmt.Errorf("decode %s: %w", kind, err)
	}
	return object, nil
}
