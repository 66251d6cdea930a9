package scenario

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/onsi/ginkgo/v2"
	batchv1 "k8s.io/api/batch/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/chaos/plan"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/reports/history"
)

// Lane is a scenario as one of several plans that are carried out in it at once sees it: it has Jobs and faults of its own.
// Its methods may be called beside those of other lanes, and only Join makes the scenario know of its faults.
type Lane struct {
	*ground
	around func(chaos.Fault) chaos.Fault
}

// Lanes returns that many lanes. Victim is the node that was borrowed for them, or ""; around wraps each fault, and is called
// from several goroutines at once.
func (s *Scenario) Lanes(n int, victim string, around func(chaos.Fault) chaos.Fault) ([]*Lane, error) {
	site, err := s.Site()
	if err != nil {
		return nil, err
	}
	lanes := make([]*Lane, n)
	for i := range lanes {
		own := *s
		own.uids, own.broken, own.faults = map[string]string{}, maps.Clone(s.broken), nil
		lanes[i] = &Lane{&ground{scenario: &own, site: site, victim: victim}, around}
	}
	return lanes, nil
}

// Join makes the scenario know what lanes that are over have broken.
func (s *Scenario) Join(lanes []*Lane) {
	for _, lane := range lanes {
		s.faults = append(s.faults, lane.scenario.faults...)
		maps.Copy(s.broken, lane.scenario.broken)
	}
	slices.SortStableFunc(s.faults, func(a, b *chaos.Injected) int { return a.Injected.Compare(b.Injected) })
	s.goesOn()
}

// Inject implements plan.Ground.
func (l *Lane) Inject(ctx context.Context, fault chaos.Fault) (*chaos.Injected, error) {
	return l.ground.Inject(ctx, l.around(fault))
}

// again is the pause before a request is sent again that the API server did not answer. Nothing tells when it is back.
const again = time.Second

// insist sends a request until it is answered, as a user does whose API server is away for a while.
func insist(ctx context.Context, request func() error) error {
	ctx, cancel := context.WithTimeout(ctx, Prompt.Limit)
	defer cancel()
	for {
		err := request()
		var answer apierrors.APIStatus
		if err == nil || errors.As(err, &answer) && answer.Status().Code < 500 && answer.Status().Code != 429 {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, context.Cause(ctx))
		case <-time.After(again):
		}
	}
}

// Apply creates the objects of a manifest that holds Jobs only, each after all edits, and returns when the recorder has seen
// them. A lane applies a Job of the same name again once Remove has removed it.
func (l *Lane) Apply(ctx context.Context, file string, edits ...Edit) error {
	manifest, err := jobs.Read(file)
	if err != nil {
		return err
	}
	s := l.scenario
	objects, err := decode(ctx, manifest, s.namespace, edits)
	if err != nil {
		return err
	}
	for _, object := range objects {
		err := insist(ctx, func() error {
			err := s.resources.Create(ctx, object)
			if apierrors.IsAlreadyExists(err) { // by a request whose answer was lost
				return s.resources.Get(ctx, object.GetName(), s.namespace, object)
			}
			return err
		})
		if err != nil {
			return err
		}
		s.uids[object.GetName()] = string(object.GetUID())
		if err := s.seen(ctx, history.Jobs, object.GetResourceVersion()); err != nil {
			return err
		}
	}
	return nil
}

// Conduct carries out a plan whose Jobs were applied, heals what it left broken, and writes plan and report into the run's
// folder.
func (l *Lane) Conduct(ctx context.Context, p *plan.Plan) (plan.Report, error) {
	l.scenario.plan = PlanFile(p.Name)
	report, err := plan.Conduct(ctx, p, l)
	for _, injected := range slices.Backward(l.scenario.faults) {
		if healed := injected.Heal(context.WithoutCancel(ctx)); healed != nil {
			l.Say("%s: %v", p.Name, healed) // the end of the spec tries again
		}
	}
	return report, errors.Join(err, l.scenario.keep(p, report))
}

// Remove deletes a Job, if it is still there, and returns when the recorder has seen it and its pods gone.
func (l *Lane) Remove(ctx context.Context, job string) error {
	s, background := l.scenario, metav1.DeletePropagationBackground
	uid := s.uids[job]
	err := insist(ctx, func() error {
		err := s.clients.BatchV1().Jobs(s.namespace).Delete(ctx, job, metav1.DeleteOptions{PropagationPolicy: &background})
		if apierrors.IsNotFound(err) {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	bounded, cancel := context.WithTimeout(ctx, Replacement.Limit)
	defer cancel()
	return l.Await(bounded, func(live *history.Live) bool {
		_, there := live.Latest(uid)
		if there {
			return false
		}
		for _, pod := range live.Pods() {
			if pod.Labels[batchv1.ControllerUidLabel] == uid {
				return false
			}
		}
		return true
	})
}

// State returns how a Job of the lane stands in what the recorder sees: the Job, and once it is gone the pods that it left. It
// is asked after every version of any object, and what it leaves out takes time to look up.
func (l *Lane) State(live *history.Live, job string) (state history.State) {
	uid := l.scenario.uids[job]
	if version, there := live.Latest(uid); there {
		state.Job = version.Job()
	} else {
		state.Pods = live.PodsOf(uid)
	}
	return state
}

// Traces is different after every change of a Job of the lane and of its pods.
func (l *Lane) Traces(live *history.Live, job string) string {
	uid := l.scenario.uids[job]
	version, _ := live.Latest(uid)
	traces := strconv.FormatUint(version.RV, 10)
	for _, pod := range live.PodsOf(uid) {
		traces += " " + pod.ResourceVersion
	}
	return traces
}

// Say notes something in the log of the spec.
func (l *Lane) Say(format string, args ...any) { ginkgo.GinkgoWriter.Printf(format+"\n", args...) }
