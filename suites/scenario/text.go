package scenario

import (
	"bytes"
	"context"
	"fmt"

	"github.com/onsi/ginkgo/v2"
	"sigs.k8s.io/yaml"

	"github.com/jobproof/jobproof/fixtures/jobs"
)

// Text returns a manifest of fixtures/jobs, each object after all edits and in the scenario's namespace, as YAML for kubectl
// to read. The spec ends, and can show nothing, if there is no such manifest.
func (s *Scenario) Text(ctx context.Context, file string, edits ...Edit) []byte {
	ginkgo.GinkgoHelper()
	manifest, err := jobs.Read(file)
	if err == nil {
		manifest, err = edited(ctx, manifest, s.namespace, edits)
	}
	if err != nil {
		s.cannotTell(fmt.Errorf("edit %s: %w", file, err))
	}
	return manifest
}

func edited(ctx context.Context, manifest []byte, namespace string, edits []Edit) ([]byte, error) {
	objects, err := decode(ctx, manifest, namespace, edits)
	if err != nil {
		return nil, err
	}
	var documents [][]byte
	for _, object := range objects {
		document, err := yaml.Marshal(object)
		if err != nil {
			return nil, err
		}
		documents = append(documents, document)
	}
	return bytes.Join(documents, []byte("---\n")), nil
}
