package judge

import (
	"slices"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

func TestSuccessesAreReal(t *testing.T) {
	completed := func(text string) func(*batchv1.Job) { return func(j *batchv1.Job) { j.Status.CompletedIndexes = text } }
	judged(t, realness, []report{
		{"a success", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.succeeded())
			c.accounts(1, []string{"a"}, nil, 0, 0)
		}, ""},
		{"a pod that runs", func(c *chronicle) {
			c.runs(twoOf(2))
			c.accounts(1, []string{"a"}, nil, 0, 0)
		}, "P14 Job/demo"},
		{"a pod that had lost the finalizer when it succeeded", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", untracked)
			c.pod("a", c.succeeded())
			c.accounts(1, []string{"a"}, nil, 0, 0)
		}, "P14 Job/demo"},
		{"a pod of another Job", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("c", c.succeeded(), func(p *corev1.Pod) { p.OwnerReferences[0].UID = "other" })
			c.accounts(1, []string{"c"}, nil, 0, 0)
		}, "P14 Job/demo"},
		{"a pod that was released", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.succeeded())
			c.pod("a", func(p *corev1.Pod) { p.OwnerReferences = nil })
			c.accounts(1, []string{"a"}, nil, 0, 0)
		}, ""},
		{"a pod that is gone", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.succeeded())
			c.goes("a")
			c.accounts(1, []string{"a"}, nil, 0, 0)
		}, ""},
		{"a pod that has been gone for a while", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.succeeded())
			c.goes("a")
			c.accounts(1, nil, nil, 0, 0)
			c.pod("b", c.failed())
			c.accounts(0, []string{"a"}, []string{"b"}, 0, 0)
		}, ""},
		{"a pod of which the controller knew that it was gone", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.succeeded())
			c.goes("a")
			c.pod("c")
			c.accounts(2, nil, nil, 0, 0, func(j *batchv1.Job) { j.Status.Ready = new(int32(1)) })
			c.accounts(1, nil, nil, 0, 0)
			c.accounts(1, []string{"a"}, nil, 0, 0)
		}, "P14 Job/demo"},
		{"an index", func(c *chronicle) {
			c.runs(twoOfIndexed)
			c.pod("b", c.succeeded())
			c.accounts(1, nil, nil, 1, 0, completed("1"))
		}, ""},
		{"an index whose pod runs", func(c *chronicle) {
			c.runs(twoOfIndexed)
			c.pod("b", c.succeeded())
			c.accounts(1, nil, nil, 2, 0, completed("0,1"))
		}, "P14 Job/demo"},
		{"an index that comes back with its pod", func(c *chronicle) {
			c.runs(twoOfIndexed)
			c.pod("b", c.succeeded())
			c.accounts(1, nil, nil, 1, 0, completed("1"))
			c.accounts(1, nil, nil, 0, 0, completed(""))
			c.accounts(1, nil, nil, 1, 0, completed("1"))
		}, ""},
		{"an index that comes back without", func(c *chronicle) {
			c.runs(twoOfIndexed)
			c.pod("b", c.succeeded())
			c.accounts(1, nil, nil, 1, 0, completed("1"))
			c.pod("b", untracked)
			c.accounts(1, nil, nil, 0, 0, completed(""))
			c.accounts(1, nil, nil, 1, 0, completed("1"))
		}, "P14 Job/demo"},
	})
}

