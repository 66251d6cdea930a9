package main

import (
	"context"
	"errors"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge"
)

// lastWords is how long the last Event of a finished Job is waited for. It is written right after the status, and there may
// be none.
const lastWords = 5 * time.Second

// settle waits until the controllers are idle and notes when that was.
func (s *stage) settle(ctx context.Context) error {
	if err := s.listen(ctx); err != nil {
		return err
	}
	if err := s.idle(ctx); err != nil {
		return err
	}
	if err := s.recorder.Trouble(); err != nil {
		return err
	}
	leader, err := s.controller(ctx)
	s.ended, s.led = time.Now().UTC(), leader
	return err
}

// listen waits for the last Event of each Job that has finished.
func (s *stage) listen(ctx context.Context) error {
	waiting, cancel := context.WithTimeout(ctx, lastWords)
	defer cancel()
	err := s.recorder.Await(waiting, func(live *history.Live) bool {
		events := live.Events()
		for _, job := range live.Jobs() {
			if !said(job, events) {
				return false
			}
		}
		return true
	})
	if errors.Is(err, context.DeadlineExceeded) {
		return ctx.Err()
	}
	return err
}

// said says whether a Job has nothing more to say: it is not finished, or the Event about its end is there.
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

// idle waits until the judge expects nothing more of the controllers soon, but no longer than the judge would.
func (s *stage) idle(ctx context.Context) error {
	for {
		live := s.recorder.Live()
		h, err := s.history(ctx)
		if err != nil {
			return err
		}
		j, err := judge.SoFar(h, time.Now().UTC())
		if err != nil || len(j.Open()) == 0 {
			return err
		}
		waiting, cancel := context.WithDeadline(ctx, j.Deadline())
		err = s.recorder.Await(waiting, func(now *history.Live) bool { return moved(live, now) })
		cancel()
		if errors.Is(err, context.DeadlineExceeded) {
			return ctx.Err() // the judge will tell of it
		}
		if err != nil {
			return err
		}
	}
}

// moved says whether something was recorded since then.
func moved(then, now *history.Live) bool {
	for _, kind := range history.Default {
		if now.Reached(kind) != then.Reached(kind) {
			return true
		}
	}
	return false
}
