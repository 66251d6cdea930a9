package sharing

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/fixtures/printed"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/suites/expect"
	"github.com/jobproof/jobproof/suites/scenario"
)

// localPath is the provisioner of kind's default class. It makes folders of one node, and no others
// (sigs.k8s.io/kind v0.33.0, pkg/build/nodeimage/const_storage.go).
const localPath = "rancher.io/local-path"

var _ = Describe("The claim my-pvc", func() {
	It("is refused as printed and accepted with its lines indented",
		scenario.Claims("J-010"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx, history.PersistentVolumeClaims)
			asPrinted, err := printed.Read("my-pvc.yaml")
			Expect(err).NotTo(HaveOccurred())
			corrected, err := jobs.Read("my-pvc.yaml")
			Expect(err).NotTo(HaveOccurred())

			for _, apply := range [][]string{{"apply"}, {"apply", "--dry-run=server"}} {
				out, err := s.KubectlReading(ctx, asPrinted, append(apply, "-f", "-")...)
				s.Prove("J-010", err, HaveOccurred())
				s.Prove("J-010", out, ContainSubstring("resource name may not be empty"))
			}
			// apply looks for the object before it says what else is wrong; create does not.
			out, err := s.KubectlReading(ctx, asPrinted, "create", "--dry-run=server", "-f", "-")
			s.Prove("J-010", err, HaveOccurred())
			for _, field := range []string{"name", "accessModes", "resources", "requests", "storage"} {
				s.Prove("J-010", out, ContainSubstring(`unknown field "`+field+`"`))
			}
			s.Prove("J-010", s.Live().Claims(), BeEmpty())
			out, err = s.KubectlReading(ctx, corrected, "apply", "-f", "-")
			s.Prove("J-010", err, Not(HaveOccurred()))
			s.Prove("J-010", out, Equal("persistentvolumeclaim/my-pvc created\n"))
		})

	It("stays without a volume, and its pods with it, on a class that has none for several nodes",
		scenario.Claims("J-011"),
		func(ctx SpecContext) {
			s := scenario.Begin(ctx, history.PersistentVolumeClaims)
			limited := defaultProvisioner(ctx, s) == localPath
			class := s.SharedClass()
			if !limited && class == "" {
				Skip("the default class of this cluster may have volumes for several nodes: no claim can be seen to wait")
			}
			if limited {
				s.Apply(ctx, "my-pvc.yaml")
				s.Apply(ctx, "exchange.yaml", batchOf(2))
				// Twice: the provisioner tries again after 15 s (its rate limiter, NewProvisionController in
				// sig-storage-lib-external-provisioner's controller/controller.go), and that does not help.
				s.Objects().Await(ctx, "J-011", expect.PendingClaim("my-pvc"),
					expect.ClaimEvents("my-pvc", 2, "Warning", "ProvisioningFailed", "only supports ReadWriteOnce"))
				s.Job("exchange").Await(ctx, "J-011", expect.ActivePods(2), HaveField("Job.Status.Active", BeEquivalentTo(2)),
					expect.CountsFailed(0))
				s.Job("exchange").Prove("J-011", expect.CreatedPods(2), expect.EveryPod(HaveField("Node", BeEmpty())))
				s.Prove("J-011", volumes(s.History()), BeEmpty())
			}
			if class != "" {
				s.Apply(ctx, "my-pvc.yaml", ofClass(class), called("shared-pvc"))
				s.Apply(ctx, "exchange.yaml", batchOf(2), called("served"), storedIn(ofClaim("shared-pvc")), jobs.With(acrossNodes))
				s.Job("served").Await(ctx, "J-011", expect.Condition(batchv1.JobComplete))
				s.Objects().Await(ctx, "J-011", expect.BoundClaim("shared-pvc"))
			}
		})
})
