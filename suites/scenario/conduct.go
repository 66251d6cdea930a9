package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/onsi/ginkgo/v2"
	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/chaos/plan"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/reports/history"
)

// Plans is the folder of a run's folder that holds the plans that were conducted, as make replay takes them, and what became
// of their steps.
const Plans = "plans"

// Conduct carries out the steps of a plan whose Jobs were applied; victim is the node that was borrowed for it, or "". It
// returns once every step is confirmed. The spec ends, and can show nothing, if a step does not come about or a fault is not
// confirmed; it is skipped if a fault is not for this cluster. Faults that the plan does not heal are healed when the spec
// settles.
func (s *Scenario) Conduct(ctx context.Context, p *plan.Plan, victim string) plan.Report {
	ginkgo.GinkgoHelper()
	s.goesOn()
	s.plan = PlanFile(p.Name)
	site, err := s.Site()
	if err != nil {
		s.cannotTell(err)
	}
	report, err := plan.Conduct(ctx, p, &ground{scenario: s, site: site, victim: victim})
	s.goesOn()
	ginkgo.GinkgoWriter.Printf("%s", report)
	if written := s.keep(p, report); written != nil {
		s.proof.void = append(s.proof.void, written.Error())
	}
	if errors.Is(err, chaos.ErrNotHere) {
		ginkgo.Skip(err.Error())
	}
	if err != nil {
		s.cannotTell(fmt.Errorf("%w\nwhat became of its steps:\n%s", err, report))
	}
	return report
}

// keep writes a plan and its report into the run's folder.
func (s *Scenario) keep(p *plan.Plan, report plan.Report) error {
	path := filepath.Join(s.run, s.plan)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	text, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	// Several specs may conduct one plan: the plan is the same, and the reports are told apart by their namespaces.
	return errors.Join(os.WriteFile(path, p.Bytes(), 0o644),
		os.WriteFile(strings.TrimSuffix(path, ".yaml")+"."+s.namespace+".json", append(text, '\n'), 0o644))
}

// PlanFile is where a plan is kept, relative to the run's folder.
func PlanFile(name string) string { return filepath.Join(Plans, name+".yaml") }

// ground is a scenario as the ground of a plan, whose steps call it from several goroutines at once.
type ground struct {
	scenario *Scenario
	site     *chaos.Site
	victim   string
	mu       sync.Mutex // of what the scenario remembers
}

// Await implements plan.Ground.
func (g *ground) Await(ctx context.Context, holds func(*history.Live) bool) error {
	return g.scenario.recorder.Await(ctx, holds)
}

// UID implements plan.Ground.
func (g *ground) UID(job string) string { return g.scenario.uids[job] }

// Victim implements plan.Ground.
func (g *ground) Victim() string { return g.victim }

// Inject implements plan.Ground.
func (g *ground) Inject(ctx context.Context, fault chaos.Fault) (*chaos.Injected, error) {
	s := g.scenario
	if node, is := strings.CutPrefix(fault.Target(), "node/"); is {
		g.mu.Lock()
		s.Breaks(node)
		g.mu.Unlock()
	}
	injected, err := chaos.Inject(ctx, g.site, fault)
	g.mu.Lock()
	defer g.mu.Unlock()
	s.faults = append(s.faults, injected)
	return injected, err
}

// Act implements plan.Ground.
func (g *ground) Act(ctx context.Context, act plan.Act) error {
	switch act.Name {
	case plan.Suspend:
		return g.patch(ctx, act.Job, `{"spec":{"suspend":true}}`)
	case plan.Resume:
		return g.patch(ctx, act.Job, `{"spec":{"suspend":false}}`)
	case plan.Scale:
		var fields []string
		for _, field := range []string{plan.Completions, plan.Parallelism} {
			if n := act.With[field]; n != "" {
				fields = append(fields, fmt.Sprintf("%q:%s", field, n))
			}
		}
		return g.patch(ctx, act.Job, `{"spec":{`+strings.Join(fields, ",")+`}}`)
	case plan.DeleteJob:
		return g.deleteJob(ctx, act)
	case plan.Release:
		code, err := strconv.Atoi(act.With[plan.Code])
		if err != nil {
			return err
		}
		return jobs.Release(ctx, executor{g}, code, act.Pods...)
	default:
		return fmt.Errorf("nobody knows how to %s", act.Name)
	}
}

// patch merges a patch into a Job and waits until the recorder has seen it.
func (g *ground) patch(ctx context.Context, name, patch string) error {
	s := g.scenario
	job, err := s.clients.BatchV1().Jobs(s.namespace).Patch(ctx, name, types.MergePatchType, []byte(patch), metav1.PatchOptions{})
	if err != nil {
		return err
	}
	rv, err := strconv.ParseUint(job.ResourceVersion, 10, 64)
	if err != nil {
		return err
	}
	return g.until(ctx, "the patch of the Job "+name, func(live *history.Live) bool { return live.Reached(history.Jobs) >= rv })
}

// deleteJob deletes a Job, in the background if nothing else is asked for, and waits until the recorder has seen it.
func (g *ground) deleteJob(ctx context.Context, act plan.Act) error {
	s, policy := g.scenario, metav1.DeletePropagationBackground
	if chosen := act.With[plan.Propagation]; chosen != "" {
		policy = metav1.DeletionPropagation(chosen)
	}
	if err := s.clients.BatchV1().Jobs(s.namespace).Delete(ctx, act.Job, metav1.DeleteOptions{PropagationPolicy: &policy}); err != nil {
		return err
	}
	return g.until(ctx, "the deletion of the Job "+act.Job, func(live *history.Live) bool {
		version, there := live.Latest(s.uids[act.Job])
		var job *batchv1.Job
		if there {
			job = version.Job()
		}
		return job == nil || job.DeletionTimestamp != nil
	})
}

// until waits for the recorder to see what a user has done.
func (g *ground) until(ctx context.Context, what string, holds func(*history.Live) bool) error {
	ctx, cancel := context.WithTimeout(ctx, seen.Limit)
	defer cancel()
	if err := g.Await(ctx, holds); err != nil {
		return fmt.Errorf("the recorder did not see %s: %w", what, err)
	}
	return nil
}

// executor runs commands in pods from several goroutines.
type executor struct{ *ground }

// Exec implements jobs.Executor.
func (e executor) Exec(ctx context.Context, pod string, args ...string) (string, error) {
	var stdout, stderr bytes.Buffer
	err := e.scenario.exec(ctx, pod, args, &stdout, &stderr)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.scenario.note(fmt.Sprintf("in pod %s: %s", pod, strings.Join(args, " ")), stdout.String()+stderr.String(), err)
	return stdout.String(), err
}
