package history

import (
	"cmp"
	"slices"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Live is the latest version of each object that exists.
type Live struct {
	versions map[string]Version // by uid
	reached  map[string]uint64  // the last resource version by the kind's name
}

// State is how one Job stands at a moment. Nobody may change what it points to.
type State struct {
	// Job is nil if it is not there, or no longer.
	Job *batchv1.Job
	// Pods are those it controls, oldest first.
	Pods []*corev1.Pod
	// Orphans are those that it made and does not control any more, oldest first.
	Orphans []*corev1.Pod
	// Events are those about the Job, the one written last at the end.
	Events []*corev1.Event
	// Nodes are all nodes, by name.
	Nodes []*corev1.Node
}

// Latest returns the latest version of the object, or false if it is not there.
func (l *Live) Latest(uid string) (Version, bool) {
	v, ok := l.versions[uid]
	return v, ok
}

// Reached returns the resource version up to which a kind has been recorded. Who has changed an object through the API
// knows from it that the change has been seen, even if the object is gone since.
func (l *Live) Reached(kind Kind) uint64 { return l.reached[kind.Name] }

// Jobs returns the Jobs that exist, by name.
func (l *Live) Jobs() []*batchv1.Job { return each(l, Jobs, byName[*batchv1.Job]) }

// Pods returns the pods that exist, oldest first.
func (l *Live) Pods() []*corev1.Pod { return each(l, Pods, byAge[*corev1.Pod]) }

// Events returns the Events that exist, the one written last at the end.
func (l *Live) Events() []*corev1.Event {
	return each(l, Events, func(a, b *corev1.Event) int {
		return cmp.Compare(l.versions[string(a.UID)].RV, l.versions[string(b.UID)].RV)
	})
}

// Nodes returns the nodes, by name.
func (l *Live) Nodes() []*corev1.Node { return each(l, Nodes, byName[*corev1.Node]) }

// CronJobs returns the CronJobs that exist, by name, if the kind is recorded.
func (l *Live) CronJobs() []*batchv1.CronJob { return each(l, CronJobs, byName[*batchv1.CronJob]) }

// Services returns the Services that exist, by name, if the kind is recorded.
func (l *Live) Services() []*corev1.Service { return each(l, Services, byName[*corev1.Service]) }

// EndpointSlices returns the EndpointSlices that exist, by name, if the kind is recorded.
func (l *Live) EndpointSlices() []*discoveryv1.EndpointSlice {
	return each(l, EndpointSlices, byName[*discoveryv1.EndpointSlice])
}

// Claims returns the PersistentVolumeClaims that exist, by name, if the kind is recorded.
func (l *Live) Claims() []*corev1.PersistentVolumeClaim {
	return each(l, PersistentVolumeClaims, byName[*corev1.PersistentVolumeClaim])
}

// PodsOf returns the pods whose controller is the Job with that uid, oldest first.
func (l *Live) PodsOf(jobUID string) []*corev1.Pod {
	return slices.DeleteFunc(l.Pods(), func(pod *corev1.Pod) bool { return controller(pod) != jobUID })
}

// State returns how the Job of that name stands. The pods and Events of a Job that is gone are found by its uid; an
// empty uid means that of the Job that is there. Of a Job that is gone and whose uid nobody knows only Orphans are known:
// the pods with its name.
func (l *Live) State(name, uid string) State {
	state := State{Nodes: l.Nodes()}
	for _, job := range l.Jobs() {
		if job.Name == name && (uid == "" || string(job.UID) == uid) {
			state.Job, uid = job, string(job.UID)
			break
		}
	}
	if uid == "" {
		state.Orphans = slices.DeleteFunc(l.Pods(), func(pod *corev1.Pod) bool { return pod.Labels[batchv1.JobNameLabel] != name })
		return state
	}
	state.Pods = l.PodsOf(uid)
	state.Orphans = slices.DeleteFunc(l.Pods(), func(pod *corev1.Pod) bool {
		return pod.Labels[batchv1.ControllerUidLabel] != uid || controller(pod) != ""
	})
	state.Events = slices.DeleteFunc(l.Events(), func(event *corev1.Event) bool {
		return string(event.InvolvedObject.UID) != uid
	})
	return state
}

// controller returns the uid of an object's controller, or nothing.
func controller(object metav1.Object) string {
	owner := metav1.GetControllerOfNoCopy(object)
	if owner == nil {
		return ""
	}
	return string(owner.UID)
}

// each returns the live objects of a kind, sorted. One that does not decode is left out.
func each[T metav1.Object](l *Live, kind Kind, order func(a, b T) int) []T {
	var objects []T
	for _, v := range l.versions {
		if v.Kind != kind.Name {
			continue
		}
		object, err := v.decode()
		if typed, ok := object.(T); ok && err == nil {
			objects = append(objects, typed)
		}
	}
	slices.SortFunc(objects, order)
	return objects
}

func byName[T metav1.Object](a, b T) int {
	return cmp.Or(cmp.Compare(a.GetName(), b.GetName()), cmp.Compare(a.GetUID(), b.GetUID()))
}

func byAge[T metav1.Object](a, b T) int {
	return cmp.Or(a.GetCreationTimestamp().Time.Compare(b.GetCreationTimestamp().Time), byName(a, b))
}
