package kubectl

import (
	"context"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
)

// A Runner runs kubectl and returns what it printed. A scenario is one.
type Runner interface {
	Kubectl(ctx context.Context, args ...string) (string, error)
}

// Get returns the table that "kubectl get" prints. The spec ends if it prints none.
func Get(ctx context.Context, in Runner, args ...string) Table {
	ginkgo.GinkgoHelper()
	out, err := in.Kubectl(ctx, append([]string{"get"}, args...)...)
	gomega.Expect(err).NotTo(gomega.HaveOccurred(), out)
	table, err := ReadTable(out)
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	return table
}

// Describe returns what "kubectl describe" prints of an object. The spec ends if it fails.
func Describe(ctx context.Context, in Runner, kind, name string) Field {
	ginkgo.GinkgoHelper()
	out, err := in.Kubectl(ctx, "describe", kind, name)
	gomega.Expect(err).NotTo(gomega.HaveOccurred(), out)
	return ReadDescription(out)
}

// MustRow is Row for a table that has such a row, or the spec ends.
func (t Table) MustRow(name string) map[string]string {
	ginkgo.GinkgoHelper()
	row, err := t.Row(name)
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	return row
}

// Duration reads a cell with an age or a duration. The spec ends if it is none.
func Duration(cell string) time.Duration {
	ginkgo.GinkgoHelper()
	d, err := ReadDuration(cell)
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	return d
}

// Restarts reads the column RESTARTS of a table of pods: how often each was restarted, by the pod's name. The spec ends if
// there is no such column.
func (t Table) Restarts() map[string]int {
	ginkgo.GinkgoHelper()
	restarted := map[string]int{}
	for _, row := range t.Rows {
		times, _, err := ReadRestarts(row["RESTARTS"])
		gomega.Expect(err).NotTo(gomega.HaveOccurred(), row["NAME"])
		restarted[row["NAME"]] = times
	}
	return restarted
}
