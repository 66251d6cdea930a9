package scenario

import (
	"context"
	"fmt"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// settle ends the scenario: it stops the recorder, looks for what makes the evidence doubtful, and deletes the namespace
// without waiting for it to be gone. Its error is about clearing up and changes no verdict.
func (s *Scenario) settle(ctx context.Context) error {
	if s.recorder != nil {
		s.listen(ctx)
		if s.read == nil {
			_ = s.recorder.CatchUp(ctx) // who judges the file later wants it whole; every proof has asked for that itself
		}
		if err := s.recorder.Trouble(); err != nil {
			s.proof.void = append(s.proof.void, fmt.Sprintf("the history is not whole: %v", err))
		}
		if len(s.proof.refuted) > 0 {
			s.proof.excuses = s.excuses(ctx)
		}
		if err := s.recorder.Stop(); err != nil && len(s.proof.void) == 0 {
			s.proof.void = append(s.proof.void, err.Error())
		}
	}
	if s.file != nil {
		if err := s.file.Close(); err != nil {
			s.proof.void = append(s.proof.void, err.Error())
		}
	}
	if !s.made {
		return nil
	}
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: s.namespace}}
	if err := s.resources.Delete(ctx, namespace); err != nil {
		return fmt.Errorf("delete namespace %s: %w", s.namespace, err)
	}
	return nil
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
