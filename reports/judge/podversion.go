package judge

import (
	"bytes"
	"encoding/json"
	"hash/maphash"
	"maps"
	"strconv"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// PodVersion is what a version of a pod says that the judge is about.
type PodVersion struct {
	RV   uint64
	Seen time.Time
	// Type is history.Listed, Added, Modified or Deleted.
	Type string

	// Owner is the uid of its controller, empty if it has none; OwnerKind and OwnerName are that owner's.
	Owner, OwnerKind, OwnerName string
	// BlockOwnerDeletion is that of the controller reference.
	BlockOwnerDeletion bool
	// Tracked says that it has the finalizer batch.kubernetes.io/job-tracking.
	Tracked     bool
	Finalizers  []string
	Labels      map[string]string
	Annotations map[string]string
	// Index is the completion index by its annotation, or -1.
	Index int
	// Created is the creationTimestamp.
	Created time.Time
	// Deleting is the deletionTimestamp, which lies Grace after the deletion was asked for; zero if it was not.
	Deleting time.Time
	Grace    time.Duration

	Node, Hostname string
	// RestartPolicy is spec.restartPolicy.
	RestartPolicy corev1.RestartPolicy

	Phase  corev1.PodPhase
	Reason string
	// Ready says that its condition Ready is True. NotReady is since when it is False; zero if it is not False.
	Ready    bool
	NotReady time.Time
	// Disrupted is the reason of its condition DisruptionTarget if that is True.
	Disrupted string
	// Restarts is the sum over its containers and init containers.
	Restarts int
	// Ended is when its last container ended; zero while none has or one runs, and if one has ended nobody knows when.
	Ended time.Time
	// ExitCodes are those of its app containers that are terminated, by name.
	ExitCodes map[string]int

	ownersRaw, specRaw string
	// The sums are of what stands before the resource version and what behind it, of spec and of status.
	metadataSums       [2]uint64
	specSum, statusSum uint64
}

// Finished says that it is Succeeded or Failed.
func (p *PodVersion) Finished() bool {
	return p.Phase == corev1.PodSucceeded || p.Phase == corev1.PodFailed
}

// Active says that the Job controller counts it as active: neither finished nor marked for deletion.
func (p *PodVersion) Active() bool {
	return !p.Finished() && p.Deleting.IsZero() && p.Type != history.Deleted
}

// Terminating says that it is marked for deletion and has not finished.
func (p *PodVersion) Terminating() bool {
	return !p.Finished() && !p.Deleting.IsZero() && p.Type != history.Deleted
}

// Spec decodes the pod's spec; it costs some 50 µs, so it is for what is asked once in a pod's life. It is nil if the spec
// is none.
func (p *PodVersion) Spec() *corev1.PodSpec {
	spec := new(corev1.PodSpec)
	if json.Unmarshal([]byte(p.specRaw), spec) != nil {
		return nil
	}
	return spec
}

// RawSpec is the text of the pod's spec.
func (p *PodVersion) RawSpec() string { return p.specRaw }

// readPod reads a version of a pod. What has not changed since was is taken over from it.
func readPod(v *history.Version, was *PodVersion) *PodVersion {
	if was == nil {
		was = &PodVersion{Index: -1}
	}
	p := &PodVersion{RV: v.RV, Seen: v.Seen, Type: v.Type, Index: -1}
	s := splitPod(v.Object, len(was.specRaw), was.specSum)
	p.metadata(s.metadata, was)
	if p.specSum = was.specSum; !s.same {
		p.specSum = maphash.Bytes(seed, s.spec)
	}
	if p.specSum == was.specSum {
		p.specRaw, p.Node, p.Hostname, p.RestartPolicy = was.specRaw, was.Node, was.Hostname, was.RestartPolicy
	} else {
		p.spec(s.spec)
	}
	if p.statusSum = maphash.Bytes(seed, s.status); p.statusSum == was.statusSum {
		p.Phase, p.Reason, p.Ready, p.NotReady, p.Disrupted = was.Phase, was.Reason, was.Ready, was.NotReady, was.Disrupted
		p.Restarts, p.Ended, p.ExitCodes = was.Restarts, was.Ended, was.ExitCodes
	} else {
		p.status(s.status, was)
	}
	return p
}

// seed makes the sums of what is read: those of two texts are the same by chance once in 2^64 times, and nobody can bring
// that about. Comparing sums needs nothing of the version before to be fetched, which among thousands of pods takes longer
// than to sum up what is there.
var seed = maphash.MakeSeed()

var rvOpens = []byte(`"resourceVersion":"`)

// metadata reads the metadata, unless all but the resource version is as in was.
func (p *PodVersion) metadata(raw []byte, was *PodVersion) {
	before, after, found := bytes.Cut(raw, rvOpens)
	if found {
		_, after, _ = bytes.Cut(after, []byte(`"`))
	}
	p.metadataSums = [2]uint64{maphash.Bytes(seed, before), maphash.Bytes(seed, after)}
	if p.metadataSums == was.metadataSums {
		p.ownersRaw = was.ownersRaw
		p.Owner, p.OwnerKind, p.OwnerName, p.BlockOwnerDeletion = was.Owner, was.OwnerKind, was.OwnerName, was.BlockOwnerDeletion
		p.Tracked, p.Finalizers, p.Labels, p.Annotations, p.Index = was.Tracked, was.Finalizers, was.Labels, was.Annotations, was.Index
		p.Created, p.Deleting, p.Grace = was.Created, was.Deleting, was.Grace
		return
	}
	from := scan{json: raw}
	from.object(func(name []byte) {
		switch string(name) {
		case "creationTimestamp":
			p.Created = clock(from.raw())
		case "deletionTimestamp":
			p.Deleting = clock(from.raw())
		case "deletionGracePeriodSeconds":
			p.Grace = time.Duration(from.whole()) * time.Second
		case "labels":
			p.Labels = texts(from.raw())
		case "annotations":
			p.Annotations = texts(from.raw())
			p.Index = index(p.Annotations)
		case "ownerReferences":
			owners := from.raw()
			p.ownersRaw = string(owners)
			p.owner(owners)
		case "finalizers":
			from.list(func() {
				finalizer := string(from.text())
				p.Finalizers = append(p.Finalizers, finalizer)
				p.Tracked = p.Tracked || finalizer == batchv1.JobTrackingFinalizer
			})
		}
	})
}

// owner takes over the controller among the owners; there is one at most.
func (p *PodVersion) owner(references []byte) {
	from := scan{json: references}
	from.list(func() {
		var uid, kind, name []byte
		var controller, blocks bool
		from.object(func(field []byte) {
			switch string(field) {
			case "uid":
				uid = from.text()
			case "kind":
				kind = from.text()
			case "name":
				name = from.text()
			case "controller":
				controller = from.yes()
			case "blockOwnerDeletion":
				blocks = from.yes()
			}
		})
		if controller && p.Owner == "" {
			p.Owner, p.OwnerKind, p.OwnerName, p.BlockOwnerDeletion = string(uid), string(kind), string(name), blocks
		}
	})
}

func (p *PodVersion) spec(raw []byte) {
	p.specRaw = string(raw)
	from := scan{json: raw}
	from.object(func(name []byte) {
		switch string(name) {
		case "nodeName":
			p.Node = string(from.text())
		case "hostname":
			p.Hostname = string(from.text())
		case "restartPolicy":
			p.RestartPolicy = corev1.RestartPolicy(from.text())
		}
	})
}

func (p *PodVersion) status(raw []byte, was *PodVersion) {
	running := false
	from := scan{json: raw}
	from.object(func(name []byte) {
		switch string(name) {
		case "phase":
			p.Phase = phase(from.text())
		case "reason":
			p.Reason = string(from.text())
		case "conditions":
			from.list(func() { p.condition(&from) })
		case "containerStatuses":
			from.list(func() { running = p.container(&from, true) || running })
		case "initContainerStatuses":
			from.list(func() { running = p.container(&from, false) || running })
		}
	})
	if running {
		p.Ended = time.Time{}
	}
	if maps.Equal(p.ExitCodes, was.ExitCodes) {
		p.ExitCodes = was.ExitCodes
	}
}

func (p *PodVersion) condition(from *scan) {
	var kind, status, reason, changed []byte
	from.object(func(name []byte) {
		switch string(name) {
		case "type":
			kind = inner(from.raw())
		case "status":
			status = inner(from.raw())
		case "reason":
			reason = from.raw()
		case "lastTransitionTime":
			changed = from.raw()
		}
	})
	if string(status) == string(corev1.ConditionFalse) && string(kind) == string(corev1.PodReady) {
		p.NotReady = clock(changed)
	}
	if string(status) != string(corev1.ConditionTrue) {
		return
	}
	switch corev1.PodConditionType(kind) {
	case corev1.PodReady:
		p.Ready = true
	case corev1.DisruptionTarget:
		p.Disrupted = string(text(reason))
	}
}

// container takes over the status of a container and says whether the container has not ended. app says that it is none of
// the init containers.
func (p *PodVersion) container(from *scan, app bool) (running bool) {
	var called []byte
	var at time.Time
	var ended bool
	var exit int
	from.object(func(name []byte) {
		switch string(name) {
		case "name":
			called = from.text()
		case "restartCount":
			p.Restarts += from.whole()
		case "state":
			from.object(func(state []byte) {
				if ended = string(state) == "terminated"; !ended {
					return
				}
				from.object(func(field []byte) {
					switch string(field) {
					case "finishedAt":
						at = clock(from.raw())
					case "exitCode":
						exit = from.whole()
					}
				})
			})
		}
	})
	if !ended {
		return true
	}
	if at.After(p.Ended) {
		p.Ended = at
	}
	if app {
		if p.ExitCodes == nil {
			p.ExitCodes = map[string]int{}
		}
		p.ExitCodes[string(called)] = exit
	}
	return at.IsZero()
}

// phase returns one of the known phases, without a copy of the text.
func phase(text []byte) corev1.PodPhase {
	for _, known := range [...]corev1.PodPhase{corev1.PodPending, corev1.PodRunning, corev1.PodSucceeded, corev1.PodFailed, corev1.PodUnknown} {
		if string(text) == string(known) {
			return known
		}
	}
	return corev1.PodPhase(text)
}

// index is the completion index in a pod's annotations, or -1.
func index(annotations map[string]string) int {
	n, err := strconv.Atoi(annotations[batchv1.JobCompletionIndexAnnotation])
	if err != nil || n < 0 {
		return -1
	}
	return n
}
