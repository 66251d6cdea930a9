package judge

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// accounts tells that the controller writes a status: how many pods are active, which succeeded and which failed ones it has
// noted, and how many it has counted of each.
func (c *chronicle) accounts(active int32, done, lost []string, succeeded, failed int32, change ...func(*batchv1.Job)) {
	uids := func(names []string) (uids []types.UID) {
		for _, name := range names {
			uids = append(uids, types.UID("pod-"+name))
		}
		return uids
	}
	c.changes(func(j *batchv1.Job) {
		j.Status.Active, j.Status.Succeeded, j.Status.Failed = active, succeeded, failed
		j.Status.UncountedTerminatedPods = &batchv1.UncountedTerminatedPods{Succeeded: uids(done), Failed: uids(lost)}
		for _, one := range change {
			one(j)
		}
	})
}

// twoOf is a Job with two pods at once for as many completions as it is asked for.
func twoOf(completions int32) func(*batchv1.Job) {
	return func(j *batchv1.Job) { j.Spec.Parallelism, j.Spec.Completions = new(int32(2)), new(completions) }
}

func twoOfIndexed(j *batchv1.Job) {
	twoOf(2)(j)
	j.Spec.CompletionMode = new(batchv1.IndexedCompletion)
}

func ofIndex(index int) func(*corev1.Pod) { return tallied(index, 0, 0) }

// runs tells that a Job begins and has two pods, a and b.
func (c *chronicle) runs(change func(*batchv1.Job)) {
	c.begins(change)
	c.pod("a", ofIndex(0))
	c.pod("b", ofIndex(1))
	c.accounts(2, nil, nil, 0, 0)
}

func (c *chronicle) succeeded() func(*corev1.Pod) { return c.ended(corev1.PodSucceeded) }

func (c *chronicle) failed() func(*corev1.Pod) { return c.ended(corev1.PodFailed) }

func tracked(p *corev1.Pod) { p.Finalizers = []string{batchv1.JobTrackingFinalizer} }

func TestUncountedPodsLoseTheirFinalizer(t *testing.T) {
	judged(t, bookkeeping, []report{
		{"in order", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.succeeded())
			c.accounts(1, []string{"a"}, nil, 0, 0)
			c.pod("a", untracked)
			c.pod("b", c.failed())
			c.accounts(0, nil, []string{"b"}, 1, 0)
			c.pod("b", untracked)
			c.goes("b")
			c.accounts(0, nil, nil, 1, 1)
		}, ""},
		{"counted with it", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.succeeded())
			c.accounts(1, []string{"a"}, nil, 0, 0)
			c.accounts(1, nil, nil, 1, 0)
		}, "P11 Job/demo"},
		{"another's pod", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.failed())
			c.accounts(1, nil, []string{"a"}, 0, 0)
			c.pod("a", func(p *corev1.Pod) { p.OwnerReferences[0].UID = "other" })
			c.accounts(1, nil, nil, 0, 1)
		}, ""},
		{"a Job of another controller", func(c *chronicle) {
			c.runs(func(j *batchv1.Job) { twoOf(2)(j); j.Spec.ManagedBy = new("example.com/other") })
			c.accounts(1, []string{"a"}, nil, 0, 0)
			c.accounts(1, []string{"b"}, nil, 1, 0)
			c.accounts(1, []string{"a"}, []string{"b"}, 1, 0)
			c.pod("a", c.succeeded())
			c.pod("a", untracked)
		}, ""},
	})
}

