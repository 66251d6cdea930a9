package lifecycle

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/e2e-framework/klient/k8s"

	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

const (
	// minute is the schedule of cronjob.every-minute.yaml.
	minute = time.Minute
	// punctually is how long after its minute a Job may be created. The CronJob controller looks 0.1 s after it
	// (nextScheduleDelta in pkg/controller/cronjob/cronjob_controllerv2.go); the rest is for a machine that is busy with
	// other specs.
	punctually = 30 * time.Second
)

// ticks is the wait for two Jobs of a CronJob of which one is due at once.
var ticks = scenario.Bound{
	Limit:  scenario.Prompt.Limit + 2*minute,
	Origin: "one minute of the schedule, or two if one begins just now; on top of scenario.Prompt",
}

var _ = Describe("A CronJob", func() {
	It("runs a Job at every interval", scenario.Slow,
		scenario.Claims("J-294"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx, history.CronJobs)
			s.Apply(ctx, "cronjob.every-minute.yaml")
			ranBefore(ctx, s, "every-minute")
			s.Objects().Within(ticks).Await(ctx, "J-294", expect.CompletedJobsOf("every-minute", 2))

			s.Prove("J-294", s.History(), expect.MadeJobsEvery("every-minute", minute, punctually))
			s.Prove("J-294", s.History(), expect.LastMadeAJob("every-minute"))
		})

	It("is the only template that Kubernetes makes Jobs from, and nothing in it can be filled in",
		scenario.Claims("J-230"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx, history.CronJobs)
			s.Apply(ctx, "cronjob.every-minute.yaml", resting)
			names := []string{"january", "february"}
			for _, name := range names {
				_, err := s.Kubectl(ctx, "create", "job", name, "--from=cronjob/every-minute")
				s.Prove("J-230", err, Not(HaveOccurred()))
			}
			for _, name := range names {
				s.Job(name).Await(ctx, "J-230", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))
				s.Job(name).Prove("J-230", expect.EveryPod(expect.LastWords("task", "__MONTH__")))
			}

			s.Prove("J-230", served(ctx, s), ConsistOf("Job", "CronJob"))
			out, err := s.Kubectl(ctx, "create", "job", "march", "--from=cronjob/every-minute", "--env=MONTH=03")
			s.Prove("J-230", err, HaveOccurred())
			s.Prove("J-230", out, ContainSubstring("unknown flag: --env"))
		})
})

// ranBefore notes in the status of a CronJob that it last ran a minute before the present one. So one Job is due now and
// the next a minute later: an interval is seen in the time of one, where a new CronJob would take two.
func ranBefore(ctx context.Context, s *scenario.Scenario, cron string) {
	GinkgoHelper()
	ran := time.Now().Truncate(minute).Add(-minute).UTC().Format(time.RFC3339)
	_, err := s.Clients().BatchV1().CronJobs(s.Namespace()).Patch(ctx, cron, types.MergePatchType,
		fmt.Appendf(nil, `{"status": {"lastScheduleTime": %q}}`, ran), metav1.PatchOptions{}, "status")
	Expect(err).NotTo(HaveOccurred())
}

// resting keeps a CronJob from running of itself.
func resting(object k8s.Object) { object.(*batchv1.CronJob).Spec.Suspend = new(true) }

// served are the kinds of the batch API, version v1.
func served(ctx context.Context, s *scenario.Scenario) []string {
	GinkgoHelper()
	list, err := s.Clients().Discovery().ServerResourcesForGroupVersion(batchv1.SchemeGroupVersion.String())
	Expect(err).NotTo(HaveOccurred())
	kinds := map[string]bool{}
	for _, resource := range list.APIResources {
		kinds[resource.Kind] = true
	}
	return slices.Sorted(maps.Keys(kinds))
}
