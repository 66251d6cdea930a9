package storm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"golang.org/x/sys/unix"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/chaos/plan"
	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/verdict"
	"github.com/jobproof/jobproof/suites/scenario"
)

// still is how long nothing may change about a Job that is not at its end yet, and patience how often that is waited for: a
// busy machine makes a Job slow, and only one that stands still has broken its promise.
var still = scenario.Bound{Limit: 8 * time.Minute, Origin: "after six failures a Job holds back its next pod for 320 s (DefaultJobPodFailureBackOff, " +
	"pkg/controller/job/job_controller.go:77), and no plan has more; the rest is for a busy machine"}

const patience = 3

// The storm is there if it was asked for, and then alone.
var _ = func() bool {
	if text := os.Getenv(scenario.StormVariable); text != "" {
		asked, err := scenario.ParseStorm(text)
		Describe("In a storm", func() {
			It("Jobs of every kind come to what they were promised", scenario.Chaos, scenario.BreaksControlPlane, Label(scenario.StormLabel),
				scenario.Claims("J-126", "J-166", "J-195", "J-201", "J-218"), func(ctx SpecContext) { conduct(ctx, asked, errors.Join(err, known())) })
		})
	}
	return true
}()

// storm is what all lanes share.
type storm struct {
	*scenario.Scenario
	until time.Time // no plan begins after it

	mu       sync.Mutex
	coverage verdict.Coverage
	outcomes []outcome
	troubles []string
}

// outcome is what a Job came to.
type outcome struct {
	plan   *plan.Plan
	report plan.Report
	wrong  string // "" if it is as promised
}

func conduct(ctx context.Context, asked scenario.Storm, wrong error) {
	s := &storm{Scenario: scenario.Begin(ctx), until: time.Now().Add(time.Duration(asked.Minutes) * time.Minute)}
	if wrong != nil {
		s.CannotShow(wrong.Error())
	}
	victim, made := "", s.Cluster().Made
	if made {
		victim = s.Borrow(ctx)
		s.Breaks(victim)
	}
	s.coverage = verdict.Coverage{
		Seed: asked.Seed, Minutes: float64(asked.Minutes), Phases: phases, Hits: map[string]map[string]int{}, Unconfirmed: map[string]int{},
		Required: cells(made),
	}
	sequences := lanes(asked.Seed, made)
	all, err := s.Lanes(len(sequences), victim, func(fault chaos.Fault) chaos.Fault { return &timed{Fault: fault, storm: s} })
	if err != nil {
		s.CannotShow(err.Error())
	}
	spent, began := processor(), time.Now()
	var group sync.WaitGroup
	for i, lane := range all {
		group.Go(func() { s.run(ctx, lane, sequences[i], victim) })
	}
	group.Wait()
	s.Join(all)
	s.coverage.Processor = float64(processor()-spent) / float64(time.Since(began)) * 100
	s.conclude()
}

// run carries out the plans of a lane, one after the other, until the time is up.
func (s *storm) run(ctx context.Context, lane *scenario.Lane, sequence plans, victim string) {
	for n := 0; time.Now().Before(s.until) && ctx.Err() == nil; n++ {
		p, k := sequence.at(n)
		if err := s.carryOut(ctx, lane, p, k, victim); err != nil {
			s.mu.Lock()
			s.troubles = append(s.troubles, fmt.Sprintf("plan %s: %v", p.Name, err))
			s.mu.Unlock()
			return
		}
	}
}

// carryOut carries out one plan and removes its Job. A step that missed its moment is no trouble: the coverage tells.
func (s *storm) carryOut(ctx context.Context, lane *scenario.Lane, p *plan.Plan, k kind, victim string) error {
	if err := lane.Apply(ctx, p.Jobs[0], near(victim)); err != nil {
		return fmt.Errorf("apply %s: %w", p.Jobs[0], err)
	}
	// A trigger that does not come before the end of the Job does not come at all, unless it is that end.
	steps, giveUp := context.WithCancel(ctx)
	defer giveUp()
	var report plan.Report
	conducted := make(chan struct{})
	go func() {
		defer close(conducted)
		var err error
		if report, err = lane.Conduct(steps, p); err != nil {
			lane.Say("plan %s: %v", p.Name, err)
		}
	}()
	wrong := ""
	end := func(live *history.Live) bool {
		state := lane.State(live, k.job)
		wrong = unmet(p.Ends[0], state)
		return over(p.Ends[0], state)
	}
	err := s.await(ctx, lane, k.job, end)
	if err != nil || !timedByEnd(p) {
		giveUp()
	}
	<-conducted
	if err == nil {
		err = s.await(ctx, lane, k.job, end) // and it is so still
	}
	if err != nil {
		return fmt.Errorf("%w: %s", err, wrong)
	}
	s.mu.Lock()
	s.coverage.Plans++
	if wrong == "" {
		s.coverage.Jobs++
	}
	s.outcomes = append(s.outcomes, outcome{p, report, wrong})
	s.mu.Unlock()
	return lane.Remove(ctx, k.job)
}

