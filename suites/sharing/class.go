package sharing

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/suites/scenario"
)

// defaultAnnotation marks the class of claims that name none.
const defaultAnnotation = "storageclass.kubernetes.io/is-default-class"

// defaultProvisioner names the provisioner of the default StorageClass, or is "" if there is none.
func defaultProvisioner(ctx context.Context, s *scenario.Scenario) string {
	GinkgoHelper()
	classes, err := s.Clients().StorageV1().StorageClasses().List(ctx, metav1.ListOptions{})
	Expect(err).NotTo(HaveOccurred())
	for _, class := range classes.Items {
		if class.Annotations[defaultAnnotation] == "true" {
			return class.Provisioner
		}
	}
	return ""
}

// needDefaultClass ends the spec on a cluster where a claim that names no class gets no volume.
func needDefaultClass(ctx context.Context, s *scenario.Scenario) {
	GinkgoHelper()
	if defaultProvisioner(ctx, s) == "" {
		s.CannotShow("this cluster has no default StorageClass")
	}
}
