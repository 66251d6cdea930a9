package judge

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

func onlyFailed(j *batchv1.Job) { j.Spec.PodReplacementPolicy = new(batchv1.Failed) }

// uncounted lists pods in a status.
func uncounted(names ...string) func(*batchv1.JobStatus) {
	return func(s *batchv1.JobStatus) {
		s.UncountedTerminatedPods = &batchv1.UncountedTerminatedPods{}
		for _, name := range names {
			s.UncountedTerminatedPods.Succeeded = append(s.UncountedTerminatedPods.Succeeded, types.UID("pod-"+name))
		}
	}
}

// replaced tells of a Job of one pod at a time that was marked for deletion and whose replacement is there before it ended.
func replaced(job func(*batchv1.Job)) func(*tale) {
	return func(tl *tale) {
		tl.begin(func(j *batchv1.Job) { j.Spec.Parallelism = new(int32(1)); job(j) })
		tl.create("a")
		tl.deleted("a")
		tl.create("b")
	}
}

func TestHowManyPodsThereAre(t *testing.T) {
	for _, s := range []story{
		{"as many as the parallelism", func(tl *tale) {
			tl.begin(nil)
			tl.create("a")
			tl.create("b")
		}, ""},
		{"one more than the parallelism", func(tl *tale) {
			tl.begin(nil)
			tl.create("a")
			tl.create("b")
			tl.create("c")
		}, "P03"},
		{"one more, and the API server had not answered", func(tl *tale) {
			tl.begin(nil)
			tl.create("a")
			tl.refused("Error creating: Post \"https://…\": EOF")
			tl.create("b")
			tl.create("c")
		}, "P03?"},
		{"one more, and the quota had refused one", func(tl *tale) {
			tl.begin(nil)
			tl.create("a")
			tl.refused("Error creating: pods \"demo-x\" is forbidden: exceeded quota: small")
			tl.create("b")
			tl.create("c")
		}, "P03"},
		{"an adopted pod is one too many", func(tl *tale) {
			tl.begin(nil)
			tl.create("a")
			tl.create("b")
			owners := tl.pods["b"].OwnerReferences
			tl.create("c", func(p *corev1.Pod) { p.OwnerReferences, p.Finalizers = nil, nil })
			tl.pod("c", func(p *corev1.Pod) { p.OwnerReferences = owners })
			tl.deleted("a")
		}, ""},
		{"a parallelism lowered while pods are created", func(tl *tale) {
			tl.begin(nil)
			tl.create("a")
			tl.spec(func(s *batchv1.JobSpec) { s.Parallelism = new(int32(1)) })
			tl.create("b")
		}, ""},
		{"a parallelism lowered before", func(tl *tale) {
			tl.begin(nil)
			tl.create("a")
			tl.spec(func(s *batchv1.JobSpec) { s.Parallelism = new(int32(1)) })
			tl.status(nil)
			tl.create("b")
		}, "P03"},
		{"a parallelism lowered, and only a label changed since", func(tl *tale) {
			tl.begin(nil)
			tl.create("a")
			tl.spec(func(s *batchv1.JobSpec) { s.Parallelism = new(int32(1)) })
			tl.job.Labels = map[string]string{"a": "b"}
			tl.tell("MODIFIED", "Job", tl.job)
			tl.create("b")
		}, ""},
		{"a pod released", func(tl *tale) {
			tl.begin(nil)
			tl.create("a")
			tl.create("b")
			tl.pod("b", func(p *corev1.Pod) { p.OwnerReferences, p.Finalizers = nil, nil })
			tl.create("c")
		}, ""},

		{"as many as the completions that are missing", func(tl *tale) {
			tl.begin(nil)
			tl.create("a")
			tl.create("b")
			tl.succeeds("a")
			tl.create("c")
		}, ""},
		{"one more than the completions, with a success not counted yet", func(tl *tale) {
			tl.begin(func(j *batchv1.Job) { j.Spec.Completions = new(int32(2)) })
			tl.create("a")
			tl.create("b")
			tl.succeeds("a")
			tl.create("c")
		}, "P04"},
		{"one more than the completions, with a success uncounted and one counted", func(tl *tale) {
			tl.begin(nil)
			tl.create("a")
			tl.create("b")
			tl.succeeds("a")
			tl.succeeds("b")
			tl.status(uncounted("a", "b"))
			tl.untracked("a")
			tl.create("c")
			tl.status(func(s *batchv1.JobStatus) { s.Succeeded = 1; uncounted("b")(s) })
			tl.create("d")
		}, "P04"},
		{"a success counted and one on its way, no more than the completions", func(tl *tale) {
			tl.begin(nil)
			tl.create("a")
			tl.create("b")
			tl.succeeds("a")
			tl.succeeds("b")
			tl.status(uncounted("a", "b"))
			tl.untracked("a")
			tl.untracked("b")
			tl.status(func(s *batchv1.JobStatus) { s.Succeeded = 2; uncounted()(s) })
			tl.create("c")
		}, ""},
		{"a pod that was marked for deletion succeeds while it is replaced", func(tl *tale) {
			tl.begin(func(j *batchv1.Job) { j.Spec.Completions = new(int32(2)) })
			tl.create("a")
			tl.create("b")
			tl.deleted("a")
			tl.succeeds("a")
			tl.create("c")
		}, ""},
		{"a success lost with its finalizer", func(tl *tale) {
			tl.begin(func(j *batchv1.Job) { j.Spec.Completions = new(int32(2)) })
			tl.create("a")
			tl.create("b")
			tl.succeeds("a")
			tl.untracked("a")
			tl.create("c")
		}, ""},
		{"a success released", func(tl *tale) {
			tl.begin(func(j *batchv1.Job) { j.Spec.Completions = new(int32(2)) })
			tl.create("a")
			tl.create("b")
			tl.succeeds("a")
			tl.pod("a", func(p *corev1.Pod) { p.OwnerReferences = nil })
			tl.create("c")
		}, ""},

		{"replaced while it is terminating", replaced(func(*batchv1.Job) {}), ""},
		{"replaced while it is terminating, against the policy", replaced(onlyFailed), "P05"},
		{"replaced while it is terminating, and there is a podFailurePolicy", replaced(func(j *batchv1.Job) {
			j.Spec.PodFailurePolicy = &batchv1.PodFailurePolicy{}
			onlyFailed(j)
		}), "P05"},
		{"more than the completions that are missing, against the policy", replaced(func(j *batchv1.Job) {
			onlyFailed(j)
			j.Spec.Parallelism, j.Spec.Completions = new(int32(5)), new(int32(1))
		}), "P05"},
		{"more than the completions even without the terminating one", func(tl *tale) {
			tl.begin(func(j *batchv1.Job) {
				onlyFailed(j)
				j.Spec.Parallelism, j.Spec.Completions = new(int32(5)), new(int32(2))
			})
			tl.create("a")
			tl.create("b")
			tl.deleted("a")
			tl.succeeds("b")
			owners := tl.pods["a"].OwnerReferences
			tl.create("c", func(p *corev1.Pod) { p.OwnerReferences = nil })
			tl.pod("c", func(p *corev1.Pod) { p.OwnerReferences = owners })
			tl.create("d")
		}, "P04"},
		{"replaced while it is terminating, the policy new", func(tl *tale) {
			replaced(func(*batchv1.Job) {})(tl)
			tl.spec(func(s *batchv1.JobSpec) { s.PodReplacementPolicy = new(batchv1.Failed) })
			tl.deleted("b")
			tl.create("c")
		}, ""},
		{"replaced while it is terminating, the policy known", func(tl *tale) {
			replaced(func(*batchv1.Job) {})(tl)
			tl.spec(func(s *batchv1.JobSpec) { s.PodReplacementPolicy = new(batchv1.Failed) })
			tl.status(nil)
			tl.deleted("b")
			tl.create("c")
		}, "P05"},
		{"replaced once it has ended", func(tl *tale) {
			tl.begin(func(j *batchv1.Job) { onlyFailed(j); j.Spec.Parallelism = new(int32(1)) })
			tl.create("a")
			tl.deleted("a")
			tl.fails("a")
			tl.create("b")
		}, ""},
	} {
		s.check(t, birth, concurrency)
	}
}