func TestFailuresAreExplained(t *testing.T) {
	judged(t, realness, []report{
		{"a failure", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.failed())
			c.accounts(1, nil, []string{"a"}, 0, 0)
		}, ""},
		{"a deletion", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.marked(30))
			c.accounts(1, nil, []string{"a"}, 0, 0)
		}, ""},
		{"a deletion that has succeeded since", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.marked(30))
			c.pod("a", c.succeeded())
			c.accounts(1, nil, []string{"a"}, 0, 0)
		}, ""},
		{"a deletion after success", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.succeeded())
			c.pod("a", c.marked(0))
			c.accounts(1, nil, []string{"a"}, 0, 0)
		}, "P15 Job/demo"},
		{"a deletion when only failed pods are replaced", func(c *chronicle) {
			c.runs(func(j *batchv1.Job) { twoOf(2)(j); j.Spec.PodReplacementPolicy = new(batchv1.Failed) })
			c.pod("a", c.marked(30))
			c.accounts(1, nil, []string{"a"}, 0, 0)
		}, "P15 Job/demo"},
		{"nothing", func(c *chronicle) {
			c.runs(twoOf(2))
			c.accounts(1, nil, []string{"a"}, 0, 0)
		}, "P15 Job/demo"},
		{"the end of the Job", func(c *chronicle) {
			c.runs(twoOf(2))
			c.changes(func(j *batchv1.Job) {
				j.Status.Conditions = []batchv1.JobCondition{{Type: batchv1.JobFailureTarget, Status: corev1.ConditionTrue}}
			})
			c.accounts(0, nil, []string{"a", "b"}, 0, 0)
		}, ""},
		{"the end of the Job, of nobody", func(c *chronicle) {
			c.runs(twoOf(2))
			c.changes(func(j *batchv1.Job) {
				j.Status.Conditions = []batchv1.JobCondition{{Type: batchv1.JobFailureTarget, Status: corev1.ConditionTrue}}
			})
			c.accounts(0, nil, []string{"a", "nobody"}, 0, 0)
		}, "P15 Job/demo"},
	})
}

func TestNoSuccessIsLost(t *testing.T) {
	judged(t, realness, []report{
		{"none", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.succeeded())
			c.pod("b", c.succeeded())
			c.accounts(0, []string{"a", "b"}, nil, 0, 0)
			c.turns("", batchv1.JobComplete)
		}, ""},
		{"with its finalizer", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.succeeded())
			c.turns("", batchv1.JobFailed)
		}, "P16 Job/demo"},
		{"without it", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.succeeded())
			c.pod("a", untracked)
			c.goes("a")
			c.turns("", batchv1.JobFailed)
		}, "P16 Job/demo"},
		{"for now, and it is counted later", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.succeeded())
			c.pod("a", untracked)
			c.accounts(1, []string{"a"}, nil, 0, 0)
			c.turns("", batchv1.JobFailed)
		}, ""},
		{"by the end of the recording", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.succeeded())
			c.pod("a", untracked)
		}, "P16 Job/demo"},
		{"of an index that another pod completes", func(c *chronicle) {
			c.runs(twoOfIndexed)
			c.pod("a", c.succeeded())
			c.pod("a", untracked)
			c.pod("c", ofIndex(0))
			c.pod("c", c.succeeded())
			c.accounts(1, nil, nil, 1, 0, func(j *batchv1.Job) { j.Status.CompletedIndexes = "0" })
			c.turns("", batchv1.JobFailed)
		}, ""},
		{"of an index that is not the Job's", func(c *chronicle) {
			c.begins(twoOfIndexed)
			c.pod("a", ofIndex(7))
			c.pod("a", c.succeeded())
			c.turns("", batchv1.JobFailed)
		}, ""},
		{"of a pod that is adopted", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("c", c.succeeded(), func(p *corev1.Pod) { p.OwnerReferences[0].UID = "other" })
			c.pod("c", func(p *corev1.Pod) { p.OwnerReferences[0].UID = "job" })
			c.turns("", batchv1.JobFailed)
		}, ""},
		{"of a Job that is being deleted", func(c *chronicle) {
			c.runs(twoOf(2))
			c.pod("a", c.succeeded())
			c.changes(deleting(c))
			c.turns("", batchv1.JobFailed)
		}, ""},
	})
}

func TestIndexesWithout(t *testing.T) {
	for _, c := range []struct {
		set, other string
		want       []int
	}{
		{"", "", nil},
		{"0-4", "", []int{0, 1, 2, 3, 4}},
		{"0-9", "1-3,5,7-9", []int{0, 4, 6}},
		{"2,4-6", "0-2,6-9", []int{4, 5}},
		{"0-3", "0-3", nil},
		{"3-5", "0,9", []int{3, 4, 5}},
	} {
		set, err := ParseIndexes(c.set)
		if err != nil {
			t.Fatal(err)
		}
		other, err := ParseIndexes(c.other)
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Collect(set.without(other)); !slices.Equal(got, c.want) {
			t.Errorf("%q without %q is %v, want %v", c.set, c.other, got, c.want)
		}
	}
}
