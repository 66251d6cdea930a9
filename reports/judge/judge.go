package judge

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/verdict"
)

// Judge goes through a history once. It is fed with every line in order and then told how the recording ended.
type Judge struct {
	world *World
	sheet sheet
	waits waits

	onJob, onPod, onEvent, atEnd []*Invariant
	jobWaits, podWaits           []*Invariant

	finished map[Outcome]int // the Jobs that were seen to finish
}

// New returns a Judge of a history with that header. Of the history of a run as a whole, which has no namespace, the
// invariants of such are asked, of any other all the rest.
func New(header history.Header) *Judge {
	if header.Namespace == "" {
		return asking(header, run)
	}
	return asking(header, slices.Concat(families...))
}

// asking returns a Judge who asks those invariants.
func asking(header history.Header, invariants []Invariant) *Judge {
	j := &Judge{world: newWorld(header), sheet: newSheet(), finished: map[Outcome]int{}}
	j.waits = waits{sheet: &j.sheet, world: j.world, running: map[waitKey]*wait{}}
	for i := range invariants {
		inv := &invariants[i]
		if why := unasked(header, inv); why != "" {
			j.sheet.unasked[inv.ID] = why
			continue
		}
		add := func(list *[]*Invariant, is bool) {
			if is {
				*list = append(*list, inv)
			}
		}
		add(&j.onJob, inv.Job != nil)
		add(&j.onPod, inv.Pod != nil)
		add(&j.onEvent, inv.Event != nil)
		add(&j.atEnd, inv.End != nil)
		add(&j.jobWaits, inv.JobWaits != nil)
		add(&j.podWaits, inv.PodWaits != nil)
	}
	return j
}

// unasked says why an invariant cannot be asked of a history.
func unasked(header history.Header, inv *Invariant) string {
	switch {
	case inv.Across && header.Order != history.ByRV:
		return "the cluster was not seen to have one etcd, so versions of different kinds have no order"
	case inv.Audited && !header.Audited:
		return "there is no audit log that says who wrote"
	default:
		return ""
	}
}

// Line takes in one line. It returns an error if a version does not decode.
func (j *Judge) Line(l history.Line) error {
	switch {
	case l.Version != nil:
		return j.version(l.Number, l.Version)
	case l.Gap != nil:
		j.sheet.gaps++
		j.world.missed(l.Gap)
	case l.Write != nil:
		j.write(l.Write)
	}
	return nil
}

func (j *Judge) version(line int, v *history.Version) error {
	j.sheet.at(line, v)
	if v.Seen.After(j.world.Clock) {
		j.world.Clock = v.Seen
		j.waits.advance()
	}
	switch v.Kind {
	case history.Jobs.Name:
		job, err := j.world.job(v)
		if err != nil {
			return fmt.Errorf("Job %s at resource version %d: %w", v.Name, v.RV, err)
		}
		j.job(job)
	case history.Pods.Name:
		j.pod(j.world.pod(v))
	case history.Events.Name:
		if v.Type == history.Deleted {
			return nil // it has expired
		}
		event := j.world.readEvent(v)
		j.world.refuse(event)
		for _, inv := range j.onEvent {
			j.sheet.enter(inv, event, event.Job == nil || event.Job.FromBirth, inv.Event(event))
		}
	case history.Nodes.Name:
		j.node(v)
	default:
		j.others(v)
	}
	return nil
}

func (j *Judge) job(job *Job) {
	if outcome, over := OutcomeOf(job); over {
		j.finished[outcome]++
	}
	for _, inv := range j.onJob {
		j.sheet.enter(inv, job, job.FromBirth, inv.Job(job))
	}
	for _, inv := range j.jobWaits {
		j.waits.job(inv, job)
	}
	// What is expected of pods changes with the Job only when it ends, is marked for deletion, removed, suspended or resumed.
	if job.Gone || job.Was == nil || (job.Now.Meta.DeletionTimestamp == nil) != (job.Was.Meta.DeletionTimestamp == nil) || job.Now.Ending() != job.Was.Ending() || job.Now.Finished() != job.Was.Finished() ||
		job.Now.Suspended() != job.Was.Suspended() {
		for _, inv := range j.podWaits {
			for _, pod := range job.Pods {
				j.waits.pod(inv, pod)
			}
		}
	}
	if job.Gone {
		j.waits.over(j.jobWaits, job.UID)
		j.world.forgetJob(job)
		j.sheet.forget(job.UID)
	}
}

func (j *Judge) pod(pod *Pod) {
	whole := pod.FromBirth && (pod.Job == nil || pod.Job.FromBirth)
	for _, inv := range j.onPod {
		j.sheet.enter(inv, pod, whole, inv.Pod(pod))
	}
	for _, inv := range j.podWaits {
		j.waits.pod(inv, pod)
	}
	if pod.Gone() {
		j.waits.over(j.podWaits, pod.UID)
		j.world.forgetPod(pod)
		j.sheet.forget(pod.UID)
	}
	if pod.Job != nil && !pod.Job.Gone {
		if pod.Created() {
			delete(j.world.Refusals, pod.Job.UID)
		}
		for _, inv := range j.jobWaits {
			j.waits.job(inv, pod.Job)
		}
	}
}

// write notes who changed or deleted a Job or a pod, and what a controller was refused.
func (j *Judge) write(w *history.Write) {
	j.world.refusal(w)
	if w.Code >= 300 {
		return
	}
	switch w.Resource {
	case history.Pods.Resource:
		pod := j.world.named[w.Namespace+"/"+w.Name]
		switch {
		case pod == nil:
		case w.Verb == "delete" || w.Verb == "create" && w.Subresource == "eviction":
			pod.Deletes = append(pod.Deletes, *w)
		case w.Subresource == "":
			pod.Changed = *w
		}
	case history.Jobs.Resource:
		for _, job := range j.world.jobsOf(w) {
			if w.Subresource == "" && w.Verb != "create" {
				job.Changed = *w
			}
			if strings.HasPrefix(w.Verb, "delete") {
				job.Deletes = append(job.Deletes, *w)
			}
		}
	}
}

// Open says what is being waited for that is to come soon and that nothing blocks: a recording should not end before it
// is empty, or before the bounds of what is in it have passed.
func (j *Judge) Open() []verdict.Finding { return j.waits.open() }

// Deadline returns when the last of the open waits is over, the zero time if there is none.
func (j *Judge) Deadline() time.Time { return j.waits.last() }

// End takes in how the recording ended and returns the judgement.
func (j *Judge) End(end history.End) verdict.Judgement {
	j.sheet.atTheEnd(end.At)
	if end.At.After(j.world.Clock) {
		j.world.Clock = end.At
	}
	j.waits.advance()
	one := j.world.Header.Controller == nil || end.Controller == nil || *end.Controller == *j.world.Header.Controller
	j.world.tookOver = !one
	for _, job := range j.world.jobs {
		for _, inv := range j.atEnd {
			j.sheet.enter(inv, job, job.FromBirth, inv.End(job))
		}
	}
	return j.sheet.judgement(one)
}
