package quiz

import (
	"bytes"
	"context"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"
	batchv1 "k8s.io/api/batch/v1"
	"sigs.k8s.io/e2e-framework/klient/decoder"

	"github.com/jobproof/jobproof/fixtures/jobs"
)

// initiate makes the servers a replica set in the way in which the Job quiz-init does it: with the command of its init
// container.
func (db *Database) initiate(ctx context.Context) {
	ginkgo.GinkgoHelper()
	manifest, err := jobs.Read("job.quiz-init.yaml")
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	objects, err := decoder.DecodeAll(ctx, bytes.NewReader(manifest))
	gomega.Expect(err).NotTo(gomega.HaveOccurred())
	for _, object := range objects {
		if job, is := object.(*batchv1.Job); is {
			move(job, db.scenario.Namespace())
			db.run(ctx, job.Spec.Template.Spec.InitContainers[0].Command...)
		}
	}
}
