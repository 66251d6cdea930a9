package judge

import (
	"strings"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// elsewhere puts a pod into another namespace.
func elsewhere(p *corev1.Pod) { p.Namespace = "jp-other" }

func TestRun(t *testing.T) {
	judged(t, run, []report{
		{"a Job has a pod in another namespace", func(c *chronicle) {
			c.begins(nil)
			c.pod("a", elsewhere)
		}, "R01 Pod/demo-a"},
		{"a pod in another namespace is adopted", func(c *chronicle) {
			c.begins(nil)
			c.pod("a", elsewhere)
			owners := c.pods["a"].OwnerReferences
			c.lines, c.rv = c.lines[:1], 1
			delete(c.pods, "a")
			c.pod("a", elsewhere, orphaned, untracked)
			c.pod("a", func(p *corev1.Pod) { p.OwnerReferences = owners })
		}, "R01 Pod/demo-a"},
		{"an Event is told in another namespace", func(c *chronicle) {
			c.begins(nil)
			c.tells("Normal", "Completed", "Job completed", func(e *corev1.Event) { e.Namespace = "jp-other" })
		}, "R01 Event/demo.1"},
		{"all stays in its namespace", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.tells("Normal", "SuccessfulCreate", "Created pod: demo-a")
		}, ""},
		{"a finalizer is left", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.removes()
			c.minutes(4)
		}, "R02 Pod/demo-a"},
		{"a finalizer is left on a pod that ended", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", c.ended(corev1.PodFailed))
			c.minutes(4)
		}, "R02 Pod/demo-a"},
		{"the run ends soon after", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.removes()
			c.minutes(3)
		}, ""},
		{"a history of one namespace is not a run", func(c *chronicle) {
			c.header.Namespace = "jp-test"
			c.begins(nil)
			c.pod("a", elsewhere)
			c.removes()
			c.minutes(4)
		}, ""},
	})
}

func TestOutcomeOf(t *testing.T) {
	for _, tc := range []struct {
		name string
		tell func(*chronicle)
		want string
	}{
		{"complete", func(c *chronicle) {
			c.begins(nil)
			c.completes()
		}, "NonIndexed succeeded CompletionsReached"},
		{"failed, Indexed", func(c *chronicle) {
			c.begins(threeIndexes)
			c.turns("DeadlineExceeded", batchv1.JobFailureTarget, batchv1.JobFailed)
		}, "Indexed failed DeadlineExceeded"},
		{"finished before", func(c *chronicle) {
			c.begins(nil)
			c.completes()
			c.changes(func(j *batchv1.Job) { j.Labels = map[string]string{"a": "b"} })
		}, ""},
		{"not finished", func(c *chronicle) {
			c.begins(nil)
			c.turns("CompletionsReached", batchv1.JobSuccessCriteriaMet)
		}, ""},
		{"of another controller", func(c *chronicle) {
			c.begins(func(j *batchv1.Job) { j.Spec.ManagedBy = new("example.com/other") })
			c.completes()
		}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newChronicle(t)
			tc.tell(c)
			j := asking(c.header, nil)
			for _, l := range c.lines {
				if err := j.Line(l); err != nil {
					t.Fatal(err)
				}
			}
			got := ""
			if o, finished := OutcomeOf(j.world.Job("job")); finished {
				got = strings.Join([]string{o.Mode, o.Result, o.Reason}, " ")
			}
			if got != tc.want {
				t.Errorf("%q, want %q", got, tc.want)
			}
		})
	}
}

func TestBalance(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	done, failed := Outcome{"Indexed", "succeeded", "CompletionsReached"}, Outcome{"NonIndexed", "failed", "DeadlineExceeded"}
	before := Metrics{Start: start, Held: 7, Freed: 5, Finished: map[Outcome]float64{done: 3}}
	for _, tc := range []struct {
		name     string
		after    Metrics
		finished map[Outcome]int
		want     []string // a part of each finding
		unsure   bool
	}{
		{"all is counted", Metrics{start, 17, 15, map[Outcome]float64{done: 5, failed: 1}}, map[Outcome]int{done: 2, failed: 1}, nil, false},
		{"nothing happened", before, nil, nil, false},
		{"a finalizer is left", Metrics{start, 17, 14, map[Outcome]float64{done: 3}}, nil, []string{"saw 10 pods end with the tracking finalizer, and 9 of them"}, false},
		{"a Job is not counted", Metrics{start, 7, 5, map[Outcome]float64{done: 3}}, map[Outcome]int{failed: 1},
			[]string{"counts 0 NonIndexed Jobs that failed with DeadlineExceeded, and 1 were"}, false},
		{"a Job is counted twice, another for something else", Metrics{start, 7, 5, map[Outcome]float64{done: 5, failed: 1}}, map[Outcome]int{done: 1},
			[]string{"counts 2 Indexed Jobs that succeeded", "counts 1 NonIndexed Jobs that failed"}, false},
		{"it was started anew", Metrics{start.Add(time.Hour), 1, 1, nil}, map[Outcome]int{done: 1}, []string{"started anew at 2026-01-01T01:00:00Z"}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := Balance(before, tc.after, tc.finished)
			if len(got) != len(tc.want) {
				t.Fatalf("found %v, want %d", got, len(tc.want))
			}
			for i, f := range got {
				if f.Invariant != "R03" || !strings.Contains(f.What, tc.want[i]) || (f.Because != "") != tc.unsure {
					t.Errorf("found %+v, want something with %q", f, tc.want[i])
				}
			}
		})
	}
}
