package discovery

import (
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

			out, err := s.KubectlReading(ctx, asPrinted, "apply", "-f", "-")
			s.Prove("J-304", err, expect.Complained("spec.clusterIPs[0]"))
			s.Prove("J-304", out, HavePrefix("job.batch/comm-demo created\n"))
			job.Await(ctx, "J-304", expect.ActivePods(2))
			s.Prove("J-297 J-298 J-304", services(s.History()), BeEmpty())

			job.Delete(ctx)
			job.Reach(ctx, expect.NoJob())
			out, err = s.KubectlReading(ctx, corrected, "apply", "-f", "-")
			Expect(err).NotTo(HaveOccurred())
			s.Prove("J-297 J-298 J-304", out, Equal("service/demo-service created\njob.batch/comm-demo created\n"))
			address, err := s.Kubectl(ctx, "get", "service", service, "-o", "jsonpath={.spec.clusterIP}")
			Expect(err).NotTo(HaveOccurred())
			s.Prove("J-298", address, Equal("None"))
		})
})

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
