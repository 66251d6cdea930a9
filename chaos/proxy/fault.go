package proxy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/util/rand"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/chaos/proxy/rules"
	"github.com/jobproof/jobproof/chaos/requests"
)

// again is how long it is from one look into the machine, or at the metrics, to the next: nothing of either can be watched.
const again = 200 * time.Millisecond

// Fault puts the program between the controller manager and the API server and, unless it is Interpose, has it do something to
// requests. Several may be in effect at once; the first that picks a request has it, in no particular order.
type Fault struct {
	name, target string
	rule         rules.Rule
	within       time.Duration // for the Job controller to make the requests

	id      string
	machine machine
	program string
	before  heard
	placed  chan struct{}
	place   sync.Once
}

// Interpose puts the program between and lets everything pass. What else goes through it then takes effect at once.
// The kernel confirms it: each connection of the controller manager to the API server has its other end at the program.
func Interpose() *Fault {
	// A rule that picks nothing keeps the program there.
	return &Fault{name: "interpose-proxy", target: "deployment/kube-controller-manager", rule: rules.Rule{User: "nobody"}}
}

// Answer has the program answer or hold up what a rule picks: in the site's namespace if it names none, of the Job controller
// if it names no user. A watch is of all namespaces.
//
// The controller manager's own metrics confirm it: it heard that answer, or waited for that long, as often as the rule says,
// or once if it is for a while; of a watch that is held up, that syncs of Jobs were put off. So the fault is confirmed only
// after the requests were made, and whoever causes them waits for Placed first. within is how long they may take to come.
func Answer(rule rules.Rule, within time.Duration) *Fault {
	name := "delay-requests"
	if rule.Code != 0 {
		name = "answer-requests"
	}
	if rule.User == "" {
		rule.User = requests.JobController
	}
	if rule.Verb == "watch" {
		rule.User = "" // the controllers share their watches, which the controller manager keeps up under a name of its own
	}
	return &Fault{name: name, target: rule.Verb + " " + rule.Resource, rule: rule, within: within}
}

// Name implements chaos.Fault.
func (f *Fault) Name() string { return f.name }

// Target implements chaos.Fault.
func (f *Fault) Target() string { return f.target }

// Placed is closed once the program is in place and knows what to do.
func (f *Fault) Placed() <-chan struct{} {
	if f.placed == nil {
		f.placed = make(chan struct{})
	}
	return f.placed
}

// Bounds implements chaos.Fault.
func (f *Fault) Bounds() chaos.Bounds {
	return chaos.Bounds{
		Confirm: time.Minute + f.within, Heal: time.Minute,
		Origin: "the controller manager was seen to dial again within a second; the rest is for the requests to be made, and for a busy machine",
	}
}

// Arm implements chaos.Fault.
func (f *Fault) Arm(ctx context.Context, site *chaos.Site) (chaos.Undo, error) {
	if err := errors.Join(site.MayHitControlPlane(), site.MayHitPods(ctx)); err != nil {
		return nil, err
	}
	f.Placed()
	f.machine = machine{site.Cluster.ControlPlane()}
	f.id = site.Namespace + "-" + rand.String(5)
	if f.rule.Namespace == "" && f.rule.Verb != "watch" && f.watched() {
		f.rule.Namespace = site.Namespace
	}
	var err error
	if f.program, err = build(ctx, filepath.Dir(site.Cluster.Kubeconfig)); err != nil {
		return nil, err
	}
	if f.before, err = hear(ctx, site.Cluster); err != nil {
		return nil, err
	}
	return f.machine.undo(f.id), nil
}

// watched reports whether the fault does something to requests.
func (f *Fault) watched() bool { return f.rule.Code != 0 || f.rule.Delay != 0 }

// Inject implements chaos.Fault.
func (f *Fault) Inject(ctx context.Context, _ *chaos.Site) error {
	text, err := json.Marshal(f.rule)
	if err != nil {
		return err
	}
	if err := f.machine.install(ctx, f.program); err != nil {
		return err
	}
	if _, err := f.machine.run(ctx, start, f.id, string(text)); err != nil {
		return err
	}
	if err := f.between(ctx); err != nil {
		return err
	}
	f.place.Do(func() { close(f.placed) })
	return nil
}

// between waits until all connections of the controller manager end at the program.
func (f *Fault) between(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, f.Bounds().Confirm)
	defer cancel()
	return wait.PollUntilContextCancel(ctx, again, true, func(ctx context.Context) (bool, error) {
		aside, direct, err := f.machine.connections(ctx)
		return aside > 0 && direct == 0, err
	})
}

// Confirm implements chaos.Fault.
func (f *Fault) Confirm(ctx context.Context, site *chaos.Site) (string, error) {
	if !f.watched() {
		if err := f.between(ctx); err != nil {
			return "", err
		}
		return "the kernel of the control plane has every connection of the controller manager end at the proxy", nil
	}
	var says string
	err := wait.PollUntilContextCancel(ctx, again, true, func(ctx context.Context) (done bool, err error) {
		says, done, err = f.effect(ctx, site)
		return done, err
	})
	if err != nil && says != "" {
		err = fmt.Errorf("%s: %w", says, err)
	}
	return says, err
}

// effect says what the controller manager has noticed of the fault, and whether that is all of it.
func (f *Fault) effect(ctx context.Context, site *chaos.Site) (says string, all bool, err error) {
	now, err := hear(ctx, site.Cluster)
	if err != nil {
		return "", false, err
	}
	verb := method(f.rule.Verb)
	want := max(f.rule.Times, 1)
	if f.rule.Code == 0 && f.rule.Verb == "watch" {
		skipped := now.stale - f.before.stale
		return fmt.Sprintf("the controller manager put off %.0f syncs of Jobs because its watches were behind", skipped), skipped > 0, nil
	}
	picked, err := f.machine.picked(ctx, f.id)
	if err != nil {
		return "", false, err
	}
	if f.rule.Code == 0 {
		waited := now.seconds[verb] - f.before.seconds[verb]
		says = fmt.Sprintf("the controller manager waited %.1f s for the answers to %s, of which %d were held up", waited, verb, picked)
		return says, picked >= want && waited >= f.rule.Delay.Seconds()*float64(want), nil
	}
	key := fmt.Sprintf("%d %s", f.rule.Code, verb)
	heard := now.answers[key] - f.before.answers[key]
	says = fmt.Sprintf("the controller manager heard %.0f times the answer %d to a %s, and the proxy gave it %d times", heard, f.rule.Code, verb, picked)
	return says, picked >= want && heard >= float64(want), nil
}

// Healed waits until the controller manager has connections to the API server itself, or for nothing if the program is still
// there for other faults.
func (f *Fault) Healed(ctx context.Context, _ *chaos.Site) error {
	return wait.PollUntilContextCancel(ctx, again, true, func(ctx context.Context) (bool, error) {
		aside, direct, err := f.machine.connections(ctx)
		return aside+direct > 0 && (direct > 0) != (aside > 0), err
	})
}
