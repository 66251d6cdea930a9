package failures

import (
	"context"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// limits are the values of backoffLimit for which Jobs are made to fail.
var limits = []int{0, 1, 3}

// In these specs as many pods run at once as must fail, so that none of them has to wait for a back-off.
var _ = Describe("The backoffLimit of a Job", func() {
	It("is how many pods may fail when the policy is Never: with one more the Job has failed",
		scenario.Claims("J-181", "J-195"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			for _, limit := range limits {
				s.Apply(ctx, "restart-never.yaml", withLimit("never", limit, limit+1))
			}

			for _, limit := range limits {
				job := s.Job(limited("never", limit))
				job.Reach(ctx, expect.RunningPods(limit+1))
				pods := job.Running()
				Expect(jobs.Release(ctx, s, 1, pods[:limit]...)).To(Succeed())
				job.Await(ctx, "J-195", expect.CountsFailed(int32(limit)), expect.RunningPods(1))
				Expect(jobs.Release(ctx, s, 1, pods[limit])).To(Succeed())
				job.Await(ctx, "J-181 J-195", expect.ConditionBecause(batchv1.JobFailed, limitReason), expect.ActivePods(0))

				job.Prove("J-195", expect.HadBackoffLimit(int32(limit)), expect.FailedBefore(batchv1.JobFailureTarget, limit+1))
				job.Prove("J-181", expect.CountedSuccesses(0), expect.NeverBecame(batchv1.JobComplete),
					expect.BecameInTwoSteps(batchv1.JobFailureTarget, batchv1.JobFailed))
			}
		})

	It("is how many restarts a Job has failed with when the policy is OnFailure, and the first one if it is 0",
		scenario.Claims("J-174", "J-195"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			for _, limit := range limits {
				s.Apply(ctx, "restart-on-failure.yaml", withLimit("on-failure", limit, max(limit, 1)))
			}

			for _, limit := range limits {
				restarts := max(limit, 1)
				job := s.Job(limited("on-failure", limit))
				job.Reach(ctx, expect.RunningPods(restarts))
				pods := job.Running()
				Expect(jobs.Release(ctx, s, 1, pods[1:]...)).To(Succeed())
				job.Await(ctx, "J-195", expect.Restarts(int32(restarts-1)), expect.RunningPods(restarts))
				Expect(jobs.Release(ctx, s, 1, pods[0])).To(Succeed())
				job.Await(ctx, "J-174 J-195", expect.ConditionBecause(batchv1.JobFailed, limitReason), expect.NoPods())

				job.Prove("J-195", expect.HadBackoffLimit(int32(limit)),
					expect.RestartedBefore(batchv1.JobFailureTarget, int32(restarts)))
				job.Prove("J-174 J-195", expect.CreatedPods(restarts), expect.EveryPod(HaveField("Restarts()", BeEquivalentTo(1))))
				job.Prove("J-174", expect.CountedSuccesses(0), expect.CountedFailures(int32(restarts)),
					expect.DeletedItsPodsBefore(batchv1.JobFailed))
			}
		})

	It("cannot be raised for a Job that has failed, which must be deleted and created again",
		scenario.Claims("J-198"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx)
			apply := func() { s.Apply(ctx, "restart-never.yaml", withLimit("never", 0, 1)) }
			job := s.Job(limited("never", 0))

			apply()
			job.Reach(ctx, expect.RunningPods(1))
			Expect(jobs.Release(ctx, s, 1, job.Running()...)).To(Succeed())
			job.Reach(ctx, expect.ConditionBecause(batchv1.JobFailed, limitReason))

			s.Prove("J-198", patched(ctx, s, `{"spec":{"backoffLimit":10}}`), BeNil())
			for _, conditions := range []string{
				`[]`, `[{"type":"Failed","status":"False"},{"type":"FailureTarget","status":"False"}]`,
			} {
				s.Prove("J-198", patched(ctx, s, `{"status":{"conditions":`+conditions+`}}`, "status"), expect.Refused("status.conditions"))
			}
			// While another Job runs from its beginning to its end, the controller has the time to take up this one too.
			s.Apply(ctx, "table-17.1.row-1.yaml")
			s.Job("neither-set").Reach(ctx, expect.Condition(batchv1.JobComplete))
			job.Prove("J-198", HaveField("Last().Spec.BackoffLimit", HaveValue(BeEquivalentTo(10))), expect.CreatedPods(1),
				expect.ChangedNothingAfter(batchv1.JobFailed))

			job.Delete(ctx)
			job.Reach(ctx, expect.NoJob(), expect.NoPods())
			apply()
			job.Await(ctx, "J-198", expect.RunningPods(1))
			Expect(jobs.Release(ctx, s, 0, job.Running()...)).To(Succeed())
			job.Await(ctx, "J-198", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))
			job.Prove("J-198", expect.CreatedPods(1), expect.CountedSuccesses(1), expect.CountedFailures(0))
		})
})

// limited names the Job with a restart policy and a backoffLimit.
func limited(policy string, limit int) string { return fmt.Sprintf("%s-%d", policy, limit) }

// withLimit returns an edit that gives a Job its backoffLimit and a number of pods, all of which run at once and must
// succeed.
func withLimit(policy string, limit, pods int) scenario.Edit {
	return jobs.With(func(job *batchv1.Job) {
		job.Name = limited(policy, limit)
		job.Spec.BackoffLimit = new(int32(limit))
		job.Spec.Completions, job.Spec.Parallelism = new(int32(pods)), new(int32(pods))
	})
}

// patched merges a patch into the Job with policy Never and limit 0, or into a subresource, and returns what the API server
// has against it.
func patched(ctx context.Context, s *scenario.Scenario, patch string, subresources ...string) error {
	_, err := s.Clients().BatchV1().Jobs(s.Namespace()).Patch(ctx, limited("never", 0), types.MergePatchType, []byte(patch),
		metav1.PatchOptions{}, subresources...)
	return err
}
