package judge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/jobproof/jobproof/reports/history"
)

// How large the Jobs of a crowd are. A sync of the Job controller creates and counts at most 500 pods (maxPodCreateDeletePerSync
// and maxUncountedPods in pkg/controller/job/job_controller.go).
const (
	crowdSize = 10_000
	syncSize  = 500
)

// crowd makes up a long history, a few hundred versions at a time: one Job after another, whose 10,000 pods go through all
// that a recorded pod went through, in the order in which the controllers do it.
type crowd struct {
	header history.Header
	stages map[bool][]mould // of a pod of an Indexed Job and of another; the last is its removal
	object mould            // of a Job, up to its status

	// made are the versions that next made; their objects are parts of text, which holds them as lines.
	made []history.Version
	text []byte
	now  time.Time

	lines, versions, want int
	rv                    uint64
	digest                *xxhash.Digest
	spent, busy           time.Duration // on making them: that passed, and that of the processor
	tb                    testing.TB
	heap                  uint64 // the largest so far

	serial int
	job    *bigJob
	chance *rand.Rand
}

// bigJob is a Job of the crowd and where it is in its life.
type bigJob struct {
	name, uid   string
	indexed     bool
	parallelism int
	start       string
	step        func()

	created, succeeded int
	fresh, running     []*bigPod // not yet scheduled, and running
	done               []*bigPod // untracked
	completed          []bool    // by index
	uncounted          []*bigPod
	conditions         []string
}

type bigPod struct {
	name, uid, birth string
	index            int
}

// newCrowd returns a crowd that goes on until so many versions were made, and then to the end of its last Job.
func newCrowd(b *testing.B, versions int) *crowd {
	b.Helper()
	h, err := history.Open(legal + "/v1.37.0/single" + history.SealedExtension)
	if err != nil {
		b.Fatal(err)
	}
	c := &crowd{tb: b, header: h.Header, rv: 1_000_000, now: h.Start, want: versions, digest: xxhash.New(), chance: rand.New(rand.NewPCG(1, 2))}
	c.header.Origin = history.Hand
	var pods, jobs []history.Version
	for _, v := range h.Versions() {
		switch v.Kind {
		case history.Pods.Name:
			pods = append(pods, v)
		case history.Jobs.Name:
			jobs = append(jobs, v)
		}
	}
	c.stages = map[bool][]mould{}
	for _, indexed := range []bool{false, true} {
		for _, v := range append(pods, pods[len(pods)-1]) { // it is removed as it was
			c.stages[indexed] = append(c.stages[indexed], newMould(b, v, pods[0], jobs[0], indexed))
		}
	}
	c.object = newMould(b, jobs[1], pods[0], jobs[0], false)
	return c
}

// next makes some more versions. It reports false when there are enough and nothing exists any more.
func (c *crowd) next() bool {
	began, onCore := time.Now(), processorTime(c.tb)
	defer func() {
		c.spent += time.Since(began)
		c.busy += processorTime(c.tb) - onCore
	}()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	c.heap = max(c.heap, m.HeapAlloc)
	if c.job == nil {
		if c.versions >= c.want {
			return false
		}
		c.begin()
	}
	c.made, c.text = c.made[:0], c.text[:0]
	c.job.step()
	for i, at := 0, 0; i < len(c.made); i++ { // the text stays where it is from here on
		end := at + bytes.IndexByte(c.text[at:], '\n')
		c.made[i].Object = c.text[end-1-len(c.made[i].Object) : end-1]
		at = end + 1
	}
	_, _ = c.digest.Write(c.text)
	return true
}

// first and last are the lines around all others.
func (c *crowd) first() []byte {
	c.header.Format = 2
	text, _ := json.Marshal(c.header) // a header always encodes
	text = append(text, '\n')
	_, _ = c.digest.Write(text)
	c.lines++
	return text
}

func (c *crowd) last() []byte {
	return fmt.Appendf(nil, `{"end":{"at":%q,"lines":%d,"xxh64":"%016x"}}`+"\n", c.now.Format(time.RFC3339Nano), c.lines, c.digest.Sum64())
}