// await waits until a Job is at its end, or stands still. It is an error if it is neither.
func (s *storm) await(ctx context.Context, lane *scenario.Lane, job string, end func(*history.Live) bool) error {
	for range patience {
		before := lane.Traces(s.Live(), job)
		bounded, cancel := context.WithTimeout(ctx, still.Limit)
		err := lane.Await(bounded, end)
		late := bounded.Err() != nil && ctx.Err() == nil
		cancel()
		switch {
		case err == nil:
			return nil
		case !late:
			return fmt.Errorf("wait for the end of the Job %s: %w", job, err)
		case lane.Traces(s.Live(), job) == before:
			return nil // end has said what it lacks
		}
	}
	return fmt.Errorf("the Job %s was not at its end after %v, and had not come to a stand", job, patience*still.Limit)
}

// timedByEnd says whether a step waits for a Job to be finished.
func timedByEnd(p *plan.Plan) bool {
	return slices.ContainsFunc(p.Steps, func(step plan.Step) bool {
		return step.When.Condition == string(batchv1.JobComplete) || step.When.Condition == string(batchv1.JobFailed)
	})
}

// near makes the pods that may run on a victim prefer the one that is borrowed.
func near(victim string) scenario.Edit {
	return jobs.With(func(job *batchv1.Job) {
		if victim == "" || job.Name != weather {
			return
		}
		job.Spec.Template.Spec.Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{
			PreferredDuringSchedulingIgnoredDuringExecution: []corev1.PreferredSchedulingTerm{{Weight: 100, Preference: corev1.NodeSelectorTerm{
				MatchExpressions: []corev1.NodeSelectorRequirement{{Key: corev1.LabelHostname, Operator: corev1.NodeSelectorOpIn, Values: []string{victim}}},
			}}},
		}}
	})
}

// conclude says what every Job came to, and whether all was hit that had to be.
func (s *storm) conclude() {
	if err := verdict.WriteCoverage(os.Getenv(cluster.RunVariable), s.coverage); err != nil {
		s.CannotShow(err.Error())
	}
	for _, o := range s.outcomes {
		s.Prove(strings.Join(o.plan.Claims, " "), o, asPromised{})
	}
	if len(s.troubles) > 0 {
		s.CannotShow(strings.Join(s.troubles, "; "))
	}
	var empty []string
	for _, cell := range s.coverage.Empty() {
		empty = append(empty, fmt.Sprintf("%s while a Job was %s (%s)", cell.Fault, cell.Phase, cell.Because))
	}
	if len(empty) > 0 {
		s.CannotShow(fmt.Sprintf("a storm of %v min was too short, or its faults were not confirmed: it never had %s",
			s.coverage.Minutes, strings.Join(empty, "; nor ")))
	}
}

// asPromised asks an outcome whether the Job came to what it was promised.
type asPromised struct{}

func (asPromised) Match(actual any) (bool, error) { return actual.(outcome).wrong == "", nil }

func (asPromised) FailureMessage(actual any) string {
	o := actual.(outcome)
	return fmt.Sprintf("The Job of plan %s did not come to what it was promised: %s\n%s\nonce more: make replay PLAN=%s/%s", o.plan.Name, o.wrong, o.report,
		os.Getenv(cluster.RunVariable), scenario.PlanFile(o.plan.Name))
}

func (asPromised) NegatedFailureMessage(any) string { return "" }

// timed is a fault that notes in which phases the Jobs are that it hits, at the moment when it is injected.
type timed struct {
	chaos.Fault
	storm  *storm
	phases map[string]bool
}

// Arm implements chaos.Fault.
func (t *timed) Arm(ctx context.Context, site *chaos.Site) (chaos.Undo, error) {
	undo, err := t.Fault.Arm(ctx, site)
	if err != nil {
		t.storm.missed(t.Name())
	}
	return undo, err
}

// Inject implements chaos.Fault.
func (t *timed) Inject(ctx context.Context, site *chaos.Site) error {
	t.phases = t.hits(site.Recorder.Live())
	return t.Fault.Inject(ctx, site)
}

// Confirm implements chaos.Fault.
func (t *timed) Confirm(ctx context.Context, site *chaos.Site) (string, error) {
	observed, err := t.Fault.Confirm(ctx, site)
	if err != nil {
		t.storm.missed(t.Name())
		return observed, err
	}
	t.storm.mu.Lock()
	defer t.storm.mu.Unlock()
	for phase := range t.phases {
		t.storm.coverage.Hit(t.Name(), phase)
	}
	return observed, nil
}

func (s *storm) missed(fault string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.coverage.Unconfirmed[fault]++
}

// hits returns the phases of the Jobs that the fault hits: that of its pod, or all there are.
func (t *timed) hits(live *history.Live) map[string]bool {
	hit := map[string]bool{}
	name, ofPod := strings.CutPrefix(t.Target(), "pod/")
	owner := ""
	for _, pod := range live.Pods() {
		if controller := metav1.GetControllerOfNoCopy(pod); ofPod && pod.Name == name && controller != nil {
			owner = string(controller.UID)
		}
	}
	for _, job := range live.Jobs() {
		if phase := phaseOf(live.State(job.Name, string(job.UID))); phase != "" && (!ofPod || string(job.UID) == owner) {
			hit[phase] = true
		}
	}
	return hit
}

// processor is how much time of a core this process has had.
func processor() time.Duration {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
