package queues

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/jobproof/jobproof/suites/scenario"
)

// The Jobs of chaos.app-workers.yaml, which name their queues too: one whose items are out of the queue once they are taken,
// and one whose items are taken for a time and struck off when they are done.
const (
	lossy  = "lossy"
	leased = "leased"
)

// server is the pod of chaos.app-queue.yaml.
const server = "queue"

// put adds items to the queue of a Job.
func put(ctx context.Context, s *scenario.Scenario, job string, items ...string) {
	GinkgoHelper()
	_, err := s.Exec(ctx, server, append([]string{"redis-cli", "-e", "rpush", job + ":waiting"}, items...)...)
	Expect(err).NotTo(HaveOccurred())
}

// waiting are the items that nobody has taken, the next one first.
func waiting(ctx context.Context, s *scenario.Scenario, job string) []string {
	GinkgoHelper()
	return listed(ctx, s, job+":waiting")
}

// leases are the items that are taken and not struck off, the one whose time is over first being the first.
func leases(ctx context.Context, s *scenario.Scenario, job string) []string {
	GinkgoHelper()
	return lines(ctx, s, "zrange", job+":leases", "0", "-1")
}

// entry is an item and the pod that took it, or did what there is to do with it.
type entry struct{ Item, Pod string }

// taken tells who took which item, and done who did what there is to do with it, in the order in which that was.
func taken(ctx context.Context, s *scenario.Scenario, job string) []entry {
	GinkgoHelper()
	return entries(listed(ctx, s, job+":taken"))
}

func done(ctx context.Context, s *scenario.Scenario, job string) []entry {
	GinkgoHelper()
	return entries(listed(ctx, s, job+":done"))
}

func entries(lines []string) []entry {
	all := make([]entry, len(lines))
	for i, line := range lines {
		all[i].Item, all[i].Pod, _ = strings.Cut(line, " ")
	}
	return all
}

// listed returns what a list of the server holds.
func listed(ctx context.Context, s *scenario.Scenario, key string) []string {
	GinkgoHelper()
	return lines(ctx, s, "lrange", key, "0", "-1")
}

// lines returns the lines of an answer of the server; an empty list has one that is empty.
func lines(ctx context.Context, s *scenario.Scenario, command ...string) []string {
	GinkgoHelper()
	out, err := s.Exec(ctx, server, append([]string{"redis-cli", "-e", "--raw"}, command...)...)
	Expect(err).NotTo(HaveOccurred())
	return strings.FieldsFunc(out, func(r rune) bool { return r == '\n' })
}