// put makes a version whose object write writes.
func (c *crowd) put(kind, typ, name, uid string, write func(text []byte) []byte) {
	c.rv++
	c.lines++
	c.versions++
	c.now = c.now.Add(50 * time.Microsecond)
	c.text = fmt.Appendf(c.text, `{"seen":"%s","type":"%s","kind":"%s","namespace":"%s","name":"%s","uid":"%s","rv":%d,"object":`,
		c.now.Format(time.RFC3339Nano), typ, kind, c.header.Namespace, name, uid, c.rv)
	from := len(c.text)
	c.text = write(c.text)
	c.made = append(c.made, history.Version{
		Seen: c.now, Type: typ, Kind: kind, Namespace: c.header.Namespace, Name: name, UID: uid, RV: c.rv, Object: c.text[from:],
	})
	c.text = append(c.text, "}\n"...)
}

func (c *crowd) putPods(stage int, typ string, pods []*bigPod) {
	for _, p := range pods {
		c.put(history.Pods.Name, typ, p.name, p.uid, func(text []byte) []byte { return c.fill(text, &c.stages[c.job.indexed][stage], p) })
	}
}

// putJob makes a version of the Job with the status that the controller gives it now.
func (c *crowd) putJob(typ string) {
	j := c.job
	c.put(history.Jobs.Name, typ, j.name, j.uid, func(text []byte) []byte {
		text = c.fill(text, &c.object, &bigPod{birth: j.start})
		if typ == history.Added {
			return append(text, "{}}"...)
		}
		text = append(text, '{')
		if len(j.conditions) > 0 {
			text = append(append(append(text, `"conditions":[`...), strings.Join(j.conditions, ",")...), "],"...)
		}
		text = fmt.Appendf(text, `"startTime":"%s"`, j.start)
		if len(j.conditions) == 2 {
			text = fmt.Appendf(text, `,"completionTime":"%s"`, c.now.Format(time.RFC3339))
		}
		if active := len(j.running) + len(j.fresh); active > 0 {
			text = fmt.Appendf(text, `,"active":%d`, active)
		}
		if j.succeeded > 0 {
			text = fmt.Appendf(text, `,"succeeded":%d`, j.succeeded)
		}
		text = append(text, `,"terminating":0`...)
		if j.indexed && j.succeeded > 0 {
			text = fmt.Appendf(text, `,"completedIndexes":"%s"`, spanned(j.completed))
		}
		text = append(text, `,"uncountedTerminatedPods":{`...)
		for i, p := range j.uncounted {
			text = append(text, map[bool]string{true: `"succeeded":["`, false: `","`}[i == 0]...)
			text = append(text, p.uid...)
		}
		if len(j.uncounted) > 0 {
			text = append(text, `"]`...)
		}
		return fmt.Appendf(text, `},"ready":%d}}`, len(j.running))
	})
}

// spanned writes a set of indexes as a Job's status does.
func spanned(set []bool) string {
	var text []byte
	for i := 0; i < len(set); i++ {
		if !set[i] {
			continue
		}
		last := i
		for last+1 < len(set) && set[last+1] {
			last++
		}
		if len(text) > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendInt(text, int64(i), 10)
		switch {
		case last == i+1:
			text = fmt.Appendf(text, ",%d", last)
		case last > i:
			text = fmt.Appendf(text, "-%d", last)
		}
		i = last
	}
	return string(text)
}

// begin begins the life of another Job: by turns Indexed and not, and by turns with all pods at once and with fewer.
func (c *crowd) begin() {
	c.serial++
	j := &bigJob{
		name: fmt.Sprintf("crowd-%d", c.serial), uid: fmt.Sprintf("%08x-0000-4000-8000-000000000000", c.serial), indexed: c.serial%2 == 1,
		parallelism: []int{crowdSize, 2000, 1000}[c.serial%3], start: c.now.Format(time.RFC3339), completed: make([]bool, crowdSize),
	}
	c.job = j
	j.step = func() {
		c.putJob(history.Added)
		j.step = c.create
	}
}

