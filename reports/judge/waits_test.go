package judge

import (
	"fmt"
	"strings"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/verdict"
)

// patience is an invariant that waits for what a Job's annotations tell it to, at most 100 s.
var patience = Invariant{
	ID: "L00", Says: "It does not wait for ever.",
	JobWaits: func(j *Job) Waiting {
		a := j.Now.Meta.Annotations
		w := Waiting{For: a["for"], Blocked: a["blocked"]}
		if at, err := time.Parse(time.RFC3339, a["notBefore"]); err == nil {
			w.NotBefore = at
		}
		if a["begins"] != "" && j.World.Clock.Before(w.NotBefore) {
			w.For = ""
		}
		if a["after"] == "something else" {
			w.NotBefore = j.World.notYet()
		}
		return w
	},
	Within: Bound{Limit: 100 * time.Second}, Settles: true,
}

// waits tells that a Job waits like that from now on: for=it blocked=quota notBefore=30.
func (c *chronicle) waits(fields ...string) {
	c.changes(func(j *batchv1.Job) {
		j.Annotations = map[string]string{}
		for _, field := range fields {
			name, value, _ := strings.Cut(field, "=")
			if name == "notBefore" {
				var seconds int
				_, _ = fmt.Sscan(value, &seconds)
				value = c.header.Start.Add(time.Duration(seconds) * time.Second).Format(time.RFC3339)
			}
			j.Annotations[name] = value
		}
	})
}

func TestWaits(t *testing.T) {
	for _, tc := range []struct {
		name string
		tell func(*chronicle)
		want string // what is found, each with the second at which it was
		held int
	}{
		{"over in time", func(c *chronicle) {
			c.at(0)
			c.waits("for=it")
			c.at(60)
			c.waits()
			c.at(500)
		}, "", 1},
		{"not longer than its bound", func(c *chronicle) {
			c.at(0)
			c.waits("for=it")
			c.clock = c.clock.Add(100 * time.Second)
		}, "", 0},
		{"a moment longer than its bound", func(c *chronicle) {
			c.at(0)
			c.waits("for=it")
			c.clock = c.clock.Add(100*time.Second + 1)
		}, "broken 100", 0},
		{"late, whatever comes then", func(c *chronicle) {
			c.at(0)
			c.waits("for=it")
			c.at(200)
			c.waits()
			c.at(500)
		}, "broken 200", 0},
		{"longer than its bound, but there was much to do", func(c *chronicle) {
			c.at(0)
			c.waits("for=it")
			for range 200 {
				c.tells("Normal", "Something", "happened")
			}
			c.at(109)
		}, "", 0},
		{"longer than its bound, and there was not that much to do", func(c *chronicle) {
			c.at(0)
			c.waits("for=it")
			for range 200 {
				c.tells("Normal", "Something", "happened")
			}
			c.at(111)
		}, "broken 111", 0},
		{"told once", func(c *chronicle) {
			c.at(0)
			c.waits("for=it")
			for s := range 9 {
				c.at(float64(s * 100))
				c.waits("for=it")
			}
		}, "broken 200", 0},
		{"late, over and late again", func(c *chronicle) {
			c.at(0)
			c.waits("for=it")
			c.at(150)
			c.waits()
			c.at(160)
			c.waits("for=it")
			c.at(300)
		}, "broken 150 twice", 0},
		{"for one thing and then for another", func(c *chronicle) {
			c.at(0)
			c.waits("for=it")
			c.at(90)
			c.waits("for=that")
			c.at(180)
		}, "", 1},
		{"not before a moment", func(c *chronicle) {
			c.at(0)
			c.waits("for=it", "notBefore=50")
			c.at(149)
		}, "", 0},
		{"later than a moment", func(c *chronicle) {
			c.at(0)
			c.waits("for=it", "notBefore=50")
			c.at(151)
		}, "broken 151", 0},
		{"not before a moment that moves", func(c *chronicle) {
			for s := range 9 {
				c.at(float64(s * 90))
				c.waits("for=it", fmt.Sprintf("notBefore=%d", s*90))
			}
		}, "", 0},
		{"not before a moment that moved while nothing was told", func(c *chronicle) {
			c.at(0)
			c.waits("for=it", "after=something else")
			c.at(500)
		}, "", 0},
		{"begins by itself", func(c *chronicle) {
			c.at(0)
			c.waits("begins=yes", "for=it", "notBefore=50")
			c.at(140)
		}, "", 0},
		{"begins by itself and is over in time", func(c *chronicle) {
			c.at(0)
			c.waits("begins=yes", "for=it", "notBefore=50")
			c.at(60)
			c.waits()
		}, "", 1},
		{"begins by itself and is late", func(c *chronicle) {
			c.at(0)
			c.waits("begins=yes", "for=it", "notBefore=50")
			c.at(151)
		}, "broken 151", 0},
		{"over before it began", func(c *chronicle) {
			c.at(0)
			c.waits("begins=yes", "for=it", "notBefore=50")
			c.at(40)
			c.waits()
			c.at(500)
		}, "", 0},
		{"begins earlier than it first seemed", func(c *chronicle) {
			c.at(0)
			c.waits("begins=yes", "for=it", "notBefore=400")
			c.at(10)
			c.waits("begins=yes", "for=it", "notBefore=50")
			c.at(200)
		}, "broken 200", 0},
		{"blocked", func(c *chronicle) {
			c.at(0)
			c.waits("for=it", "blocked=quota")
			c.at(150)
		}, "blocked 150", 0},
		{"blocked and over", func(c *chronicle) {
			c.at(0)
			c.waits("for=it", "blocked=quota")
			c.at(50)
			c.waits()
		}, "", 0},
		{"blocked, and again its full time after that", func(c *chronicle) {
			c.at(0)
			c.waits("for=it", "blocked=quota")
			c.at(150)
			c.waits("for=it")
			c.at(249)
		}, "blocked 150", 0},
		{"blocked, and late after that", func(c *chronicle) {
			c.at(0)
			c.waits("for=it", "blocked=quota")
			c.at(150)
			c.waits("for=it")
			c.at(252)
		}, "blocked 150, broken 252", 0},
		{"of what is gone", func(c *chronicle) {
			c.at(0)
			c.waits("for=it")
			c.at(50)
			c.removes()
			c.at(500)
		}, "", 0},
		{"with something missing", func(c *chronicle) {
			c.at(0)
			c.waits("for=it")
			c.lines = append(c.lines, history.Line{Gap: &history.Gap{Kind: "Event", From: 1, To: 2}})
			c.at(500)
		}, "unsure 500", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newChronicle(t)
			c.begins(nil)
			tc.tell(c)
			got := c.judge([]Invariant{patience})
			var found []string
			for _, list := range []struct {
				name string
				of   []verdict.Finding
			}{{"blocked", got.Blocked}, {"broken", got.Broken}, {"unsure", got.Unsure}} {
				for _, f := range list.of {
					text := fmt.Sprintf("%s %d", list.name, int(f.Seen.Sub(c.header.Start).Seconds()))
					if f.Times == 2 {
						text += " twice"
					}
					found = append(found, text)
				}
			}
			if text := strings.Join(found, ", "); text != tc.want {
				t.Errorf("found %q, want %q", text, tc.want)
			}
			if got.Held["L00"] != tc.held {
				t.Errorf("held %d times, want %d", got.Held["L00"], tc.held)
			}
		})
	}
}

