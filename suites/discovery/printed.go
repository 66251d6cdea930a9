package discovery

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/fixtures/printed"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

var _ = Describe("The headless Service for the pods of a Job", func() {
	It("is refused as printed and accepted with clusterIP None",
		scenario.Claims("J-297", "J-298", "J-304"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx, history.Services)
			asPrinted, err := printed.Read("job.comm-demo.yaml")
			Expect(err).NotTo(HaveOccurred())
			corrected, err := jobs.Read("job.comm-demo.yaml")
			Expect(err).NotTo(HaveOccurred())
			job := s.Job("comm-demo")

			s.Prove("J-297 J-298", s.Try(ctx, asPrinted), expect.Refused("spec.clusterIPs[0]"))

			out, err := apply(ctx, s, asPrinted)
			s.Prove("J-304", said(err), ContainSubstring("spec.clusterIPs[0]"))
			s.Prove("J-304", out, Equal("job.batch/comm-demo created\n"))
			job.Await(ctx, "J-304", expect.ActivePods(2))
			s.Prove("J-297 J-298 J-304", services(s.History()), BeEmpty())

			job.Delete(ctx)
			job.Reach(ctx, expect.NoJob())
			out, err = apply(ctx, s, corrected)
			Expect(err).NotTo(HaveOccurred())
			s.Prove("J-297 J-298 J-304", out, Equal("service/demo-service created\njob.batch/comm-demo created\n"))
			address, err := s.Kubectl(ctx, "get", "service", service, "-o", "jsonpath={.spec.clusterIP}")
			Expect(err).NotTo(HaveOccurred())
			s.Prove("J-298", address, Equal("None"))
		})
})

// apply does what the documents do with a manifest: kubectl apply -f. It returns what kubectl prints, and its error.
func apply(ctx context.Context, s *scenario.Scenario, manifest []byte) (string, error) {
	GinkgoHelper()
	const kubectl = `printf '%s' "$1" | kubectl --kubeconfig=/etc/kubernetes/admin.conf --namespace="$2" apply -f -`
	return s.Node(controlPlane(s)).Exec(ctx, "sh", "-c", kubectl, "apply", string(manifest), s.Namespace())
}

// said is the text of an error, so that a matcher can be asked about the absence of one too.
func said(err error) string {
	if err == nil {
		return "no error"
	}
	return err.Error()
}

// controlPlane returns the name of a node that runs the control plane.
func controlPlane(s *scenario.Scenario) string {
	for _, node := range s.Live().Nodes() {
		if _, is := node.Labels["node-role.kubernetes.io/control-plane"]; is {
			return node.Name
		}
	}
	Skip("no node of this cluster runs its control plane")
	return ""
}

// services names the Services that were ever there.
func services(recorded *history.History) []string {
	var names []string
	for _, version := range recorded.Versions() {
		if version.Kind == history.Services.Name {
			names = append(names, version.Name)
		}
	}
	return names
}
