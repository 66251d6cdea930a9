package judge

import (
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// minutes sets the clock of a chronicle.
func (c *chronicle) minutes(n float64) { c.at(60 * n) }

// for3 asks for three completions with two pods at once.
func for3(j *batchv1.Job) { j.Spec.Parallelism, j.Spec.Completions = new(int32(2)), new(int32(3)) }

// threeIndexes makes it an Indexed Job for three indexes at once.
func threeIndexes(j *batchv1.Job) {
	j.Spec.CompletionMode = new(batchv1.IndexedCompletion)
	j.Spec.Parallelism, j.Spec.Completions = new(int32(3)), new(int32(3))
}

func replacesFailed(j *batchv1.Job) { j.Spec.PodReplacementPolicy = new(batchv1.Failed) }

func suspends1(is bool) func(*batchv1.Job) {
	return func(j *batchv1.Job) { j.Spec.Suspend = &is }
}

func suspendedIs(is corev1.ConditionStatus) func(*batchv1.Job) {
	return func(j *batchv1.Job) {
		j.Status.Conditions = []batchv1.JobCondition{{Type: batchv1.JobSuspended, Status: is}}
	}
}

// both makes of two changes one.
func both(a, b func(*batchv1.Job)) func(*batchv1.Job) { return func(j *batchv1.Job) { a(j); b(j) } }

func TestProgress(t *testing.T) {
	judged(t, progress, []report{
		{"a Job is given no pod", func(c *chronicle) {
			c.begins(nil)
			c.minutes(7)
		}, "L01 Job/demo"},
		{"a Job is given its pods late but in time", func(c *chronicle) {
			c.begins(nil)
			c.minutes(6)
			c.pod("a")
			c.minutes(30)
		}, ""},
		{"a Job is given one pod of two", func(c *chronicle) {
			c.begins(for3)
			c.pod("a")
			c.minutes(7)
		}, "L01 Job/demo"},
		{"a Job is given its pods one by one, each after minutes", func(c *chronicle) {
			c.begins(func(j *batchv1.Job) { j.Spec.Parallelism, j.Spec.Completions = new(int32(4)), new(int32(4)) })
			for i, name := range []string{"a", "b", "c", "d"} {
				c.minutes(float64(5 * i))
				c.pod(name)
			}
			c.minutes(60)
		}, ""},
		{"no pod is created for what is left once one has succeeded", func(c *chronicle) {
			c.begins(for3)
			c.pod("a")
			c.pod("b")
			c.pod("a", c.ended(corev1.PodSucceeded), untracked)
			c.changes(func(j *batchv1.Job) { j.Status.Succeeded = 1 })
			c.minutes(7)
		}, "L01 Job/demo"},
		{"nothing is left but what runs", func(c *chronicle) {
			c.begins(for3)
			c.pod("a")
			c.pod("b")
			c.pod("a", c.ended(corev1.PodSucceeded), untracked)
			c.changes(func(j *batchv1.Job) { j.Status.Succeeded = 2 })
			c.minutes(7)
		}, ""},
		{"a success that is not counted yet leaves less", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.minutes(7)
		}, ""},
		{"a work queue gets no more pods after its first success", func(c *chronicle) {
			c.begins(func(j *batchv1.Job) { j.Spec.Completions, j.Spec.Parallelism = nil, new(int32(2)) })
			c.pod("a")
			c.pod("b")
			c.pod("a", c.ended(corev1.PodSucceeded), untracked)
			c.changes(func(j *batchv1.Job) { j.Status.Succeeded = 1 })
			c.pod("b", c.ended(corev1.PodFailed), untracked)
			c.minutes(30)
		}, ""},
		{"a work queue is given one pod of two", func(c *chronicle) {
			c.begins(func(j *batchv1.Job) { j.Spec.Completions, j.Spec.Parallelism = nil, new(int32(2)) })
			c.pod("a")
			c.minutes(7)
		}, "L01 Job/demo"},
		{"a Job of another controller", func(c *chronicle) {
			c.begins(func(j *batchv1.Job) { j.Spec.ManagedBy = new("example.com/other") })
			c.minutes(30)
		}, ""},
		{"a Job that is being deleted", func(c *chronicle) {
			c.begins(nil)
			c.changes(func(j *batchv1.Job) { j.DeletionTimestamp = new(c.now()) })
			c.minutes(30)
		}, ""},
		{"a Job whose outcome is decided", func(c *chronicle) {
			c.begins(nil)
			c.turns("DeadlineExceeded", batchv1.JobFailureTarget)
			c.minutes(30)
		}, ""},
		{"a quota refuses the pods", func(c *chronicle) {
			c.begins(nil)
			for m := range 3 {
				c.minutes(float64(3 * m))
				c.tells("Warning", "FailedCreate", `Error creating: pods "demo-x" is forbidden: exceeded quota: few`)
			}
			c.minutes(9)
		}, "blocked L01 Job/demo"},
		{"a quota that lets one pod of two in", func(c *chronicle) {
			c.begins(for3)
			c.tells("Warning", "FailedCreate", `Error creating: pods "demo-x" is forbidden: exceeded quota: few`)
			c.pod("a")
			c.minutes(8)
		}, "blocked L01 Job/demo"},
		{"a quota that has long been lifted", func(c *chronicle) {
			c.begins(nil)
			c.tells("Warning", "FailedCreate", `Error creating: pods "demo-x" is forbidden: exceeded quota: few`)
			c.minutes(20)
		}, "L01 Job/demo"},
		{"a completion index is given no pod", func(c *chronicle) {
			c.begins(threeIndexes)
			c.pod("0", tallied(0, 0, 0))
			c.pod("2", tallied(2, 0, 0))
			c.minutes(7)
		}, "L01 Job/demo"},
		{"an index that has failed for good is given no pod", func(c *chronicle) {
			c.begins(func(j *batchv1.Job) { threeIndexes(j); j.Spec.BackoffLimitPerIndex = new(int32(0)) })
			for i, name := range []string{"0", "1", "2"} {
				c.pod(name, tallied(i, 0, 0))
			}
			c.pod("1", c.ended(corev1.PodFailed))
			c.minutes(60)
			c.lists("1")
			c.changes(func(j *batchv1.Job) { j.Status.FailedIndexes = new("1") })
			c.counts("1")
			c.minutes(120)
		}, ""},

		{"a failed pod is not replaced", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.fails("a")
			c.minutes(7)
		}, "L06 Job/demo"},
		{"a failed pod is replaced as late as the back-off allows", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.fails("a")
			c.minutes(6)
			c.pod("b")
			c.minutes(60)
		}, ""},
		{"the back-off grows with the failures", func(c *chronicle) {
			c.begins(nil)
			at := 0.0
			for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
				c.minutes(at)
				c.pod(name)
				c.fails(name)
				at += 6
			}
			c.minutes(57) // 15 min after the last
		}, ""},
		{"the back-off grows to 10 min at most", func(c *chronicle) {
			c.begins(nil)
			at := 0.0
			for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
				c.minutes(at)
				c.pod(name)
				c.fails(name)
				at += 6
			}
			c.minutes(59)
		}, "L06 Job/demo"},
		{"failures before the recording count too", func(c *chronicle) {
			c.begins(func(j *batchv1.Job) { j.Status.Failed = 9 })
			c.lines[0].Version.Type = "LISTED"
			c.minutes(15)
		}, ""},
		{"a pod that a user deletes is not replaced", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.marked(30))
			c.lists("a")
			c.counts("a")
			c.goes("a")
			c.minutes(8)
		}, "L06 Job/demo"},
		{"pods that have failed are replaced only once they have ended", func(c *chronicle) {
			c.begins(replacesFailed)
			c.pod("a")
			c.pod("a", c.marked(600))
			c.minutes(16)
		}, ""},
		{"a pod that is to be replaced once it has ended does not end", func(c *chronicle) {
			c.begins(replacesFailed)
			c.pod("a")
			c.pod("a", c.marked(30))
			c.minutes(8)
		}, "blocked L06 Pod/demo-a"},
		{"a pod that was to end first has ended and is not replaced", func(c *chronicle) {
			c.begins(replacesFailed)
			c.pod("a")
			c.pod("a", c.marked(30))
			c.minutes(5)
			c.fails("a")
			c.goes("a")
			c.minutes(12)
		}, "L06 Job/demo"},

		{"more parallelism brings no pod", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.changes(for3)
			c.minutes(7)
		}, "L15 Job/demo"},
		{"less parallelism takes no pod", func(c *chronicle) {
			c.begins(for3)
			c.pod("a")
			c.pod("b")
			c.changes(func(j *batchv1.Job) { j.Spec.Parallelism = new(int32(0)) })
			c.minutes(7)
		}, "L15 Job/demo"},
		{"parallelism 0 takes the pods", func(c *chronicle) {
			c.begins(for3)
			c.pod("a")
			c.pod("b")
			c.changes(func(j *batchv1.Job) { j.Spec.Parallelism = new(int32(0)) })
			c.pod("a", untracked)
			c.pod("a", c.marked(30))
			c.pod("b", untracked)
			c.pod("b", c.marked(30))
			c.minutes(60)
		}, ""},
		{"a webhook refuses the deletion", func(c *chronicle) {
			c.begins(for3)
			c.pod("a")
			c.pod("b")
			c.changes(func(j *batchv1.Job) { j.Spec.Parallelism = new(int32(0)) })
			c.tells("Warning", "FailedDelete", "Error deleting: admission webhook denied the request")
			c.minutes(7)
		}, "blocked L15 Job/demo"},
		{"a work queue keeps its pods after a success", func(c *chronicle) {
			c.begins(func(j *batchv1.Job) { j.Spec.Completions, j.Spec.Parallelism = nil, new(int32(2)) })
			c.pod("a")
			c.pod("b")
			c.pod("c")
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.changes(func(j *batchv1.Job) { j.Spec.Parallelism = new(int32(1)) })
			c.minutes(30)
		}, ""},

		{"a suspended Job keeps its pod", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.changes(both(suspends1(true), suspendedIs("True")))
			c.minutes(7)
		}, "L09 Job/demo"},
		{"a suspended Job gets no condition", func(c *chronicle) {
			c.begins(suspends1(true))
			c.minutes(7)
		}, "L09 Job/demo"},
		{"a suspended Job is all right", func(c *chronicle) {
			c.begins(suspends1(true))
			c.changes(suspendedIs("True"))
			c.minutes(600)
		}, ""},
		{"a resumed Job keeps the condition", func(c *chronicle) {
			c.begins(both(suspends1(true), suspendedIs("True")))
			c.changes(suspends1(false))
			c.pod("a")
			c.minutes(7)
		}, "L09 Job/demo"},
		{"a resumed Job is given no pod", func(c *chronicle) {
			c.begins(both(suspends1(true), suspendedIs("True")))
			c.changes(suspends1(false))
			c.changes(suspendedIs("False"))
			c.minutes(7)
		}, "L09 Job/demo"},
		{"a Job that is decided stays suspended", func(c *chronicle) {
			c.begins(both(suspends1(true), suspendedIs("True")))
			c.changes(suspends1(false))
			c.turns("BackoffLimitExceeded", batchv1.JobFailureTarget)
			c.minutes(30)
		}, ""},
	})
}

