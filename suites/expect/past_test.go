package expect

import (
	"maps"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	gomegatypes "github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// question is a matcher with a story of which it is true and stories of which it is not, each with what must be said
// about it.
type question struct {
	matcher gomegatypes.GomegaMatcher
	holds   func(*story)
	broken  map[string]func(*story) // by a regular expression for the failure
}

const (
	complete = batchv1.JobComplete
	met      = batchv1.JobSuccessCriteriaMet
	failed   = batchv1.JobFailed
	target   = batchv1.JobFailureTarget
	suspend  = batchv1.JobSuspended
)

func becomesSuspended(s *story) func(*batchv1.Job) {
	return s.condition(suspend, corev1.ConditionTrue, "JobSuspended", "Job suspended")
}

func becomesResumed(s *story) func(*batchv1.Job) {
	return s.condition(suspend, corev1.ConditionFalse, "JobResumed", "Job resumed")
}

func asks(suspended bool) func(*batchv1.Job) {
	return func(job *batchv1.Job) { job.Spec.Suspend = &suspended }
}

func starts(s *story) func(*batchv1.Job) {
	return func(job *batchv1.Job) { job.Status.StartTime = new(s.clock()) }
}

func stops(job *batchv1.Job) { job.Status.StartTime = nil }

// counting moves uids between uncountedTerminatedPods and the counters.
func counting(failedUIDs []types.UID, failed int32) func(*batchv1.Job) {
	return func(job *batchv1.Job) {
		job.Status.UncountedTerminatedPods = &batchv1.UncountedTerminatedPods{Failed: failedUIDs}
		job.Status.Failed = failed
	}
}

func completes(indexes string, succeeded int32) func(*batchv1.Job) {
	return func(job *batchv1.Job) { job.Status.CompletedIndexes, job.Status.Succeeded = indexes, succeeded }
}

func disrupted(reason string) func(*corev1.Pod) {
	return func(pod *corev1.Pod) {
		pod.Status.Conditions = []corev1.PodCondition{{Type: corev1.DisruptionTarget, Status: corev1.ConditionTrue, Reason: reason}}
	}
}

// questions are those of past_jobs_test.go and past_pods_test.go.
func questions() map[string]question {
	all := maps.Clone(aboutJobs)
	maps.Copy(all, aboutPods)
	return all
}

func TestPast(t *testing.T) {
	for name, question := range questions() {
		t.Run(name, func(t *testing.T) {
			told := tell(t)
			question.holds(told)
			job := told.read().Job("demo")
			if ok, err := question.matcher.Match(job); err != nil || !ok {
				t.Errorf("does not hold (%v): %s", err, question.matcher.FailureMessage(job))
			}
			if got := question.matcher.NegatedFailureMessage(job); !strings.Contains(got, "the Job demo not to ") {
				t.Errorf("negated: %s", got)
			}
			for want, broken := range question.broken {
				told := tell(t)
				broken(told)
				job := told.read().Job("demo")
				ok, err := question.matcher.Match(job)
				if err != nil || ok {
					t.Errorf("%s: matched %v, error %v", want, ok, err)
					continue
				}
				if got := question.matcher.FailureMessage(job); !regexp.MustCompile(want).MatchString(got) {
					t.Errorf("failure is\n%s\nwant a match of\n%s", got, want)
				}
			}
		})
	}
}

func TestNothingIsTrueOfAJobThatWasNotRecorded(t *testing.T) {
	nobody := tell(t).read().Job("nobody")
	for name, question := range questions() {
		if ok, err := question.matcher.Match(nobody); ok || err != nil {
			t.Errorf("%s: matched %v, error %v", name, ok, err)
		}
	}
}

func TestLostAndRegained(t *testing.T) {
	whole := tell(t).hears("one", "True").hears("one", "Unknown").hears("one", "False").hears("one", "True").read()
	for node, want := range map[string]bool{"one": true, "two": false} {
		if ok, _ := LostAndRegained(node).Match(whole); ok != want {
			t.Errorf("%s: %v", node, ok)
		}
	}
	lent := tell(t).hears("one", "Unknown").hears("one", "True").hears("one", "Unknown").hears("one", "True").read()
	if ok, _ := LostAndRegained("one").Match(lent); !ok {
		t.Error("what was before the node was lent is held against it")
	}
	for _, ready := range [][]corev1.ConditionStatus{{"True"}, {"True", "Unknown"}, {"Unknown", "True"}, {"True", "False", "True"}} {
		told := tell(t)
		for _, status := range ready {
			told.hears("one", status)
		}
		if ok, _ := LostAndRegained("one").Match(told.read()); ok {
			t.Errorf("matched %v", ready)
		}
	}
}

func TestMatchersRefuseWhatTheyAreNotAbout(t *testing.T) {
	if _, err := CreatedPods(1).Match("a text"); err == nil || !strings.Contains(err.Error(), "cannot be said of a string") {
		t.Errorf("error is %v", err)
	}
}

// Specs ask for the fields of a pod's life through its methods, too.
func TestPodLivesAreAskedForTheirFields(t *testing.T) {
	job := tell(t).pod("a", ofIndex(1)).runs("a").restarts("a", 1, 0).read().Job("demo")
	for text, matcher := range map[string]gomegatypes.GomegaMatcher{
		"index":    HaveField("Index", 1),
		"restarts": HaveField("Restarts()", BeEquivalentTo(1)),
		"volumes":  HaveField("First().Spec.Volumes", BeEmpty()),
		"deadline": HaveField("First().Spec.ActiveDeadlineSeconds", BeNil()),
		"node":     HaveField("Node", Not(Equal("other"))),
	} {
		if ok, err := EveryPod(matcher).Match(job); err != nil || !ok {
			t.Errorf("%s: %v %s", text, err, EveryPod(matcher).FailureMessage(job))
		}
	}
}