func TestWhichIndexesThePodsHave(t *testing.T) {
	for _, s := range []story{
		{"one pod for each", func(tl *tale) {
			tl.begin(indexed)
			tl.create("a", withIndex(0))
			tl.create("b", withIndex(1))
			tl.fails("a")
			tl.create("c", withIndex(0))
		}, ""},
		{"two at once", func(tl *tale) {
			tl.begin(indexed)
			tl.create("a", withIndex(0))
			tl.create("b", withIndex(0))
		}, "P06"},
		{"terminating ones beside", func(tl *tale) {
			tl.begin(indexed)
			tl.create("a", withIndex(0))
			tl.deleted("a")
			tl.create("b", withIndex(0))
			tl.deleted("b")
			tl.create("c", withIndex(0))
		}, ""},
		{"a terminating one beside, against the policy", func(tl *tale) {
			tl.begin(func(j *batchv1.Job) { indexed(j); onlyFailed(j) })
			tl.create("a", withIndex(0))
			tl.deleted("a")
			tl.create("b", withIndex(0))
		}, "P06"},
		{"completed", func(tl *tale) {
			tl.begin(indexed)
			tl.create("a", withIndex(0))
			tl.succeeds("a")
			tl.status(func(s *batchv1.JobStatus) { s.CompletedIndexes, s.Succeeded = "0", 1 })
			tl.untracked("a")
			tl.create("b", withIndex(0))
		}, "P06"},
		{"succeeded and not counted yet", func(tl *tale) {
			tl.begin(indexed)
			tl.create("a", withIndex(0))
			tl.succeeds("a")
			tl.create("b", withIndex(0))
		}, "P06"},
		{"succeeded after it was marked for deletion", func(tl *tale) {
			tl.begin(indexed)
			tl.create("a", withIndex(0))
			tl.deleted("a")
			tl.succeeds("a")
			tl.create("b", withIndex(0))
		}, ""},
		{"succeeded and lost with its finalizer", func(tl *tale) {
			tl.begin(indexed)
			tl.create("a", withIndex(0))
			tl.succeeds("a")
			tl.untracked("a")
			tl.create("b", withIndex(0))
		}, ""},
		{"failed for good", func(tl *tale) {
			tl.begin(func(j *batchv1.Job) { indexed(j); j.Spec.BackoffLimitPerIndex = new(int32(0)) })
			tl.create("a", withIndex(0))
			tl.fails("a")
			tl.status(func(s *batchv1.JobStatus) { s.FailedIndexes = new("0") })
			tl.create("b", withIndex(0))
		}, "P06"},
		{"that of an adopted pod", func(tl *tale) {
			tl.begin(indexed)
			tl.create("a", withIndex(0))
			owners := tl.pods["a"].OwnerReferences
			tl.create("b", withIndex(0), func(p *corev1.Pod) { p.OwnerReferences = nil })
			tl.pod("b", func(p *corev1.Pod) { p.OwnerReferences = owners })
		}, ""},
	} {
		s.check(t, birth, concurrency)
	}
}
