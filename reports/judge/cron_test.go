package judge

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/reports/history"
)

// cronJob tells of a CronJob that takes these Jobs for active and keeps so many that succeeded, and two that failed.
func (c *chronicle) cronJob(keeps int32, active ...string) {
	cj := &batchv1.CronJob{ObjectMeta: metav1.ObjectMeta{Name: "hourly", Namespace: "jp-test", UID: "cron"}}
	cj.Spec.SuccessfulJobsHistoryLimit, cj.Spec.FailedJobsHistoryLimit = &keeps, new(int32(2))
	for _, uid := range active {
		cj.Status.Active = append(cj.Status.Active, corev1.ObjectReference{UID: types.UID(uid)})
	}
	c.version(history.Added, "CronJob", cj)
}

// child makes a Job one of the CronJob's, with a uid of its own.
func child(uid types.UID) func(*batchv1.Job) {
	return func(j *batchv1.Job) {
		j.Name, j.UID = "demo-"+string(uid), uid
		j.OwnerReferences = []metav1.OwnerReference{{Kind: "CronJob", Name: "hourly", UID: "cron", Controller: new(true)}}
	}
}

func TestCronJobs(t *testing.T) {
	judged(t, crons, []report{
		{"a finished Job is still taken for active", func(c *chronicle) {
			c.cronJob(3, "one")
			c.begins(child("one"))
			c.completes()
			c.minutes(5)
		}, "L17 Job/demo-one"},
		{"a finished Job is let go late but in time", func(c *chronicle) {
			c.cronJob(3, "one")
			c.begins(child("one"))
			c.completes()
			c.minutes(3)
			c.cronJob(3)
			c.minutes(60)
		}, ""},
		{"a Job that is not finished is active", func(c *chronicle) {
			c.cronJob(3, "one")
			c.begins(child("one"))
			c.turns("CompletionsReached", batchv1.JobSuccessCriteriaMet)
			c.minutes(60)
		}, ""},
		{"more Jobs that succeeded than are to be kept", func(c *chronicle) {
			c.cronJob(1)
			c.begins(child("one"))
			c.completes()
			c.begins(child("two"))
			c.completes()
			c.minutes(5)
		}, "L17 Job/demo-two"},
		{"as many Jobs that succeeded as are to be kept", func(c *chronicle) {
			c.cronJob(1)
			c.begins(child("one"))
			c.completes()
			c.changes(deletedJob(c))
			c.begins(child("two"))
			c.completes()
			c.minutes(60)
		}, ""},
		{"Jobs that failed have a limit of their own", func(c *chronicle) {
			c.cronJob(0)
			for _, uid := range []types.UID{"one", "two"} {
				c.begins(child(uid))
				c.turns("BackoffLimitExceeded", batchv1.JobFailureTarget, batchv1.JobFailed)
			}
			c.minutes(60)
		}, ""},
		{"no Job that succeeded is to be kept", func(c *chronicle) {
			c.cronJob(0)
			c.begins(child("one"))
			c.completes()
			c.minutes(5)
		}, "L17 Job/demo-one"},
		{"CronJobs are not recorded", func(c *chronicle) {
			c.begins(child("one"))
			c.completes()
			c.minutes(60)
		}, ""},
	})
}
