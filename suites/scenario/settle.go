package scenario

import (
	"context"
	"errors"
	"fmt"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// settle ends the scenario: it heals what is still broken, waits until the controllers are idle, stops the recorder, looks for what makes the evidence
// doubtful, has the history judged, and deletes Jobs and namespace without waiting for it to be gone. Waiting ends with ctx,
// clearing up does not. Its error is about clearing up and changes no verdict.
func (s *Scenario) settle(ctx context.Context) error {
	s.heal(context.WithoutCancel(ctx))
	clear, cancel := context.WithTimeout(context.WithoutCancel(ctx), settled.Limit)
	defer cancel()
	if s.recorder != nil {
		s.listen(ctx)
		s.idle(ctx)
		s.conclude(clear)
	}
	if s.file != nil {
		if err := s.file.Close(); err != nil {
			s.proof.void = append(s.proof.void, err.Error())
		}
	}
	if !s.made {
		return nil
	}
	return errors.Join(s.deleteJobs(clear), s.deleteNamespace(clear))
}

// deleteJobs deletes the Jobs before their namespace goes. A namespace that is being deleted waits for its pods before it
// deletes anything else (kubernetes/enhancements KEP-5080), and a pod of a Job with backoffLimitPerIndex that failed keeps
// its finalizer until a pod replaces it, which such a namespace refuses: both wait forever.
func (s *Scenario) deleteJobs(ctx context.Context) error {
	background := metav1.DeletePropagationBackground
	err := s.clients.BatchV1().Jobs(s.namespace).
		DeleteCollection(ctx, metav1.DeleteOptions{PropagationPolicy: &background}, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("delete the Jobs of namespace %s: %w", s.namespace, err)
	}
	return nil
}

func (s *Scenario) deleteNamespace(ctx context.Context) error {
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: s.namespace}}
	if err := s.resources.Delete(ctx, namespace); err != nil {
		return fmt.Errorf("delete namespace %s: %w", s.namespace, err)
	}
	return nil
}

// conclude ends the recording and judges it.
func (s *Scenario) conclude(ctx context.Context) {
	if s.read == nil {
		if _, err := s.history(); err != nil { // who judges the file later wants it whole
			s.proof.void = append(s.proof.void, fmt.Sprintf("the history cannot be read: %v", err))
		}
	}
	if err := s.recorder.Trouble(); err != nil {
		s.proof.void = append(s.proof.void, fmt.Sprintf("the history is not whole: %v", err))
	}
	if len(s.proof.refuted) > 0 {
		s.proof.excuses = s.excuses(ctx)
	}
	at := time.Now().UTC()
	if err := s.recorder.Stop(); err != nil && len(s.proof.void) == 0 {
		s.proof.void = append(s.proof.void, err.Error())
	}
	if err := s.seal(at, s.controller(ctx)); err != nil {
		s.proof.void = append(s.proof.void, fmt.Sprintf("the history cannot be judged: %v", err))
	}
	s.doubt(ctx)
}

// listen waits a moment for the last Event of each Job that has finished, so that the history tells all that the Job
// controller did. A Job that is not finished is left as it is: some are meant to run on.
func (s *Scenario) listen(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lastWords.Limit)
	defer cancel()
	// That it did not come is for a claim about Events to say.
	_ = s.recorder.Await(ctx, func(live *history.Live) bool {
		for _, job := range live.Jobs() {
			if !said(job, live.Events()) {
				return false
			}
		}
		return true
	})
}

// said reports whether a Job has nothing more to say: it is not finished, or the Event about its end is there.
func said(job *batchv1.Job, events []*corev1.Event) bool {
	reason := ""
	for _, c := range job.Status.Conditions {
		switch {
		case c.Status != corev1.ConditionTrue:
		case c.Type == batchv1.JobComplete:
			reason = "Completed"
		case c.Type == batchv1.JobFailed:
			reason = c.Reason
		}
	}
	for _, event := range events {
		if event.InvolvedObject.UID == job.UID && event.Reason == reason {
			return true
		}
	}
	return reason == ""
}
