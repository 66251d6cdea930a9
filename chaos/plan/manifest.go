package plan

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/jobproof/jobproof/fixtures/jobs"
)

// jobsOf returns the Jobs of a manifest of fixtures/jobs.
func jobsOf(manifest string) ([]*batchv1.Job, error) {
	text, err := jobs.Read(manifest)
	if err != nil {
		return nil, err
	}
	var found []*batchv1.Job
	documents := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return found, nil
		}
		if err != nil {
			return nil, fmt.Errorf("fixtures/jobs/%s: %w", manifest, err)
		}
		object, _, err := scheme.Codecs.UniversalDeserializer().Decode(document, nil, nil)
		if err != nil {
			continue // jobs.Check is about what does not decode
		}
		if job, is := object.(*batchv1.Job); is {
			found = append(found, job)
		}
	}
}

// indexed reports whether each pod of the Job has an index.
func indexed(job *batchv1.Job) bool {
	return job.Spec.CompletionMode != nil && *job.Spec.CompletionMode == batchv1.IndexedCompletion
}

// completions is how many successes a Job needs. One that leaves it to its pods needs one.
func completions(job *batchv1.Job) int {
	switch {
	case job.Spec.Completions != nil:
		return int(*job.Spec.Completions)
	default:
		return 1
	}
}
