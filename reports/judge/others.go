package judge

import (
	"strings"

	"github.com/tidwall/gjson"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// others is what is known of the kinds that only some specs record: Services and their EndpointSlices, and CronJobs. None of
// them is known before one was seen.
type others struct {
	services map[string]*service          // by namespace/name
	slices   map[string]map[string]*slice // by the Service's namespace/name, and their own uid
	crons    map[string]*cron             // by uid
	children map[string]map[string]*Job   // those that a CronJob made, by its uid, and their own
}

// service is a Service.
type service struct {
	headless bool
	notReady bool // it has the addresses of pods that are not ready too
	selector map[string]string
}

// slice is an EndpointSlice: the names of pods by their uid.
type slice struct{ names map[string]name }

// name is how an EndpointSlice has a pod.
type name struct {
	host  string
	ready bool
}

// cron is a CronJob.
type cron struct {
	name               string
	active             map[string]bool // the uids of the Jobs that it takes for active
	successful, failed int             // how many finished Jobs it keeps, -1 if there is no limit
}

// serviceLabel is where an EndpointSlice says whose it is.
var serviceLabel = "metadata.labels." + strings.ReplaceAll(discoveryv1.LabelServiceName, ".", `\.`)

func newOthers() *others {
	return &others{
		services: map[string]*service{}, slices: map[string]map[string]*slice{}, crons: map[string]*cron{}, children: map[string]map[string]*Job{},
	}
}

// others returns what is known of other kinds.
func (w *World) others() *others { return w.otherKinds }

// others takes in a version of a kind that has no place in the World.
func (j *Judge) others(v *history.Version) {
	o := j.world.others()
	switch v.Kind {
	case history.Services.Name:
		o.service(v)
	case history.EndpointSlices.Name:
		o.slice(v)
	case history.CronJobs.Name:
		o.cron(v)
		for _, child := range o.children[v.UID] { // to whom it is no version of their own
			for _, inv := range j.jobWaits {
				j.waits.job(inv, child)
			}
		}
	}
}

func (o *others) service(v *history.Version) {
	key := v.Namespace + "/" + v.Name
	if v.Type == history.Deleted {
		delete(o.services, key)
		return
	}
	spec := gjson.GetBytes(v.Object, "spec")
	o.services[key] = &service{
		headless: spec.Get("clusterIP").Str == corev1.ClusterIPNone,
		notReady: spec.Get("publishNotReadyAddresses").Bool(),
		selector: texts([]byte(spec.Get("selector").Raw)),
	}
}

func (o *others) slice(v *history.Version) {
	owner := gjson.GetBytes(v.Object, serviceLabel).Str
	if owner == "" {
		return
	}
	key := v.Namespace + "/" + owner
	if v.Type == history.Deleted {
		delete(o.slices[key], v.UID)
		return
	}
	s := &slice{names: map[string]name{}}
	gjson.GetBytes(v.Object, "endpoints").ForEach(func(_, e gjson.Result) bool {
		ready := e.Get("conditions.ready")
		s.names[clone(e.Get("targetRef.uid").Str)] = name{clone(e.Get("hostname").Str), !ready.Exists() || ready.Bool()}
		return true
	})
	if o.slices[key] == nil {
		o.slices[key] = map[string]*slice{}
	}
	o.slices[key][clone(v.UID)] = s
}

// named returns how the EndpointSlices of a Service have a pod.
func (o *others) named(service, uid string) (name, bool) {
	for _, s := range o.slices[service] {
		if n, has := s.names[uid]; has {
			return n, true
		}
	}
	return name{}, false
}

func (o *others) cron(v *history.Version) {
	if v.Type == history.Deleted {
		delete(o.crons, v.UID)
		return
	}
	object := gjson.ParseBytes(v.Object)
	c := &cron{
		name: clone(v.Name), active: map[string]bool{},
		successful: limit(object.Get("spec.successfulJobsHistoryLimit")), failed: limit(object.Get("spec.failedJobsHistoryLimit")),
	}
	object.Get("status.active.#.uid").ForEach(func(_, uid gjson.Result) bool {
		c.active[clone(uid.Str)] = true
		return true
	})
	o.crons[clone(v.UID)] = c
}

func limit(n gjson.Result) int {
	if !n.Exists() {
		return -1
	}
	return int(n.Int())
}

// noteChild is the hook by which the Jobs of CronJobs are known.
func noteChild(j *Job) Answer {
	parent := j.cronJob()
	if parent == "" {
		return Answer{}
	}
	children := j.World.others().children
	switch {
	case j.Gone:
		delete(children[parent], j.UID)
	case children[parent] == nil:
		children[parent] = map[string]*Job{j.UID: j}
	default:
		children[parent][j.UID] = j
	}
	return Answer{}
}

// cronJob returns the uid of the CronJob that controls a Job, empty if there is none.
func (j *Job) cronJob() string {
	for _, owner := range j.Now.Meta.OwnerReferences {
		if owner.Kind == history.CronJobs.Name && owner.Controller != nil && *owner.Controller {
			return string(owner.UID)
		}
	}
	return ""
}

// outcome returns how a version of a Job has finished: Complete or Failed, or nothing.
func (j *JobVersion) outcome() batchv1.JobConditionType {
	switch {
	case j.Is(batchv1.JobComplete):
		return batchv1.JobComplete
	case j.Is(batchv1.JobFailed):
		return batchv1.JobFailed
	default:
		return ""
	}
}