func TestOpenWaits(t *testing.T) {
	restless := patience
	restless.ID, restless.Settles = "L99", false
	for _, tc := range []struct {
		name     string
		waits    []string
		deadline float64 // 0 if a recording may end
	}{
		{"none", nil, 0},
		{"one", []string{"for=it"}, 100},
		{"one that is blocked", []string{"for=it", "blocked=quota"}, 0},
		{"one that counts soon", []string{"for=it", "notBefore=30"}, 130},
		{"one that is far off", []string{"for=it", "notBefore=3600"}, 0},
		{"one that has not begun", []string{"begins=yes", "for=it", "notBefore=30"}, 0},
		{"one that something else comes before", []string{"for=it", "after=something else"}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newChronicle(t)
			c.begins(nil)
			c.at(0)
			c.waits(tc.waits...)
			j := asking(c.header, []Invariant{patience, restless})
			for _, l := range c.lines {
				if err := j.Line(l); err != nil {
					t.Fatal(err)
				}
			}
			j.world.Clock = j.world.Clock.Add(time.Second)
			open, want := j.Open(), 0
			if tc.deadline > 0 {
				want = 1
			}
			if len(open) != want {
				t.Fatalf("open: %v", open)
			}
			if want == 0 {
				if !j.Deadline().IsZero() {
					t.Errorf("nothing is open, and the deadline is %v", j.Deadline())
				}
				return
			}
			if open[0].Invariant != "L00" || open[0].Object != "Job/demo" || open[0].What != "it waits for it" {
				t.Errorf("open: %+v", open[0])
			}
			if got := j.Deadline().Sub(c.header.Start).Round(time.Second).Seconds(); got != tc.deadline {
				t.Errorf("the deadline is after %v s, want %v s", got, tc.deadline)
			}
		})
	}
}
