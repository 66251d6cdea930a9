package expect

import (
	"fmt"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/reports/history"
)

func TestJobsOfACronJob(t *testing.T) {
	type made struct{ due, came int } // in seconds since a full minute
	noon := time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC)
	at := func(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }
	told := func(last int, jobs ...made) *history.History {
		s := &story{t: t, now: noon}
		for i, made := range jobs {
			job := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{
				Name: "tick-" + at(made.due).Format("150405"), Namespace: "ns", CreationTimestamp: metav1.NewTime(at(made.came)),
				Annotations:     map[string]string{batchv1.CronJobScheduledTimestampAnnotation: at(made.due).Format(time.RFC3339)},
				OwnerReferences: []metav1.OwnerReference{{Kind: "CronJob", Name: "tick", UID: "cron-uid", Controller: new(true)}},
			}}
			job.UID = types.UID(fmt.Sprint("uid-", i))
			s.record("Job", history.Added, job)
		}
		s.record("CronJob", history.Modified, &batchv1.CronJob{
			ObjectMeta: metav1.ObjectMeta{Name: "tick", Namespace: "ns", UID: "cron-uid"},
			Status:     batchv1.CronJobStatus{LastScheduleTime: new(metav1.NewTime(at(last)))},
		})
		return s.read()
	}
	every := MadeJobsEvery("tick", time.Minute, 5*time.Second)
	ask(t, map[string]answer{
		"every minute":     {every, told(60, made{0, 1}, made{60, 65}), ""},
		"the first late":   {every, told(60, made{0, 50}, made{60, 60}), ""},
		"the second late":  {every, told(60, made{0, 1}, made{60, 66}), "was due at 12:01:00 and came 6s later"},
		"early":            {every, told(60, made{0, 1}, made{60, 59}), "came -1s later"},
		"one left out":     {every, told(120, made{0, 1}, made{120, 121}), "was due 2m0s after tick-120000"},
		"one twice":        {every, told(60, made{0, 1}, made{60, 61}, made{60, 62}), "was due 0s after"},
		"between":          {every, told(90, made{30, 31}, made{90, 91}), "was due at 12:00:30"},
		"once":             {every, told(0, made{0, 1}), "it made 1 Job"},
		"another's":        {MadeJobsEvery("tock", time.Minute, 5*time.Second), told(60, made{0, 1}, made{60, 61}), "it made 0 Jobs"},
		"told":             {LastMadeAJob("tick"), told(60, made{0, 1}, made{60, 61}), ""},
		"told the old one": {LastMadeAJob("tick"), told(0, made{0, 1}, made{60, 61}), "it tells 2030-01-02T12:00:00Z"},
		"told nothing":     {LastMadeAJob("tock"), told(60, made{60, 61}), "it tells none"},
	})
}
