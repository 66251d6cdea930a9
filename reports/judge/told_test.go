package judge

import (
	"fmt"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

func TestEventsNameTheirPods(t *testing.T) {
	judged(t, events, []report{
		{"created", func(c *chronicle) {
			c.begins(nil)
			c.created("a")
		}, ""},
		{"created, one of several", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.tells("Normal", "SuccessfulCreate", "(combined from similar events): Created pod: demo-a")
		}, ""},
		{"created, and none is there", func(c *chronicle) {
			c.begins(nil)
			c.tells("Normal", "SuccessfulCreate", "Created pod: demo-a")
		}, "E01 Event/demo.1"},
		{"created, another's pod", func(c *chronicle) {
			c.begins(nil)
			c.pod("a", func(p *corev1.Pod) { p.OwnerReferences = nil })
			c.tells("Normal", "SuccessfulCreate", "Created pod: demo-a")
		}, "E01 Event/demo.2"},
		{"created and gone", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.goes("a")
			c.tells("Normal", "SuccessfulCreate", "Created pod: demo-a")
		}, ""},
		{"created and released", func(c *chronicle) {
			c.begins(nil)
			c.pod("a")
			c.pod("a", func(p *corev1.Pod) { p.OwnerReferences = nil })
			c.goes("a")
			c.tells("Normal", "SuccessfulCreate", "Created pod: demo-a")
		}, ""},
		{"deleted, and none is there", func(c *chronicle) {
			c.begins(nil)
			c.tells("Normal", "SuccessfulDelete", "Deleted pod: demo-a")
		}, "E01 Event/demo.1"},
		{"told by somebody else", func(c *chronicle) {
			c.begins(nil)
			c.tells("Normal", "SuccessfulDelete", "Deleted pod: demo-a", func(e *corev1.Event) { e.Source.Component = "other" })
		}, ""},
		{"of another controller's Job", func(c *chronicle) {
			c.begins(func(j *batchv1.Job) { j.Spec.ManagedBy = new("example.com/other") })
			c.tells("Normal", "SuccessfulDelete", "Deleted pod: demo-a")
		}, ""},
		{"of a Job that is gone", func(c *chronicle) {
			c.begins(nil)
			c.removes()
			c.tells("Normal", "SuccessfulDelete", "Deleted pod: demo-a")
		}, ""},
	})
}