// create is a sync that finds too few pods.
func (c *crowd) create() {
	j := c.job
	c.born()
	c.putJob(history.Modified)
	if len(j.fresh)+len(j.running) == j.parallelism || j.created == crowdSize {
		j.step = c.run
	}
}

// born makes as many pods as a sync does.
func (c *crowd) born() {
	j := c.job
	for range min(syncSize, j.parallelism-len(j.fresh)-len(j.running), crowdSize-j.created) {
		name := fmt.Sprintf("%s-p%04x", j.name, j.created)
		if j.indexed {
			name = fmt.Sprintf("%s-%d-p%04x", j.name, j.created, j.created)
		}
		p := &bigPod{
			name: name, uid: fmt.Sprintf("%08x-%04x-4000-9000-000000000000", c.serial, j.created),
			birth: c.now.Format(time.RFC3339), index: j.created,
		}
		j.created++
		j.fresh = append(j.fresh, p)
		c.putPods(0, history.Added, j.fresh[len(j.fresh)-1:])
	}
}

// run lets some new pods be scheduled and started, up to the stage in which they run.
func (c *crowd) run() {
	j := c.job
	some := j.fresh[:min(syncSize, len(j.fresh))]
	for stage := 1; stage < len(c.stages[true])-4; stage++ {
		c.putPods(stage, history.Modified, some)
	}
	j.running = append(j.running, some...)
	j.fresh = j.fresh[len(some):]
	c.putJob(history.Modified)
	if len(j.fresh) == 0 {
		j.step = c.finish
	}
}

// finish lets some pods succeed, whichever, and counts them; others take their place.
func (c *crowd) finish() {
	j := c.job
	var done []*bigPod
	for range min(syncSize, len(j.running)) {
		i := c.chance.IntN(len(j.running))
		last := len(j.running) - 1
		done = append(done, j.running[i])
		j.running[i] = j.running[last]
		j.running = j.running[:last]
	}
	removed := len(c.stages[true]) - 1
	c.putPods(removed-3, history.Modified, done) // its container has ended
	c.putPods(removed-2, history.Modified, done) // it is Succeeded
	c.born()
	if j.indexed {
		for _, p := range done {
			j.completed[p.index] = true
		}
		j.succeeded += len(done)
	} else {
		j.uncounted = done
	}
	j.done = append(j.done, done...)
	if len(j.done) == crowdSize {
		j.conditions = append(j.conditions, c.condition("SuccessCriteriaMet"))
	}
	c.putJob(history.Modified)
	c.putPods(removed-1, history.Modified, done) // it is no longer tracked
	if !j.indexed {
		j.uncounted = nil
		j.succeeded += len(done)
	}
	switch {
	case len(j.done) == crowdSize:
		j.conditions = append(j.conditions, c.condition("Complete"))
		c.putJob(history.Modified)
		j.step = c.remove
	case !j.indexed:
		c.putJob(history.Modified)
		fallthrough
	default:
		if len(j.fresh) > 0 {
			j.step = c.run
		}
	}
}

func (c *crowd) condition(kind string) string {
	at := c.now.Format(time.RFC3339)
	return fmt.Sprintf(`{"type":"%s","status":"True","lastProbeTime":"%s","lastTransitionTime":"%s","reason":"CompletionsReached",`+
		`"message":"Reached expected number of succeeded pods"}`, kind, at, at)
}

// remove removes the Job, and its pods behind it, as a deletion in the background does.
func (c *crowd) remove() {
	j := c.job
	c.putJob(history.Deleted)
	j.step = func() {
		some := j.done[:min(syncSize, len(j.done))]
		c.putPods(len(c.stages[true])-1, history.Deleted, some)
		if j.done = slices.Clone(j.done[len(some):]); len(j.done) == 0 {
			c.job = nil
		}
	}
}
