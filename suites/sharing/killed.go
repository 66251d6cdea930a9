package sharing

import (
	"context"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/chaos/pods"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A writer that is killed", func() {
	It("goes on behind what it had synced to a claimed volume, and has lost what was in its container, and in its pod if that was replaced",
		scenario.Chaos, scenario.Claims("J-003", "J-009"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx, history.PersistentVolumeClaims)
			needDefaultClass(ctx, s)
			s.Apply(ctx, "data-claim.yaml")
			s.Apply(ctx, "chaos.app-steps.yaml", called("restarted"))
			s.Apply(ctx, "chaos.app-steps.yaml", called("replaced"))
			restarted, replaced := s.Job("restarted"), s.Job("replaced")

			restarted.Reach(ctx, expect.ReadyPods(1))
			replaced.Reach(ctx, expect.ReadyPods(1))
			only, first := restarted.Running()[0], replaced.Running()[0]
			before := map[string]string{only: steps(ctx, s, only), first: steps(ctx, s, first)}
			s.Hit(ctx, pods.KillContainer(only, "task"))
			s.Hit(ctx, pods.Kill(first))

			restarted.Await(ctx, "J-003 J-009", expect.Restarts(1), expect.ReadyPods(1))
			again := found(ctx, s, only)
			// It may have been killed when the last step was noted on the volume only.
			s.Prove("J-003", again.emptyDir, BeElementOf(again.volume, again.volume-1))
			s.Prove("J-003", again.container, BeZero())
			s.Prove("J-009", unlike(steps(ctx, s, only), before[only], only, again.volume, only), BeEmpty())

			replaced.Within(scenario.Replacement).Await(ctx, "J-003 J-009", expect.ReadyPods(1), expect.TerminatingPods(0))
			second := replaced.Running()[0]
			anew := found(ctx, s, second)
			s.Prove("J-003", []int{anew.emptyDir, anew.container}, HaveEach(BeZero()))
			s.Prove("J-009", unlike(steps(ctx, s, second), before[first], first, anew.volume, second), BeEmpty())

			for _, writer := range []string{only, second} {
				_, err := s.Exec(ctx, writer, "touch", "/tmp/enough")
				Expect(err).NotTo(HaveOccurred())
			}
			for replacements, job := range []*scenario.Job{restarted, replaced} {
				job.Await(ctx, "J-009", expect.Condition(batchv1.JobComplete), expect.SucceededPods(1))
				job.Prove("J-003 J-009", expect.CreatedPods(1+replacements), expect.CountedFailures(int32(replacements)))
			}
		})
})

// steps reads, in a running pod of chaos.app-steps.yaml, the steps of its Job that the volume knows by now.
func steps(ctx context.Context, s *scenario.Scenario, pod string) string {
	GinkgoHelper()
	text, err := s.Exec(ctx, pod, "sh", "-c", `cat "/data/$JOB/steps"`)
	Expect(err).NotTo(HaveOccurred())
	return text
}

// known is how many steps were known where a task of chaos.app-steps.yaml looks for them.
type known struct{ volume, emptyDir, container int }

// found is what the present run of a pod's task knew when it began.
func found(ctx context.Context, s *scenario.Scenario, pod string) known {
	GinkgoHelper()
	text, err := s.Exec(ctx, pod, "cat", "/tmp/found")
	Expect(err).NotTo(HaveOccurred())
	var k known
	_, err = fmt.Sscanf(text, "volume %d, emptyDir %d, container %d", &k.volume, &k.emptyDir, &k.container)
	Expect(err).NotTo(HaveOccurred())
	return k
}

// unlike says what is not as it should be in the steps of a Job, or "": all that was there before one pod was killed, its
// steps up to number last, and behind that, with no number missing or twice, those of the other, one or more.
func unlike(log, before, one string, last int, other string) string {
	if !strings.HasPrefix(log, before) || before == "" {
		return fmt.Sprintf("of the %d bytes before only the first %d are there", len(before), common(before, log))
	}
	lines := strings.Split(strings.TrimSuffix(log, "\n"), "\n")
	for i, line := range lines {
		by := one
		if i >= last {
			by = other
		}
		if want := fmt.Sprintf("%d %s", i+1, by); line != want {
			return fmt.Sprintf("line %d is %q instead of %q", i+1, line, want)
		}
	}
	if len(lines) <= last {
		return fmt.Sprintf("after step %d there is none", last)
	}
	return ""
}