func TestEventsOfTheEnd(t *testing.T) {
	completed := func(c *chronicle) {
		c.begins(nil)
		c.turns(batchv1.JobReasonCompletionsReached, batchv1.JobSuccessCriteriaMet, batchv1.JobComplete)
		c.tells("Normal", "Completed", "Job completed")
	}
	failed := func(c *chronicle, reason string) {
		c.begins(nil)
		c.turns(batchv1.JobReasonDeadlineExceeded, batchv1.JobFailureTarget, batchv1.JobFailed)
		c.tells("Warning", reason, "Job was active longer than specified deadline")
	}
	judged(t, events, []report{
		{"completed", completed, ""},
		{"completed twice", func(c *chronicle) {
			completed(c)
			c.tells("Normal", "Completed", "Job completed")
		}, "E02 Event/demo.3"},
		{"completed twice in one Event", func(c *chronicle) {
			c.begins(nil)
			c.turns(batchv1.JobReasonCompletionsReached, batchv1.JobSuccessCriteriaMet, batchv1.JobComplete)
			c.tells("Normal", "Completed", "Job completed", func(e *corev1.Event) { e.Count = 2 })
		}, "E02 Event/demo.2"},
		{"the same Event once more", func(c *chronicle) {
			completed(c)
			c.tells("Normal", "Completed", "Job completed", func(e *corev1.Event) { e.UID = types.UID("event-2") })
		}, ""},
		{"completed before it is", func(c *chronicle) {
			c.begins(nil)
			c.turns(batchv1.JobReasonCompletionsReached, batchv1.JobSuccessCriteriaMet)
			c.tells("Normal", "Completed", "Job completed")
		}, "E02 Event/demo.2"},
		{"completed, and it has failed", func(c *chronicle) {
			c.begins(nil)
			c.turns(batchv1.JobReasonDeadlineExceeded, batchv1.JobFailureTarget, batchv1.JobFailed)
			c.tells("Normal", "Completed", "Job completed")
		}, "E02 Event/demo.2"},
		{"failed", func(c *chronicle) { failed(c, batchv1.JobReasonDeadlineExceeded) }, ""},
		{"failed for something else", func(c *chronicle) { failed(c, batchv1.JobReasonBackoffLimitExceeded) }, "E02 Event/demo.2"},
		{"failed, and it has not", func(c *chronicle) {
			c.begins(nil)
			c.turns(batchv1.JobReasonDeadlineExceeded, batchv1.JobFailureTarget)
			c.tells("Warning", batchv1.JobReasonDeadlineExceeded, "Job was active longer than specified deadline")
		}, "E02 Event/demo.2"},
		{"a warning of something else", func(c *chronicle) {
			failed(c, "FailedCreate")
			c.tells("Warning", batchv1.JobReasonDeadlineExceeded, "")
		}, ""},

		{"not told", func(c *chronicle) {
			c.begins(nil)
			c.turns(batchv1.JobReasonCompletionsReached, batchv1.JobSuccessCriteriaMet, batchv1.JobComplete)
			c.at(60)
		}, "told E06 Job/demo"},
		{"not told yet", func(c *chronicle) {
			c.begins(nil)
			c.turns(batchv1.JobReasonCompletionsReached, batchv1.JobSuccessCriteriaMet, batchv1.JobComplete)
			c.at(20)
		}, ""},
		{"told late", func(c *chronicle) {
			completed(c)
			c.at(60)
		}, ""},
		{"not told after many Events", func(c *chronicle) {
			c.begins(nil)
			for i := range 25 {
				c.created(fmt.Sprint(i))
			}
			c.turns(batchv1.JobReasonCompletionsReached, batchv1.JobSuccessCriteriaMet, batchv1.JobComplete)
			c.at(60)
		}, ""},
	})
}

func TestEventsOfSuspension(t *testing.T) {
	asked := func(is bool) func(*batchv1.Job) { return func(j *batchv1.Job) { j.Spec.Suspend = &is } }
	suspended := func(c *chronicle) {
		c.begins(asked(true))
		c.tells("Normal", "Suspended", "Job suspended")
		c.turns("JobSuspended", batchv1.JobSuspended)
	}
	judged(t, events, []report{
		{"suspended and resumed", func(c *chronicle) {
			suspended(c)
			c.changes(asked(false))
			c.tells("Normal", "Resumed", "Job resumed")
		}, ""},
		{"suspended, told twice", func(c *chronicle) {
			suspended(c)
			c.tells("Normal", "Suspended", "Job suspended")
		}, ""},
		{"nobody suspends it", func(c *chronicle) {
			c.begins(asked(false))
			c.tells("Normal", "Suspended", "Job suspended")
		}, "E03 Event/demo.1"},
		{"nobody resumes it", func(c *chronicle) {
			suspended(c)
			c.tells("Normal", "Resumed", "Job resumed")
		}, "E03 Event/demo.3"},
		{"it was never suspended", func(c *chronicle) {
			c.begins(asked(true))
			c.changes(asked(false))
			c.tells("Normal", "Resumed", "Job resumed")
		}, "E03 Event/demo.2"},
	})
}

func TestTooManySucceededPods(t *testing.T) {
	const reason = "TooManySucceededPods"
	judged(t, events, []report{
		{"too many", func(c *chronicle) {
			c.begins(nil)
			c.tells("Warning", reason, "Too many succeeded pods running after completion count reached")
		}, "E04 Event/demo.1"},
		{"too many since one was adopted", func(c *chronicle) {
			c.begins(nil)
			var owners = []func(*corev1.Pod){func(p *corev1.Pod) { p.OwnerReferences = nil }}
			c.pod("a")
			adopted := c.pods["a"].OwnerReferences
			c.pod("b", owners...)
			c.pod("b", func(p *corev1.Pod) { p.OwnerReferences = adopted })
			c.tells("Warning", reason, "Too many succeeded pods running after completion count reached")
		}, ""},
	})
}
