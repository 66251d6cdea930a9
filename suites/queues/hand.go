package queues

import (
	"context"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/suites/scenario"
)

// process is what the documents' scripts do with the item that they have in hand.
const process = "aggregate(year, month);"

// pause makes a script meet the spec twice before it processes its item, at pipes of the item's number: at the first it
// tells that it has the item, at the second it is told to go on.
const pause = `globalThis.nth = (globalThis.nth || 0) + 1; ` +
	`require("child_process").execSync("mkfifo /tmp/has-N /tmp/goes-on-N 2> /dev/null; ` +
	`echo > /tmp/has-N; cat /tmp/goes-on-N".split("N").join(nth)); `

// pausing is the text of a documented manifest for the scenario's own namespace and with pauses in its script.
func pausing(s *scenario.Scenario, file string) []byte {
	GinkgoHelper()
	manifest, err := jobs.Read(file)
	Expect(err).NotTo(HaveOccurred())
	text := strings.Replace(string(manifest), process, pause+process, 1)
	Expect(text).NotTo(Equal(string(manifest)), "%s has no %s", file, process)
	return []byte(strings.ReplaceAll(text, ".kiada.svc", "."+s.Namespace()+".svc"))
}

// haveInHand returns once each of the pods has taken its item of that number, counted from 1.
func haveInHand(ctx context.Context, s *scenario.Scenario, number int, pods ...string) {
	GinkgoHelper()
	meet(ctx, s, "exec cat /tmp/has-%[1]d", number, pods)
}

// goOn lets pods that have their item of that number in hand process it.
func goOn(ctx context.Context, s *scenario.Scenario, number int, pods ...string) {
	GinkgoHelper()
	meet(ctx, s, "exec echo > /tmp/goes-on-%[1]d", number, pods)
}

// meet goes to a pipe in each of the pods, which whoever comes first makes.
func meet(ctx context.Context, s *scenario.Scenario, do string, number int, pods []string) {
	GinkgoHelper()
	for _, pod := range pods {
		script := fmt.Sprintf("mkfifo /tmp/has-%[1]d /tmp/goes-on-%[1]d 2> /dev/null; "+do, number)
		_, err := s.Exec(ctx, pod, "sh", "-c", script)
		Expect(err).NotTo(HaveOccurred())
	}
}
