package plan

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/chaos/catalogue"
	"github.com/jobproof/jobproof/reports/history"
)

// errNever ends a wait for a trigger.
var errNever = errors.New("the bound is over")

// conductor carries out one plan.
type conductor struct {
	*Plan
	ground Ground
	start  time.Time
	needs  map[string]int  // the completions of each Job
	steps  []chan struct{} // closed once the step is confirmed

	mu    sync.Mutex
	fired []Fired
}

// Conduct carries out the steps of a plan whose Jobs were applied, each as soon as its trigger comes true, and returns
// once all are confirmed and those with an Until are healed. The first step that cannot be carried out ends it; its error
// names the line, and wraps chaos.ErrUnconfirmed or chaos.ErrNotHere if that is why. The report is there in any case.
func Conduct(ctx context.Context, p *Plan, ground Ground) (Report, error) {
	c := &conductor{Plan: p, ground: ground, start: time.Now(), needs: map[string]int{}, fired: make([]Fired, len(p.Steps))}
	for _, manifest := range p.Jobs {
		found, err := jobsOf(manifest)
		if err != nil {
			return Report{Plan: p.Name}, err
		}
		for _, job := range found {
			c.needs[job.Name] = completions(job)
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	for i, step := range p.Steps {
		c.steps = append(c.steps, make(chan struct{}))
		c.fired[i] = Fired{Step: i + 1, Does: step.does()}
	}
	for i := range p.Steps {
		group.Go(func() error { return c.step(ctx, i) })
	}
	err := group.Wait()
	return Report{Plan: p.Name, Steps: c.fired}, err
}

// note changes what is reported of a step.
func (c *conductor) note(i int, change func(*Fired)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.fired[i])
}

func (c *conductor) step(ctx context.Context, i int) error {
	step, path := &c.Steps[i], fmt.Sprintf("steps[%d]", i)
	failed := func(part string, err error) error {
		return fmt.Errorf("%s: step %d (%s): %w", c.At(path+part), i+1, step.does(), err)
	}
	since := c.start
	if step.After > 0 {
		select {
		case <-c.steps[step.After-1]:
			c.note(step.After-1, func(f *Fired) { since = f.Confirmed })
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	var pods []string
	saw, err := c.await(ctx, step.When, c.within(step.Within), since, func(saw seen, live *history.Live) { pods = c.choose(step, saw, live) })
	if err != nil {
		return failed(".when", err)
	}
	c.note(i, func(f *Fired) { f.Fired, f.Saw, f.RV = time.Now().UTC(), saw.what, saw.rv })
	injected, err := c.do(ctx, i, step, pods)
	if err != nil {
		return failed("", err)
	}
	c.note(i, func(f *Fired) { f.Confirmed = time.Now().UTC(); since = f.Confirmed })
	close(c.steps[i])
	if step.Until == nil {
		return nil
	}
	_, err = c.await(ctx, *step.Until, c.within(step.Within), since, func(seen, *history.Live) {})
	for _, fault := range injected {
		err = errors.Join(err, fault.Heal(context.WithoutCancel(ctx)))
	}
	if err != nil {
		return failed(".until", err)
	}
	c.note(i, func(f *Fired) { f.Healed = time.Now().UTC() })
	return nil
}

// await waits for a trigger. What fires is given to then, with the objects that it fired on.
func (c *conductor) await(ctx context.Context, t Trigger, within time.Duration, since time.Time, then func(seen, *history.Live)) (saw seen, err error) {
	if t.Elapsed != 0 {
		timer := time.NewTimer(time.Until(since.Add(time.Duration(t.Elapsed))))
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return saw, context.Cause(ctx)
		}
		saw.what = time.Duration(t.Elapsed).String() + " had passed"
		return saw, c.ground.Await(ctx, func(live *history.Live) bool { then(saw, live); return true })
	}
	watched := &watch{Trigger: t, uid: c.ground.UID(t.Job), completions: c.needs[t.Job], node: c.ground.Victim()}
	bounded, cancel := context.WithTimeoutCause(ctx, within, errNever)
	defer cancel()
	err = c.ground.Await(bounded, func(live *history.Live) (is bool) {
		if saw, is = watched.look(live); is {
			then(saw, live)
		}
		return is
	})
	if errors.Is(err, errNever) {
		return saw, fmt.Errorf("it waited %v for %s, and that never came: %s", within, t, c.standing(ctx, t))
	}
	return saw, err
}

// standing says how what a trigger is about stands now.
func (c *conductor) standing(ctx context.Context, t Trigger) (text string) {
	_ = c.ground.Await(ctx, func(live *history.Live) bool {
		state := live.State(t.Job, c.ground.UID(t.Job))
		var each []string
		for _, pod := range state.Pods {
			each = append(each, pod.Name+" "+string(pod.Status.Phase))
		}
		switch {
		case t.Node != "":
			text = "the node is not so"
		case state.Job == nil:
			text = "the Job is gone"
		default:
			s := state.Job.Status
			text = fmt.Sprintf("it counts %d active, %d succeeded, %d failed; its pods are %s", s.Active, s.Succeeded, s.Failed, strings.Join(each, ", "))
		}
		return true
	})
	return text
}

// choose returns the pods that a step hits.
func (c *conductor) choose(step *Step, saw seen, live *history.Live) []string {
	if step.At == nil || step.At.Pod == "" {
		if saw.pod == nil {
			return nil
		}
		return []string{saw.pod.Name}
	}
	return step.At.choose(live.PodsOf(c.ground.UID(step.At.Job)))
}

// do injects the fault of a step into each of its targets, or acts as its user.
func (c *conductor) do(ctx context.Context, i int, step *Step, pods []string) ([]*chaos.Injected, error) {
	at := step.selector()
	if step.Act != "" {
		if step.Act == Release && len(pods) == 0 {
			return nil, matchesNothing(at)
		}
		act := Act{Name: step.Act, Job: at.Job, Pods: pods, With: step.With}
		c.note(i, func(f *Fired) { f.Targets = act.targets() })
		return nil, c.ground.Act(ctx, act)
	}
	kind, err := catalogue.Find(step.Fault)
	if err != nil {
		return nil, err
	}
	targets := []catalogue.Target{{Job: at.Job, Index: at.Index, Node: c.ground.Victim()}}
	if kind.On == catalogue.OnPod {
		if len(pods) == 0 {
			return nil, matchesNothing(at)
		}
		targets = nil
		for _, pod := range pods {
			targets = append(targets, catalogue.Target{Pod: pod, Job: at.Job, Index: at.Index})
		}
	}
	injected := make([]*chaos.Injected, len(targets))
	var group errgroup.Group
	for n, target := range targets {
		group.Go(func() error {
			fault, err := kind.Make(target, step.With)
			if err != nil {
				return err
			}
			c.note(i, func(f *Fired) { f.Targets = append(f.Targets, fault.Target()) })
			if injected[n], err = c.ground.Inject(ctx, fault); err != nil {
				return err
			}
			c.note(i, func(f *Fired) { f.Observed = append(f.Observed, injected[n].Observed) })
			return nil
		})
	}
	return injected, group.Wait()
}

func (a Act) targets() []string {
	if len(a.Pods) == 0 {
		return []string{"job/" + a.Job}
	}
	var each []string
	for _, pod := range a.Pods {
		each = append(each, "pod/"+pod)
	}
	return each
}

// matchesNothing is the error of a selector that found too few pods.
func matchesNothing(at Selector) error {
	what := fmt.Sprintf("of the Job %s", at.Job)
	if at.Index != nil {
		what = fmt.Sprintf("of index %d ", *at.Index) + what
	}
	if at.Count > 1 {
		return fmt.Errorf("when it fired, fewer than %d pods %s were %s", at.Count, what, at.Pod)
	}
	return fmt.Errorf("when it fired, no pod %s was %s", what, at.Pod)
}
