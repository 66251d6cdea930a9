package scenario

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge"
	"github.com/jobproof/jobproof/reports/verdict"
)

// idle waits until the judge expects nothing more of the controllers soon: each pod that has ended is counted and rid of
// its finalizer, each Job whose outcome is decided has it. It does not wait longer than the judge would, and not at all in a
// spec that is lost already.
func (s *Scenario) idle(ctx context.Context) {
	if len(s.proof.refuted) > 0 || s.proof.end != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, idled.Limit)
	defer cancel()
	for ctx.Err() == nil {
		reached := map[string]uint64{}
		live := s.recorder.Live()
		for _, kind := range history.Default {
			reached[kind.Name] = live.Reached(kind)
		}
		h, err := s.history()
		if err != nil {
			return // what cannot be read cannot be waited for; the end says so
		}
		started := time.Now()
		j, err := judge.SoFar(h, started.UTC())
		s.judging += time.Since(started)
		if err != nil || len(j.Open()) == 0 {
			return
		}
		wait, cancel := context.WithDeadline(ctx, j.Deadline())
		err = s.recorder.Await(wait, func(live *history.Live) bool {
			for _, kind := range history.Default {
				if live.Reached(kind) != reached[kind.Name] {
					return true
				}
			}
			return false
		})
		cancel()
		s.goesOn()
		if err != nil {
			return
		}
	}
}

// seal ends the history's file and has it judged. at is when recording stopped.
func (s *Scenario) seal(at time.Time, controller *history.Controller) error {
	writes, err := s.writes()
	if err != nil {
		return err
	}
	sealed, err := history.Seal(filepath.Join(s.run, s.path), history.Sealing{Writes: writes, At: at, Controller: controller})
	if err != nil {
		return err
	}
	s.path, err = filepath.Rel(s.run, sealed)
	if err != nil {
		return err
	}
	s.judgement, err = s.judge(sealed)
	return err
}

// judge judges the sealed history.
func (s *Scenario) judge(path string) (*verdict.Judgement, error) {
	started := time.Now()
	judgement, err := judge.File(path)
	s.judging += time.Since(started)
	if err != nil {
		return nil, err
	}
	judgement.History = s.path
	return &judgement, nil
}

// writes reads what the API server's audit log has about the scenario's namespace; nothing if there is no such log.
func (s *Scenario) writes() ([]history.Write, error) {
	path := s.cluster.AuditLog()
	if path == "" {
		return nil, nil
	}
	log, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	// The log is about all namespaces; only the lines that name this one are worth decoding.
	var lines []byte
	for line := range bytes.Lines(log) {
		if bytes.Contains(line, []byte(s.namespace)) {
			lines = append(lines, line...)
		}
	}
	return history.Audit(bytes.NewReader(lines), func(namespace string) bool { return namespace == s.namespace }, time.Time{})
}

// controller asks who leads as kube-controller-manager; nil if that is not ours to know.
func (s *Scenario) controller(ctx context.Context) *history.Controller {
	holder, transitions, err := s.cluster.Controller(ctx)
	if err != nil {
		return nil
	}
	return &history.Controller{Holder: holder, Transitions: transitions}
}

// doubt takes what the controllers left undone for unsure if they could not have done it.
func (s *Scenario) doubt(ctx context.Context) {
	if s.judgement == nil || len(s.judgement.Broken) == 0 {
		return
	}
	var broken []verdict.Finding
	for _, f := range s.judgement.Broken {
		if inv, known := judge.Find(f.Invariant); known && inv.Within.Limit > 0 {
			if excuses := s.excuses(ctx); len(excuses) > 0 {
				f.Because = sentence(fmt.Sprint(excuses))
				s.judgement.Unsure = append(s.judgement.Unsure, f)
				continue
			}
		}
		broken = append(broken, f)
	}
	s.judgement.Broken = broken
}

// breaches says in full which invariants the history breaks.
func (s *Scenario) breaches() []string {
	if s.judgement == nil {
		return nil
	}
	var texts []string
	for _, f := range s.judgement.Broken {
		inv, _ := judge.Find(f.Invariant)
		texts = append(texts, s.explain(fmt.Sprintf("%s  %s\n       (%s)\n", f.Invariant, f.Says, inv.Source), f.String(), ""))
	}
	for _, f := range s.judgement.Unsure {
		texts = append(texts, fmt.Sprintf("inconclusive: %s  %s\n  %s", f.Invariant, f.Says, f))
	}
	return texts
}

// order is how versions of different kinds may be compared.
func (s *Scenario) order() history.Order {
	if s.cluster.Ordered {
		return history.ByRV
	}
	return history.ByArrival
}