func TestPodsAreNotedBeforeTheyLoseTheFinalizer(t *testing.T) {
	judged(t, bookkeeping, []report{
		{"too early", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.failed())
			c.pod("a", untracked)
		}, "P12 Pod/demo-a"},
		{"removed with it", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.failed())
			c.goes("a")
		}, "P12 Pod/demo-a"},
		{"no completions wanted", func(c *chronicle) {
			c.runs(func(j *batchv1.Job) { j.Spec.Parallelism, j.Spec.Completions = new(int32(2)), nil })
			c.pod("a", c.failed())
			c.pod("a", untracked)
		}, "P12 Pod/demo-a"},
		{"an old Job", func(c *chronicle) {
			c.runs(twoOf(2))
			c.lines = c.lines[1:]
			c.lines[2].Version.Type = "LISTED"
			c.accounts(2, nil, nil, 0, 0, func(j *batchv1.Job) { j.Status.Ready = new(int32(1)) })
			c.pod("a", c.failed())
			c.pod("a", untracked)
		}, "unsure P12 Pod/demo-a"},
		{"when the Job fails", func(c *chronicle) {
			c.runs(func(j *batchv1.Job) { twoOf(2)(j); j.Spec.PodReplacementPolicy = new(batchv1.Failed) })
			c.pod("a", c.marked(30))
			c.turns("", batchv1.JobFailureTarget)
			c.pod("a", untracked)
		}, "P12 Pod/demo-a"},
		{"when all completions are reached", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.failed())
			c.turns(batchv1.JobReasonCompletionsReached, batchv1.JobSuccessCriteriaMet)
			c.pod("a", untracked)
		}, "P12 Pod/demo-a"},
		{"when all completions are reached and it was terminating", func(c *chronicle) {
			c.runs(func(j *batchv1.Job) { twoOf(2)(j); j.Spec.PodReplacementPolicy = new(batchv1.Failed) })
			c.pod("a", c.marked(30))
			c.pod("a", c.failed())
			c.turns(batchv1.JobReasonCompletionsReached, batchv1.JobSuccessCriteriaMet)
			c.pod("a", untracked)
		}, ""},
		{"when the success policy is met", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.failed())
			c.turns(batchv1.JobReasonSuccessPolicy, batchv1.JobSuccessCriteriaMet)
			c.pod("a", untracked)
		}, ""},
		{"by hand while it runs", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", untracked)
			c.pod("a", c.succeeded())
		}, ""},
		{"by force while it runs", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.marked(0))
			c.pod("a", c.failed())
			c.goes("a")
		}, ""},
		{"when the Job has finished", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.failed())
			c.turns("", batchv1.JobFailed)
			c.pod("a", untracked)
		}, ""},
		{"when the Job is gone", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.failed())
			c.removes()
			c.pod("a", untracked)
		}, ""},
		{"with an index beyond the Job's", func(c *chronicle) {
			c.begins(twoOfIndexed)
			c.pod("a", ofIndex(0))
			c.pod("b", ofIndex(1))
			c.changes(func(j *batchv1.Job) { j.Spec.Parallelism, j.Spec.Completions = new(int32(1)), new(int32(1)) })
			c.accounts(1, nil, nil, 0, 0)
			c.pod("b", c.succeeded())
			c.pod("b", untracked)
		}, ""},
		{"with a completed index", func(c *chronicle) {
			c.runs(twoOfIndexed)
			c.accounts(1, nil, nil, 1, 0, func(j *batchv1.Job) { j.Status.CompletedIndexes = "0" })
			c.pod("a", c.succeeded())
			c.pod("a", untracked)
		}, ""},
		{"with an index that is not completed", func(c *chronicle) {
			c.runs(twoOfIndexed)
			c.accounts(1, nil, nil, 1, 0, func(j *batchv1.Job) { j.Status.CompletedIndexes = "0" })
			c.pod("b", c.succeeded())
			c.pod("b", untracked)
		}, "P12 Pod/demo-b"},
	})
}

