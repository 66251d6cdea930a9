package plan

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos/catalogue"
	"github.com/jobproof/jobproof/chaos/pods"
)

func (c *checker) step(i int, s Step) {
	path := fmt.Sprintf("steps[%d]", i)
	c.trigger(path+".when", s.When)
	if s.After < 0 || s.After > i {
		c.wrong(path+".after", "step %d cannot wait for step %d: only for an earlier one, the first being 1", i+1, s.After)
	}
	switch {
	case s.Fault == "" && s.Act == "":
		c.wrong(path, "step %d does nothing: add fault: or act:", i+1)
	case s.Fault != "" && s.Act != "":
		c.wrong(path, "step %d has a fault and an act: make two steps of it", i+1)
	case s.Fault != "":
		c.fault(path, s)
	default:
		c.act(path, s)
	}
	if s.Until == nil {
		return
	}
	if s.Fault == "" {
		c.wrong(path+".until", "only a fault is undone: an act has no until")
	}
	c.trigger(path+".until", *s.Until)
}

func (c *checker) fault(path string, s Step) {
	kind, err := catalogue.Find(s.Fault)
	if err != nil {
		c.wrong(path+".fault", "%v", err)
		return
	}
	target := catalogue.Target{Pod: "pod", Job: "job", Node: Victim}
	switch kind.On {
	case catalogue.OnPod:
		c.pods(path, s)
	case catalogue.OnJob:
		at := s.selector()
		job := c.job(path+".at", at.Job)
		c.index(path+".at", at.Index, job)
		target.Job, target.Index = at.Job, at.Index
	case catalogue.OnNode:
		if s.At != nil && *s.At != (Selector{Node: Victim}) {
			c.wrong(path+".at", "%s hits the node that is borrowed for the plan: write at: {node: victim}, or nothing", s.Fault)
		}
	default:
		if s.At != nil {
			c.wrong(path+".at", "%s has no target: leave at: out", s.Fault)
		}
	}
	if _, err := kind.Make(target, s.With); err != nil {
		c.wrong(path+".with", "%v", err)
	}
}

func (c *checker) act(path string, s Step) {
	names := words(slices.Sorted(maps.Keys(acts)))
	c.among(path+".act", "act", string(s.Act), names)
	act := acts[s.Act]
	for _, name := range slices.Sorted(maps.Keys(s.With)) {
		if !slices.Contains(act.takes, name) {
			c.wrong(path+".with."+name, "%s takes no %q: it takes %s", s.Act, name, orNothing(act.takes))
		}
		c.parameter(path+".with."+name, name, s.With[name])
	}
	for _, name := range act.needs {
		if s.With[name] == "" {
			c.wrong(path, "%s needs with: {%s: …}", s.Act, name)
		}
	}
	if s.Act == Scale && len(s.With) == 0 {
		c.wrong(path, "scale needs with: {parallelism: …}, {completions: …}, or both")
	}
	if s.Act == Release {
		c.pods(path, s)
		return
	}
	if at := s.selector(); at.Pod != "" || at.Index != nil || at.Count != 0 || at.Node != "" {
		if s.At != nil {
			c.wrong(path+".at", "%s is about a Job: write at: {job: …}", s.Act)
		}
	}
	c.job(path+".at", s.selector().Job)
}

func orNothing(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}

func (c *checker) parameter(path, name, value string) {
	switch name {
	case Propagation:
		c.among(path, "propagation", value, []string{"Background", "Foreground", "Orphan"})
	default:
		if n, err := strconv.Atoi(value); err != nil || n < 0 || name == Code && n > 255 {
			c.wrong(path, "%q is not a %s: give a number", value, name)
		}
	}
}

// single are the phases that one pod of an index can be in at a time.
var single = []pods.Phase{pods.Pending, pods.Creating, pods.Running}

// pods checks the pods that a step hits.
func (c *checker) pods(path string, s Step) {
	if s.At == nil {
		if s.When.Pod == "" {
			c.wrong(path, "step %s hits pods, and neither when: nor at: says which: add at: {job: …, pod: Running}", s.does())
		}
		return
	}
	path += ".at"
	if s.At.Node != "" {
		c.wrong(path+".node", "it hits pods: write job: and pod: instead of node:")
	}
	job := c.job(path, s.At.Job)
	if s.At.Pod == "" {
		c.wrong(path, "it does not say how the pods must stand: add pod: with one of %s", strings.Join(words(pods.Phases), ", "))
	} else {
		c.among(path+".pod", "phase of pods", string(s.At.Pod), words(pods.Phases))
	}
	c.index(path, s.At.Index, job)
	if job != nil && s.At.Index != nil && s.At.Count > 1 && slices.Contains(single, s.At.Pod) {
		c.wrong(path+".count", "one index has one pod that is %s, not %d", s.At.Pod, s.At.Count)
	}
}

