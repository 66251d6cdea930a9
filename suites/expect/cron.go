package expect

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// CompletedJobsOf expects n Jobs that a CronJob controls to be complete now. It is asked about a *history.Live.
func CompletedJobsOf(cron string, n int) types.GomegaMatcher {
	return matcher[*history.Live]{
		subject: func(*history.Live) string { return "the CronJob " + cron },
		says:    "have " + count(n, "complete Job"),
		seen: func(live *history.Live) error {
			var names []string
			for _, job := range live.Jobs() {
				complete := slices.ContainsFunc(job.Status.Conditions, func(c batchv1.JobCondition) bool {
					return c.Type == batchv1.JobComplete && c.Status == corev1.ConditionTrue
				})
				if complete && ofCronJob(job, cron) {
					names = append(names, job.Name)
				}
			}
			if len(names) != n {
				return fmt.Errorf("it has %s", list(names))
			}
			return nil
		},
	}
}

func ofCronJob(job *batchv1.Job, cron string) bool {
	owner := metav1.GetControllerOf(job)
	return owner != nil && owner.Kind == "CronJob" && owner.Name == cron
}

// MadeJobsEvery expects the Jobs that a CronJob controls, at least two, to have been scheduled for times that are exactly
// that interval apart and multiples of it, none of them to have been created before its time, and each but the first no
// later than that after it. It is asked about a *history.History.
func MadeJobsEvery(cron string, interval, late time.Duration) types.GomegaMatcher {
	type made struct {
		name        string
		due, at     time.Time
		rv          uint64
		unscheduled error
	}
	return matcher[*history.History]{
		subject: func(*history.History) string { return "the CronJob " + cron },
		says:    fmt.Sprintf("have made a Job every %v", interval),
		seen: func(recorded *history.History) error {
			var jobs []made
			for _, job := range recorded.Jobs() {
				if first := job.First(); ofCronJob(first, cron) {
					due, err := time.Parse(time.RFC3339, first.Annotations[batchv1.CronJobScheduledTimestampAnnotation])
					jobs = append(jobs, made{job.Name, due, job.Created().At, job.Created().RV, err})
				}
			}
			if len(jobs) < 2 {
				return fmt.Errorf("it made %s", count(len(jobs), "Job"))
			}
			slices.SortFunc(jobs, func(a, b made) int { return cmp.Compare(a.rv, b.rv) })
			for i, job := range jobs {
				took := job.at.Sub(job.due)
				switch {
				case job.unscheduled != nil:
					return fmt.Errorf("%s (rv %d) does not say for when: %w", job.name, job.rv, job.unscheduled)
				case !job.due.Equal(job.due.Truncate(interval)):
					return fmt.Errorf("%s (rv %d) was due at %s", job.name, job.rv, job.due.UTC().Format(time.TimeOnly))
				case took < 0 || i > 0 && took > late:
					return fmt.Errorf("%s (rv %d) was due at %s and came %v later", job.name, job.rv, job.due.UTC().Format(time.TimeOnly), took)
				case i > 0 && job.due.Sub(jobs[i-1].due) != interval:
					return fmt.Errorf("%s (rv %d) was due %v after %s", job.name, job.rv, job.due.Sub(jobs[i-1].due), jobs[i-1].name)
				}
			}
			return nil
		},
	}
}

// LastMadeAJob expects a CronJob, as it was last seen, to say when it last made a Job, and that to be when the last one was
// due. It is asked about a *history.History with CronJobs.
func LastMadeAJob(cron string) types.GomegaMatcher {
	return matcher[*history.History]{
		subject: func(*history.History) string { return "the CronJob " + cron },
		says:    "tell when it made its last Job",
		seen: func(recorded *history.History) error {
			var told *metav1.Time
			for _, version := range recorded.Versions() {
				if now := version.CronJob(); now != nil && now.Name == cron {
					told = now.Status.LastScheduleTime
				}
			}
			due := ""
			for _, job := range recorded.Jobs() {
				if ofCronJob(job.First(), cron) {
					due = max(due, job.First().Annotations[batchv1.CronJobScheduledTimestampAnnotation])
				}
			}
			switch {
			case told == nil:
				return errors.New("it tells none")
			case told.UTC().Format(time.RFC3339) != due:
				return fmt.Errorf("it tells %s and the last Job was due at %s", told.UTC().Format(time.RFC3339), due)
			}
			return nil
		},
	}
}
