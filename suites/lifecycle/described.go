package lifecycle

import (
	"context"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/kubectl"
	"github.com/jobproof/jobproof/suites/scenario"
)

// jobTracking is the annotation that the Job controller used to mark the Jobs with whose pods it tracks with finalizers.
const jobTracking = "batch.kubernetes.io/job-tracking"

// provesDescription asks what "kubectl describe" says about the Job quiz-init, which is complete, and whether it is so.
func provesDescription(ctx context.Context, s *scenario.Scenario, job *scenario.Job) {
	GinkgoHelper()
	job.Await(ctx, "J-090", expect.Event("Normal", "Completed", "Job completed"))
	out, err := s.Kubectl(ctx, "describe", "job", "quiz-init")
	Expect(err).NotTo(HaveOccurred())
	described, is := kubectl.ReadDescription(out), job.State().Job
	uid := string(is.UID)

	s.Prove("J-074", described.ValueOf("Name"), Equal("quiz-init"))
	s.Prove("J-074", described.ValueOf("Namespace"), Equal(s.Namespace()))
	s.Prove("J-075", described.ValueOf("Selector"), Equal("batch.kubernetes.io/controller-uid="+uid))
	s.Prove("J-076", described.ValuesOf("Labels"), Equal([]string{"app=quiz", "task=init"}))
	s.Prove("J-077", described.ValuesOf("Annotations"), Equal([]string{"<none>"}))
	job.Prove("J-077", WithTransform(annotations, Not(HaveKey(jobTracking))))
	s.Prove("J-078", described.ValueOf("Parallelism"), Equal("1"))
	s.Prove("J-078", described.ValueOf("Completions"), Equal("1"))
	s.Prove("J-079", described.ValueOf("Completion Mode"), Equal("NonIndexed"))
	s.Prove("J-080", described.ValueOf("Suspend"), Equal("false"))
	s.Prove("J-080", described.ValueOf("Backoff Limit"), Equal("6"))
	started, completed := moment(described.ValueOf("Start Time")), moment(described.ValueOf("Completed At"))
	s.Prove("J-081", started, BeTemporally("==", is.Status.StartTime.Time))
	s.Prove("J-081", completed, BeTemporally("==", is.Status.CompletionTime.Time))
	s.Prove("J-082", seconds(described.ValueOf("Duration")), Equal(int(completed.Sub(started).Seconds())))
	s.Prove("J-083", described.ValueOf("Pods Statuses"), Equal("0 Active (0 Ready) / 1 Succeeded / 0 Failed"))
	provesTemplate(s, described, uid)
	provesEvents(s, described, job)

	own := map[string]string{batchv1.ControllerUidLabel: uid}
	s.Prove("J-087", is.Spec.Selector.MatchLabels, Equal(own))
	s.Prove("J-088", is.Spec.Template.Labels, And(
		HaveKeyWithValue(batchv1.ControllerUidLabel, uid), HaveKeyWithValue("controller-uid", uid)))
	s.Prove("J-089", is.Spec.Template.Labels, And(
		HaveKeyWithValue(batchv1.JobNameLabel, "quiz-init"), HaveKeyWithValue("job-name", "quiz-init")))
}

// provesTemplate asks about the part of the description that is about the pod template.
func provesTemplate(s *scenario.Scenario, described kubectl.Field, uid string) {
	GinkgoHelper()
	for part, names := range map[string][]string{
		"Init Containers": {"init"}, "Containers": {"import"}, "Volumes": {"quiz-data"},
	} {
		field, _ := described.Get("Pod Template", part)
		s.Prove("J-084", field.Names(), Equal(names))
	}
	s.Prove("J-084", described.ValuesOf("Pod Template", "Labels"), ContainElements("app=quiz", "task=init"))
	s.Prove("J-085", described.ValuesOf("Pod Template", "Labels"), ConsistOf("app=quiz", "task=init",
		"batch.kubernetes.io/controller-uid="+uid, "batch.kubernetes.io/job-name=quiz-init",
		"controller-uid="+uid, "job-name=quiz-init"))
}

// provesEvents asks about the Events at the end of the description, and about all that there were.
func provesEvents(s *scenario.Scenario, described kubectl.Field, job *scenario.Job) {
	GinkgoHelper()
	rows, err := kubectl.ReadEvents(described)
	Expect(err).NotTo(HaveOccurred())
	pod := job.State().Pods[0].Name
	s.Prove("J-086", rows, HaveEach(And(HaveKeyWithValue("Type", "Normal"), HaveKeyWithValue("From", "job-controller"),
		HaveKeyWithValue("Age", WithTransform(seconds, BeNumerically(">=", 0))))))
	s.Prove("J-086 J-090", rows, HaveExactElements(
		And(HaveKeyWithValue("Reason", "SuccessfulCreate"), HaveKeyWithValue("Message", "Created pod: "+pod)),
		And(HaveKeyWithValue("Reason", "Completed"), HaveKeyWithValue("Message", "Job completed"))))
	job.Prove("J-090", expect.Announced("Normal SuccessfulCreate", "Normal Completed"))
	job.Prove("J-091", expect.AnnouncedAfter(batchv1.JobComplete, "Completed"))
}

// moment reads a time as "kubectl describe" prints it; it is the zero time if the text is none.
func moment(text string) time.Time {
	at, err := time.Parse(time.RFC1123Z, text)
	if err != nil {
		return time.Time{}
	}
	return at
}

// annotations are all that a Job ever had.
func annotations(job *history.Job) map[string]string {
	all := map[string]string{}
	for _, version := range job.Versions() {
		for name, value := range version.Job().Annotations {
			all[name] = value
		}
	}
	return all
}
