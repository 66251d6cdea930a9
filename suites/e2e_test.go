// Package suites_test is the only entry to the specs: it imports the package of every section, whose specs register
// themselves, and runs them on the cluster that hack/e2e has made ready.
package suites_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"github.com/jobproof/jobproof/reports/verdict"
	"github.com/jobproof/jobproof/suites/scenario"
)

// run is the folder of the run, which hack/e2e gives to every process of the suite.
var run = os.Getenv("JOBPROOF_RUN")

// title stands in reports that are compared from run to run: no version and no number in it.
const title = "jobproof"

func TestE2E(t *testing.T) {
	if run == "" {
		t.Skip("make e2e starts this suite")
	}
	gomega.RegisterFailHandler(ginkgo.Fail)
	config, reporting := ginkgo.GinkgoConfiguration()
	if config.ParallelProcess == 1 {
		plan, err := scenario.Plan(run, ginkgo.PreviewSpecs(title))
		if err == nil {
			err = verdict.WritePlan(filepath.Join(run, scenario.Results), plan)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	scenario.Register()
	config.LabelFilter = scenario.Stage(os.Getenv(scenario.StageVariable)).Filter(config.LabelFilter)
	ginkgo.RunSpecs(t, title, config, reporting)
}

var _ = ginkgo.BeforeSuite(func() {
	gomega.Expect(scenario.Connect(run)).To(gomega.Succeed())
})