// trigger checks that a trigger has one form, and that the form can come true.
func (c *checker) trigger(path string, t Trigger) {
	var forms []string
	for form, is := range map[string]bool{
		"pod": t.Pod != "", "status": t.Status != "", "condition": t.Condition != "", "done": t.Done != 0, "is": t.Is != "",
		"quiet": t.Quiet, "elapsed": t.Elapsed != 0,
	} {
		if is {
			forms = append(forms, form)
		}
	}
	slices.Sort(forms)
	const all = "pod, status, condition, done, is, quiet, elapsed"
	switch {
	case len(forms) == 0:
		c.wrong(path, "the trigger waits for nothing: give one of %s", all)
		return
	case len(forms) > 1:
		c.wrong(path, "the trigger waits for %s: give one of them", strings.Join(forms, " and "))
		return
	}
	c.belongs(path+".index", t.Index != nil, "index", forms[0], "pod")
	c.belongs(path+".nth", t.Nth != 0, "nth", forms[0], "pod")
	c.belongs(path+".atLeast", t.AtLeast != 0, "atLeast", forms[0], "status")
	c.belongs(path+".node", t.Node != "", "node", forms[0], "is")
	if t.Nth < 0 || t.AtLeast < 0 {
		c.wrong(path, "nth and atLeast count from 1")
	}
	switch {
	case t.Elapsed != 0:
		if t.Job != "" {
			c.wrong(path+".job", "elapsed is about no Job: leave job: out")
		}
	case t.Node != "":
		if t.Node != Victim || t.Job != "" {
			c.wrong(path+".node", "a trigger knows one node, the one that is borrowed for the plan, and no Job with it: write {node: victim, is: NotReady}")
		}
		c.among(path+".is", "state of a node", t.Is, nodeStates)
	default:
		c.ofJob(path, t, c.job(path, t.Job))
	}
}

// belongs says that a key has no meaning without another.
func (c *checker) belongs(path string, given bool, key, form, to string) {
	if given && form != to {
		c.wrong(path, "%s belongs to %s:, and this waits for %s:", key, to, form)
	}
}

func (c *checker) ofJob(path string, t Trigger, job *batchv1.Job) {
	switch {
	case job == nil:
	case t.Pod != "":
		c.among(path+".pod", "phase of pods", string(t.Pod), words(pods.Phases))
		c.index(path, t.Index, job)
	case t.Status != "":
		c.among(path+".status", "field of a Job's status", t.Status, slices.Sorted(maps.Keys(fields)))
		if t.Status == "succeeded" && t.AtLeast > c.most(job) {
			c.wrong(path+".atLeast", "the Job %s never counts %d successes: it has %d completions", job.Name, t.AtLeast, c.most(job))
		}
		if t.Status == "active" && t.AtLeast > c.mostActive(job) {
			c.wrong(path+".atLeast", "the Job %s never has %d active pods: its parallelism is %d", job.Name, t.AtLeast, c.mostActive(job))
		}
	case t.Condition != "":
		c.among(path+".condition", "condition of Jobs", t.Condition, conditions)
		if t.Condition == string(batchv1.JobSuspended) {
			c.suspendable(path+".condition", job)
		}
	case t.Done != 0:
	case t.Is != "":
		c.among(path+".is", "state of a Job", t.Is, jobStates)
		if t.Is == IsSuspended {
			c.suspendable(path+".is", job)
		}
		if t.Is == IsGone && job.Spec.TTLSecondsAfterFinished == nil && !c.acts(DeleteJob, job) {
			c.wrong(path+".is", "the Job %s is never gone: no step deletes it, and it has no ttlSecondsAfterFinished", job.Name)
		}
	}
}

// suspendable says that a Job is never suspended.
func (c *checker) suspendable(path string, job *batchv1.Job) {
	if (job.Spec.Suspend == nil || !*job.Spec.Suspend) && !c.acts(Suspend, job) {
		c.wrong(path, "the Job %s is never suspended: no step suspends it", job.Name)
	}
}

// acts reports whether a step does that to a Job.
func (c *checker) acts(name ActName, job *batchv1.Job) bool {
	return slices.ContainsFunc(c.Steps, func(s Step) bool { return s.Act == name && s.selector().Job == job.Name })
}

var indexesForm = regexp.MustCompile(`^(\d+(-\d+)?(,\d+(-\d+)?)*)?$`)

func (c *checker) end(path string, e End) {
	job := c.job(path, e.Job)
	if job == nil {
		return
	}
	if e.Condition == "" && e.Succeeded == nil && e.Failed == nil && e.Indexes == nil && e.Created == nil && !e.Gone {
		c.wrong(path, "it says nothing about the Job %s: give condition, succeeded, failed, completedIndexes, created or gone", e.Job)
	}
	if e.Condition != "" {
		c.among(path+".condition", "condition of Jobs", e.Condition, conditions)
	}
	if e.Reason != "" {
		c.among(path+".reason", "reason of a condition", e.Reason, reasons)
		if e.Condition == "" {
			c.wrong(path+".reason", "a reason is that of a condition: add condition:")
		}
	}
	if e.Gone && (e.Condition != "" || e.Succeeded != nil || e.Failed != nil || e.Indexes != nil) {
		c.wrong(path+".gone", "a Job that is gone has no status: leave the rest out")
	}
	if e.Succeeded != nil && (*e.Succeeded < 0 || *e.Succeeded > c.most(job)) {
		c.wrong(path+".succeeded", "the Job %s never counts %d successes: it has %d completions", e.Job, *e.Succeeded, c.most(job))
	}
	if e.Indexes != nil && (!indexed(job) || !indexesForm.MatchString(*e.Indexes)) {
		c.wrong(path+".completedIndexes", "the Job %s never has the completed indexes %q: say 0-4,7, of an Indexed Job", e.Job, *e.Indexes)
	}
}
