package sharing

import (
	"crypto/sha256"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"
	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A volume that Jobs claim", func() {
	It("keeps what they write when they are gone, for Jobs in turn and for pods side by side",
		scenario.Claims("J-007", "J-008"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx, history.PersistentVolumeClaims)
			needDefaultClass(ctx, s)
			s.Apply(ctx, "data-claim.yaml")

			names := []string{"append-1", "append-2", "append-3"}
			for i, name := range names {
				s.Apply(ctx, "append.yaml", called(name))
				job := s.Job(name)
				job.Await(ctx, "J-008", expect.Condition(batchv1.JobComplete))
				job.Prove("J-008", expect.ThePod(0, expect.LastWords("task", chain(names[:i+1]))))
				if i == 0 {
					job.Delete(ctx)
					job.Await(ctx, "J-007", expect.NoJob(), expect.NoPods())
					s.Objects().Await(ctx, "J-007", expect.BoundClaim("data"))
				}
			}
			s.Job("append-2").Prove("J-007", expect.ThePod(0, expect.LastWords("task", chain(names[:2]))))

			s.Apply(ctx, "exchange.yaml", batchOf(2), storedIn(ofClaim("data")), jobs.With(onOneNode))
			batch := s.Job("exchange")
			batch.Await(ctx, "J-008", expect.Condition(batchv1.JobComplete))
			batch.Prove("J-008", expect.EveryPod(expect.LastWords("task", parts(batch.History(), 2))))
			s.Prove("J-007", volumes(s.History()), HaveLen(1))
		})

	It("keeps what was written before a writer was deleted, whether it had time to end or not",
		scenario.Claims("J-009"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx, history.PersistentVolumeClaims)
			needDefaultClass(ctx, s)
			s.Apply(ctx, "data-claim.yaml")
			s.Apply(ctx, "endless-writer.yaml", called("told"))
			s.Apply(ctx, "endless-writer.yaml", called("forced"))

			before, writers := map[string]string{}, map[string]string{}
			for _, name := range []string{"told", "forced"} {
				s.Job(name).Reach(ctx, expect.ReadyPods(1))
				writer := s.Job(name).Running()[0]
				writers[name], before[name] = writer, written(ctx, s, writer, writer)
			}
			s.DeletePod(ctx, writers["told"])
			err := s.Clients().CoreV1().Pods(s.Namespace()).Delete(ctx, writers["forced"],
				metav1.DeleteOptions{GracePeriodSeconds: new(int64(0))})
			Expect(err).NotTo(HaveOccurred())

			for name, writer := range writers {
				job := s.Job(name).Within(scenario.Replacement)
				job.Await(ctx, "J-009", expect.ReadyPods(1), expect.TerminatingPods(0), nowWithout(writer))
				after := written(ctx, s, job.Running()[0], writer)
				s.Prove("J-009", lost(before[name], after), BeEmpty())
				job.Prove("J-009", expect.CreatedPods(2))
			}
		})
})

// chain is the log that Jobs leave which run append.yaml one after another.
func chain(names []string) string {
	var log string
	for _, name := range names {
		log += fmt.Sprintf("%s %x\n", name, sha256.Sum256([]byte(log)))
	}
	return strings.TrimSpace(log)
}

// parts is what the pods of a Job of exchange.yaml have written, from where each ran.
func parts(job *history.Job, n int) string {
	text := make([]string, n)
	for _, pod := range job.Pods() {
		if pod.Index >= 0 && pod.Index < n {
			text[pod.Index] = fmt.Sprintf("%d by %s on %s", pod.Index, pod.Name, pod.Node)
		}
	}
	return strings.Join(text, "\n")
}

// volumes names the volumes that claims were ever bound to.
func volumes(recorded *history.History) map[string]bool {
	names := map[string]bool{}
	for _, version := range recorded.Versions() {
		if claim := version.Claim(); claim != nil && claim.Spec.VolumeName != "" {
			names[claim.Spec.VolumeName] = true
		}
	}
	return names
}

// nowWithout expects a Job's pod of that name to run no longer.
func nowWithout(pod string) types.GomegaMatcher {
	return WithTransform(func(state history.State) []string { return expect.Names(expect.Running(state)) },
		Not(ContainElement(pod)))
}