func TestUpkeepCountsAfreshWhatItHasMissed(t *testing.T) {
	c := newChronicle(t)
	c.begins(for3)
	c.pod("a")
	c.pod("a", c.ended(corev1.PodSucceeded))
	c.lines[0], c.lines[1], c.lines[2] = c.lines[1], c.lines[2], c.lines[0] // kinds as they arrive
	j := asking(c.header, progress)
	for _, l := range c.lines {
		if err := j.Line(l); err != nil {
			t.Fatal(err)
		}
	}
	job := j.world.Job("job")
	if u := job.upkeep(); u.pods != 1 || u.tracked != 1 || u.succeeded != 1 {
		t.Errorf("pods %d, tracked %d, succeeded %d, want 1 of each", u.pods, u.tracked, u.succeeded)
	}
}

func TestPodBackOff(t *testing.T) {
	for n, want := range map[int]time.Duration{1: 20 * time.Second, 2: 40 * time.Second, 5: 320 * time.Second, 6: 10 * time.Minute, 1000: 10 * time.Minute} {
		if got := podBackOff(n); got != want {
			t.Errorf("after %d failures: %v, want %v", n, got, want)
		}
	}
}

func TestBounds(t *testing.T) {
	for name, tc := range map[string]struct {
		got  Bound
		want time.Duration
	}{
		"accounting": {accountingBound, 184 * time.Second},
		"managing":   {managingBound, 361 * time.Second},
		"naming":     {namingBound, 127 * time.Second},
		"collecting": {collectingBound, 160 * time.Second},
	} {
		if tc.got.Limit != tc.want || tc.got.Origin == "" {
			t.Errorf("%s: %v, want %v: %s", name, tc.got.Limit, tc.want, tc.got.Origin)
		}
	}
}