func TestPodsThatMayBeTooMany(t *testing.T) {
	released := func(name string) func(*chronicle) {
		return func(c *chronicle) {
			c.pod(name, c.failed())
			c.pod(name, untracked)
		}
	}
	judged(t, bookkeeping, []report{
		{"fewer are wanted", func(c *chronicle) {
			c.runs(twoOf(9))
			c.changes(func(j *batchv1.Job) { j.Spec.Parallelism = new(int32(1)) })
			released("a")(c)
		}, ""},
		{"fewer are wanted and one was not deleted yet", func(c *chronicle) {
			c.runs(twoOf(9))
			c.changes(func(j *batchv1.Job) { j.Spec.Parallelism = new(int32(1)) })
			c.accounts(2, nil, nil, 0, 0, func(j *batchv1.Job) { j.Status.Ready = new(int32(1)) })
			released("a")(c)
		}, ""},
		{"fewer were wanted", func(c *chronicle) {
			c.runs(twoOf(9))
			c.changes(func(j *batchv1.Job) { j.Spec.Parallelism = new(int32(1)) })
			c.accounts(1, nil, nil, 0, 0)
			released("a")(c)
		}, "P12 Pod/demo-a"},
		{"the Job is suspended", func(c *chronicle) {
			c.runs(twoOf(9))
			c.suspends()
			released("a")(c)
		}, ""},
		{"the Job is suspended and one was not deleted yet", func(c *chronicle) {
			c.runs(twoOf(9))
			c.suspends()
			c.accounts(1, nil, nil, 0, 0)
			released("a")(c)
		}, ""},
		{"the Job is suspended and has no active pods", func(c *chronicle) {
			c.runs(twoOf(9))
			c.suspends()
			c.accounts(0, nil, nil, 0, 0)
			released("a")(c)
		}, "P12 Pod/demo-a"},
		{"the Job was suspended", func(c *chronicle) {
			c.runs(twoOf(9))
			c.suspends()
			c.changes(func(j *batchv1.Job) { j.Spec.Suspend = new(false) })
			c.accounts(1, nil, nil, 0, 0)
			released("a")(c)
		}, "P12 Pod/demo-a"},
		{"one was adopted", func(c *chronicle) {
			c.runs(twoOf(9))
			c.pod("c", func(p *corev1.Pod) { p.OwnerReferences[0].UID = "other" })
			c.pod("c", func(p *corev1.Pod) { p.OwnerReferences[0].UID = "job" })
			released("a")(c)
		}, ""},
		{"one was created too many", func(c *chronicle) {
			c.runs(twoOf(9))
			c.pod("c")
			released("a")(c)
		}, ""},
		{"one was created too many for the completions", func(c *chronicle) {
			c.runs(func(j *batchv1.Job) { twoOf(2)(j); j.Spec.Parallelism = new(int32(9)) })
			c.pod("c")
			released("a")(c)
		}, ""},
		{"an index has two", func(c *chronicle) {
			c.runs(func(j *batchv1.Job) { twoOfIndexed(j); j.Spec.Parallelism = new(int32(9)) })
			c.pod("c", ofIndex(1))
			released("a")(c)
		}, ""},
		{"one that was deleted has succeeded", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.marked(30))
			c.pod("c")
			c.pod("a", c.succeeded())
			released("b")(c)
		}, ""},
	})
}

func TestPodsAreCountedOnce(t *testing.T) {
	once := func(c *chronicle) {
		c.runs(twoOf(2))
		c.pod("a", c.failed())
		c.accounts(1, nil, []string{"a"}, 0, 0)
		c.pod("a", untracked)
		c.accounts(1, nil, nil, 0, 1)
	}
	judged(t, bookkeeping, []report{
		{"again", func(c *chronicle) {
			once(c)
			c.accounts(1, nil, []string{"a"}, 0, 1)
		}, "P13 Job/demo"},
		{"again, though it is gone", func(c *chronicle) {
			once(c)
			c.goes("a")
			c.accounts(1, nil, []string{"a"}, 0, 1)
		}, "P13 Job/demo"},
		{"on the other side", func(c *chronicle) {
			once(c)
			c.accounts(1, []string{"a"}, nil, 0, 1)
		}, "P13 Job/demo"},
		{"again with a finalizer", func(c *chronicle) {
			once(c)
			c.pod("a", tracked)
			c.accounts(1, nil, []string{"a"}, 0, 1)
		}, ""},
		{"listed before the recording", func(c *chronicle) {
			once(c)
			c.lines = c.lines[5:]
			c.lines[0].Version.Type = "LISTED"
		}, ""},
	})
}
