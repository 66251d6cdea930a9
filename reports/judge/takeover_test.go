package judge

import (
	"slices"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
)

func TestTakeover(t *testing.T) {
	for _, tc := range []struct {
		name string
		tell func(*chronicle)
		same bool   // controller manager
		want string // the object that it is broken for
		held int
	}{
		{"nothing is owed", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.minutes(60)
		}, false, "", 1},
		{"a Job lacks its pod", func(c *chronicle) {
			c.begins(nil)
			c.minutes(12)
		}, false, "Job/demo", 0},
		{"a Job lacks its pod, and the same controller manager leads", func(c *chronicle) {
			c.begins(nil)
			c.minutes(12)
		}, true, "", 0},
		{"a Job lacks its pod, but not for long enough", func(c *chronicle) {
			c.begins(nil)
			c.minutes(11)
		}, false, "", 1},
		{"a Job lacks its pod, but has just changed", func(c *chronicle) {
			c.begins(nil)
			c.minutes(60)
			c.changes(func(*batchv1.Job) {})
			c.minutes(65)
		}, false, "", 1},
		{"a pod is not noted", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.ended(corev1.PodSucceeded))
			c.minutes(12)
		}, false, "Pod/demo-a", 0},
		{"a pod does not end", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.turns("DeadlineExceeded", batchv1.JobFailureTarget)
			c.pod("a", c.marked(30), untracked)
			c.minutes(30)
		}, false, "", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newChronicle(t)
			c.header.Controller = &history.Controller{Holder: "one", Transitions: 1}
			end := history.Controller{Holder: "one", Transitions: 1}
			if !tc.same {
				end = history.Controller{Holder: "two", Transitions: 2}
			}
			tc.tell(c)
			j := asking(c.header, slices.Concat(owed, takeover))
			for _, l := range c.lines {
				if err := j.Line(l); err != nil {
					t.Fatal(err)
				}
			}
			got := j.End(history.End{At: c.clock, Controller: &end})
			found := ""
			for _, f := range got.Broken {
				if f.Invariant == "L14" {
					found += f.Object
				}
			}
			if found != tc.want {
				t.Errorf("found %v, want one for %q", got.Broken, tc.want)
			}
			if got.Held["L14"] != tc.held {
				t.Errorf("held %d times, want %d", got.Held["L14"], tc.held)
			}
		})
	}
}
