package judge

import (
	"strings"
	"time"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// World is all that exists at a moment of a history, as far as the judge is about it.
type World struct {
	Header history.Header
	// Clock is the latest time at which a version was seen, on the recorder's clock.
	Clock time.Time
	// Refusals are, by the uid of a Job, why it was last refused a pod, until it is given one.
	Refusals map[string]Refusal

	jobs       map[string]*Job            // by uid
	pods       map[string]*Pod            // by uid
	named      map[string]*Pod            // the same by namespace/name
	namedJobs  map[string]*Job            // the Jobs by namespace/name
	nodes      map[string]*Node           // by name
	orphans    map[string]map[string]*Pod // by the uid of a controller that was not seen yet, and their own
	gap        map[string]bool            // kinds of which something is missing
	tookOver   bool                       // another controller manager leads at the end than at the beginning
	otherKinds *others
	nodesKnown bool // at least one node was seen
}

// Refusal is why and when the API server refused a Job a pod.
type Refusal struct {
	Message string
	Seen    time.Time
}

func newWorld(header history.Header) *World {
	return &World{
		Header: header, Refusals: map[string]Refusal{},
		jobs: map[string]*Job{}, pods: map[string]*Pod{}, named: map[string]*Pod{}, namedJobs: map[string]*Job{}, nodes: map[string]*Node{},
		orphans: map[string]map[string]*Pod{}, gap: map[string]bool{}, otherKinds: newOthers(),
	}
}

// Job returns the Job of that uid if it exists, Pod the pod of that uid, PodNamed that of a name.
func (w *World) Job(uid string) *Job { return w.jobs[uid] }

// Pod returns the pod of that uid if it exists, otherwise nil.
func (w *World) Pod(uid string) *Pod { return w.pods[uid] }

// PodNamed returns the pod of that name if it exists, otherwise nil.
func (w *World) PodNamed(namespace, name string) *Pod { return w.named[namespace+"/"+name] }

// Node returns the node of that name if it exists, otherwise nil.
func (w *World) Node(name string) *Node { return w.nodes[name] }

// AtLeast says whether the cluster's Kubernetes is of a minor version or newer: AtLeast(1, 36). It is true if the version
// is not known.
func (w *World) AtLeast(major, minor int) bool {
	have, ok := minorOf(w.Header.Kubernetes)
	return !ok || have[0] > major || have[0] == major && have[1] >= minor
}

// jobsOf returns the Jobs that a write is about: one, or all of a namespace if it deletes a collection.
func (w *World) jobsOf(write *history.Write) []*Job {
	if write.Verb != "deletecollection" {
		if j := w.namedJobs[write.Namespace+"/"+write.Name]; j != nil {
			return []*Job{j}
		}
		return nil
	}
	var all []*Job
	for _, j := range w.jobs {
		if j.Namespace == write.Namespace {
			all = append(all, j)
		}
	}
	return all
}

// job takes in a version of a Job.
func (w *World) job(v *history.Version) (*Job, error) {
	j := w.jobs[v.UID]
	if j == nil {
		j = &Job{
			World: w, Namespace: clone(v.Namespace), Name: clone(v.Name), UID: clone(v.UID),
			FromBirth: v.Type == history.Added, Pods: map[string]*Pod{},
			ActiveAt: map[int]int{}, OpenAt: map[int]int{}, First: map[batchv1.JobConditionType]uint64{},
		}
	}
	now, err := readJob(v, j.Now)
	if err != nil {
		return nil, err
	}
	w.jobs[j.UID], w.namedJobs[j.Namespace+"/"+j.Name] = j, j
	j.Was, j.Now, j.Gone = j.Now, now, v.Type == history.Deleted
	for _, c := range now.Status.Conditions {
		if j.First[c.Type] == 0 && now.Is(c.Type) {
			j.First[c.Type] = v.RV
		}
	}
	for uid, p := range w.orphans[j.UID] {
		p.Job = j
		j.take(p)
		delete(w.orphans[j.UID], uid)
	}
	delete(w.orphans, j.UID)
	return j, nil
}

// pod takes in a version of a pod.
func (w *World) pod(v *history.Version) *Pod {
	p := w.pods[v.UID]
	if p == nil {
		p = &Pod{
			World: w, Namespace: clone(v.Namespace), Name: clone(v.Name), UID: clone(v.UID),
			FromBirth: v.Type == history.Added, Born: v.RV, Birth: v.Seen,
		}
		w.pods[p.UID] = p
		w.named[p.Namespace+"/"+p.Name] = p
	}
	p.Was, p.Now = p.Now, readPod(v, p.Now)
	before, owner := "", p.Now.Owner
	if p.Was != nil {
		before = p.Was.Owner
	}
	if p.Was != nil && before == owner {
		if p.Job != nil {
			p.Job.recount(p.Was, p.Now)
		}
		return p
	}
	if p.Job != nil {
		p.Job.drop(p, p.Was)
		p.Job = nil
	}
	delete(w.orphans[before], p.UID)
	if j := w.jobs[owner]; j != nil {
		p.Job = j
		j.take(p)
	} else if owner != "" {
		if w.orphans[owner] == nil {
			w.orphans[owner] = map[string]*Pod{}
		}
		w.orphans[owner][p.UID] = p
	}
	return p
}

func (w *World) node(v *history.Version) {
	w.nodesKnown = true
	if v.Type == history.Deleted {
		delete(w.nodes, v.Name)
		return
	}
	n := readNode(v, w.nodes[v.Name])
	w.nodes[n.Name] = n
}

// refuse remembers why the API server refused a Job its pods.
func (w *World) refuse(e *Event) {
	if e.Job != nil && e.Reason == "FailedCreate" {
		w.Refusals[e.SubjectUID] = Refusal{e.Message, e.Seen}
	}
}

// forget drops what is gone.
func (w *World) forgetJob(j *Job) {
	delete(w.jobs, j.UID)
	if name := j.Namespace + "/" + j.Name; w.namedJobs[name] == j {
		delete(w.namedJobs, name)
	}
	delete(w.Refusals, j.UID)
}

func (w *World) forgetPod(p *Pod) {
	delete(w.pods, p.UID)
	if name := p.Namespace + "/" + p.Name; w.named[name] == p {
		delete(w.named, name)
	}
	if p.Job != nil {
		p.Job.drop(p, p.Now)
	}
	if w.orphans[p.Now.Owner] != nil {
		delete(w.orphans[p.Now.Owner], p.UID)
		if len(w.orphans[p.Now.Owner]) == 0 {
			delete(w.orphans, p.Now.Owner)
		}
	}
}

// missed says that something of a kind was not recorded: what exists is no longer known from its birth on.
func (w *World) missed(gap *history.Gap) {
	w.gap[gap.Kind] = true
	for _, j := range w.jobs {
		j.FromBirth = false
	}
	for _, p := range w.pods {
		p.FromBirth = false
	}
	for _, lost := range gap.Lost {
		if p := w.named[lost]; p != nil && gap.Kind == history.Pods.Name {
			w.forgetPod(p)
		}
		if gap.Kind == history.Jobs.Name {
			for _, j := range w.jobs {
				if j.Namespace+"/"+j.Name == lost {
					j.Gone = true
					w.forgetJob(j)
				}
			}
		}
	}
}

// minorOf reads "v1.37.0".
func minorOf(version string) (numbers [2]int, ok bool) {
	parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	if len(parts) < 2 {
		return numbers, false
	}
	for i := range numbers {
		n, err := parseIndex(parts[i])
		if err != nil {
			return numbers, false
		}
		numbers[i] = n
	}
	return numbers, true
}
