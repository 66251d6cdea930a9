package lifecycle

import (
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/kubectl"
	"github.com/jobproof/jobproof/suites/quiz"
	"github.com/jobproof/jobproof/suites/scenario"
)

// What the containers of quiz-init say when they have done their task: the init container where the servers replicate and
// where there is one that cannot, and mongoimport.
const (
	initiated = "The replica set quiz is initialized, and quiz-0 is its primary."
	alone     = "This server knows no replica sets. It can be written to as it is."
	imported  = "6 document(s) imported successfully. 0 document(s) failed to import."
)

// provesLogs asks about the logs of the Job quiz-init, which is complete.
func provesLogs(ctx context.Context, s *scenario.Scenario, job *scenario.Job, db *quiz.Database) {
	GinkgoHelper()
	pod := job.State().Pods[0].Name
	out := logs(ctx, s, "job/quiz-init", "--all-containers", "--prefix")
	lines, err := kubectl.ReadLogs(out)
	s.Prove("J-098 J-099", err, Not(HaveOccurred()))
	s.Prove("J-096 J-097 J-098", lines, And(Not(BeEmpty()), HaveEach(HaveField("Pod", pod))))
	for _, container := range []string{"init", "import"} {
		s.Prove("J-098 J-099", said(lines, container), Equal(logs(ctx, s, pod, "--container="+container)))
	}
	s.Prove("J-098", blocks(lines), ConsistOf("init", "import"))

	ready := alone
	if db.Replicates() {
		ready = initiated
	}
	s.Prove("J-100", said(lines, "init"), Equal(ready+"\n"))
	s.Prove("J-100", said(lines, "import"), And(ContainSubstring("connected to: "), ContainSubstring("dropping: kiada.questions"),
		ContainSubstring(imported)))
	var count int
	db.Read(ctx, `db.questions.countDocuments()`, &count)
	s.Prove("J-100", count, Equal(6))
}

// provesLogsOfOne asks for the logs of a Job that has two pods.
func provesLogsOfOne(ctx context.Context, s *scenario.Scenario, job *scenario.Job) {
	GinkgoHelper()
	pods := expect.Names(job.State().Pods)
	one := logs(ctx, s, "job/two-tasks")
	s.Prove("J-097", strings.Count(one, "this is task "), Equal(1))
	s.Prove("J-097", one, Or(ContainSubstring("Found 2 pods, using pod/"+pods[0]+"\n"), ContainSubstring("Found 2 pods, using pod/"+pods[1]+"\n")))
	lines, err := kubectl.ReadLogs(logs(ctx, s, "job/two-tasks", "--all-pods"))
	Expect(err).NotTo(HaveOccurred())
	s.Prove("J-097", lines, ConsistOf(
		HaveField("Text", "this is task 0"), HaveField("Text", "this is task 1")))
}

// logs is what "kubectl logs" prints.
func logs(ctx context.Context, s *scenario.Scenario, args ...string) string {
	GinkgoHelper()
	out, err := s.Kubectl(ctx, append([]string{"logs"}, args...)...)
	Expect(err).NotTo(HaveOccurred())
	return out
}

// said is what the lines of a container say together.
func said(lines []kubectl.LogLine, container string) string {
	var text strings.Builder
	for _, line := range lines {
		if line.Container == container {
			text.WriteString(line.Text + "\n")
		}
	}
	return text.String()
}

// blocks names the containers in the order in which lines come from them, once for each time that it changes.
func blocks(lines []kubectl.LogLine) []string {
	var containers []string
	for _, line := range lines {
		if len(containers) == 0 || containers[len(containers)-1] != line.Container {
			containers = append(containers, line.Container)
		}
	}
	return containers
}
