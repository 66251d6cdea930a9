package storm

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"github.com/jobproof/jobproof/chaos/catalogue"
	"github.com/jobproof/jobproof/chaos/plan"
	"github.com/jobproof/jobproof/chaos/pods"
)

const (
	// most is how many faults a plan has at most: after three failures a Job waits 70 s for its next pod.
	most = 3
)

// plans is the sequence of plans of one lane.
type plans struct {
	seed    uint64
	made    bool // by jobproof: the cluster
	name    string
	kinds   []kind
	demands []demand
	gusts   []gust // nil: faults of pods
}

// lanes returns the lanes of a storm: one for each kind of Job, and, on a cluster that was made here, the lane weather.
func lanes(seed uint64, made bool) []plans {
	all := make([]plans, 0, len(kinds)+1)
	for _, k := range kinds {
		lane := plans{seed: seed, made: made, name: k.job, kinds: []kind{k}}
		for _, d := range demanded(made) {
			if d.kind == k.job {
				lane.demands = append(lane.demands, d)
			}
		}
		all = append(all, lane)
	}
	if made {
		all = append(all, plans{seed: seed, made: made, name: "storm-everybody", kinds: ofWeather, demands: planned(ofEverybody), gusts: gusts})
	}
	return all
}

// at returns the plan of that number, from 0, and the kind that it is about. The demands come first, in an order that the
// seed decides, and come again later now and then, for what was to be hit may have been missed.
func (p plans) at(n int) (*plan.Plan, kind) {
	lane := fnv.New64a()
	lane.Write([]byte(p.name))
	order := rand.New(rand.NewPCG(p.seed, lane.Sum64()))
	demands := order.Perm(len(p.demands))
	chance := rand.New(rand.NewPCG(p.seed, lane.Sum64()+uint64(n)+1))
	made := &plan.Plan{Name: fmt.Sprintf("%s-%d-%d", p.name, p.seed, n), Seed: p.seed, Profile: plan.Storm}
	var k kind
	switch {
	case n < len(demands):
		k = p.demand(made, p.demands[demands[n]])
	case len(demands) > 0 && chance.IntN(3) == 0:
		k = p.demand(made, p.demands[chance.IntN(len(demands))])
	case p.gusts != nil:
		k = p.gust(made, chance)
	default:
		k = p.hits(made, chance)
	}
	made.Claims, made.Jobs = k.claims, []string{"chaos." + k.job + ".yaml"}
	made.Ends = []plan.End{k.end}
	return made, k
}

func (p plans) kind(job string) kind {
	for _, k := range p.kinds {
		if k.job == job {
			return k
		}
	}
	panic("no lane has the Job " + job)
}

// demand makes the plan of a demand: the act that brings the Job into the phase, the fault, and what is done then.
func (p plans) demand(made *plan.Plan, d demand) kind {
	k := p.kind(d.kind)
	made.Says = fmt.Sprintf("%s while a Job is %s: %s.", d.fault, d.phase, d.because)
	made.Steps = append(made.Steps, k.acts...)
	if d.act != nil {
		made.Steps = append(made.Steps, *d.act)
	}
	hit := plan.Step{When: d.when, Fault: d.fault, At: d.at, After: len(made.Steps), Until: until(d.fault)}
	made.Steps = append(made.Steps, hit)
	if d.then != nil {
		then := *d.then
		then.After = len(made.Steps)
		made.Steps = append(made.Steps, then)
	}
	return k
}

// until says when a fault of the lane weather is healed; nil if it heals by itself.
func until(fault string) *plan.Trigger {
	for _, g := range gusts {
		if g.fault == fault && !g.heals {
			return &plan.Trigger{Elapsed: plan.Duration(lull)}
		}
	}
	return nil
}

// lull is how long a fault of the lane weather lasts: long enough for a task to end and the next to be due.
const lull = 12 * time.Second

// gust makes a plan with one fault that hits everybody.
func (p plans) gust(made *plan.Plan, chance *rand.Rand) kind {
	k := p.kinds[chance.IntN(len(p.kinds))]
	g := p.gusts[chance.IntN(len(p.gusts))]
	made.Says = fmt.Sprintf("%s while many Jobs are in every phase.", g.fault)
	made.Steps = []plan.Step{{When: k.starts[chance.IntN(len(k.starts))], Fault: g.fault, Until: until(g.fault)}}
	return k
}

// hits makes a plan with a few faults of pods.
func (p plans) hits(made *plan.Plan, chance *rand.Rand) kind {
	k := p.kinds[chance.IntN(len(p.kinds))]
	made.Steps = append(made.Steps, k.acts...)
	n := 1 + chance.IntN(most)
	made.Says = fmt.Sprintf("%d faults of the pods of the Job %s.", n, k.job)
	for range n {
		fault := k.faults[chance.IntN(len(k.faults))]
		for fault == killContainer && !p.made {
			fault = k.faults[chance.IntN(len(k.faults))]
		}
		start := k.starts[chance.IntN(len(k.starts))]
		for fault == killContainer && start.Pod != pods.Running {
			start = k.starts[chance.IntN(len(k.starts))]
		}
		made.Steps = append(made.Steps, plan.Step{When: start, Fault: fault, After: len(k.acts)})
	}
	return k
}

// known makes sure that the catalogue has every fault of the storm.
func known() error {
	var names []string
	for _, k := range kinds {
		names = append(names, k.faults...)
	}
	for _, g := range gusts {
		names = append(names, g.fault)
	}
	for _, d := range demanded(true) {
		names = append(names, d.fault)
	}
	for _, name := range names {
		if _, err := catalogue.Find(name); err != nil {
			return err
		}
	}
	return nil
}
