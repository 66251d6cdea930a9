package sharing

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/fixtures/images"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("A cache that Jobs share", func() {
	It("spares a Job the way to the source, and when its pod is lost, value and all, the Jobs' own retries make up for it",
		scenario.Slow, scenario.Claims("J-019"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx, history.EndpointSlices)
			s.Needs(images.Redis, images.Memcached)
			source := s.Clients().CoreV1().ConfigMaps(s.Namespace())
			s.Apply(ctx, "cache.services.yaml")
			s.Apply(ctx, "cache.servers.yaml")
			supply(ctx, s, "good morning")
			reachable(ctx, s, "redis", "memcached")

			s.Apply(ctx, "cache.reader.yaml", called("first"))
			first := s.Job("first")
			first.Await(ctx, "J-019", expect.Condition(batchv1.JobComplete))
			s.Prove("J-019", wordsOf(first), both("miss good morning"))

			// Without a source whoever still has the value has it from the caches.
			Expect(source.Delete(ctx, "source", metav1.DeleteOptions{})).To(Succeed())
			s.Apply(ctx, "cache.reader.yaml", called("second"))
			second := s.Job("second")
			second.Await(ctx, "J-019", expect.Condition(batchv1.JobComplete))
			s.Prove("J-019", wordsOf(second), both("hit good morning"))

			supply(ctx, s, "good evening")
			s.DeletePod(ctx, "redis")
			s.DeletePod(ctx, "memcached")
			s.Objects().Reach(ctx, expect.NoPodNamed("redis"), expect.Publishes("redis"),
				expect.NoPodNamed("memcached"), expect.Publishes("memcached"))
			s.Apply(ctx, "cache.reader.yaml", called("third"))
			third := s.Job("third")
			third.Await(ctx, "J-019", expect.FailedPods(1))
			s.Apply(ctx, "cache.servers.yaml")
			third.Within(scenario.Replacement).Await(ctx, "J-019", expect.Condition(batchv1.JobComplete))
			s.Prove("J-019", wordsOf(third), SatisfyAll(HaveLen(2), HaveEach(HaveSuffix(" good evening"))))
			third.Prove("J-019", expect.FailedBefore(batchv1.JobSuccessCriteriaMet, 1), expect.WaitedBeforeReplacing(expect.Backoff),
				expect.ThePod(0, expect.Exited("redis", 1)), expect.ThePod(0, expect.Exited("memcached", 1)))
		})
})

// supply makes the ConfigMap that is the source of the value.
func supply(ctx context.Context, s *scenario.Scenario, greeting string) {
	GinkgoHelper()
	source := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "source"}, Data: map[string]string{"greeting": greeting}}
	_, err := s.Clients().CoreV1().ConfigMaps(s.Namespace()).Create(ctx, source, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
}

// both expects the task of either cache to have said that.
func both(words string) OmegaMatcher {
	return Equal(map[string]string{"redis": words, "memcached": words})
}
