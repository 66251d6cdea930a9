package scenario

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"

	batchv1 "k8s.io/api/batch/v1"
	"sigs.k8s.io/e2e-framework/klient/decoder"
	"sigs.k8s.io/e2e-framework/klient/k8s"

	"github.com/jobproof/jobproof/reports/history"
)

// Edit changes an object of a manifest before it is created.
type Edit = func(k8s.Object)

// decode reads the objects of a manifest and edits them.
func decode(ctx context.Context, manifest []byte, namespace string, edits []Edit) ([]k8s.Object, error) {
	objects, err := decoder.DecodeAll(ctx, bytes.NewReader(manifest), decoder.MutateNamespace(namespace))
	if err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	if len(objects) == 0 {
		return nil, errors.New("it holds no object")
	}
	for _, object := range objects {
		for _, edit := range edits {
			edit(object)
		}
	}
	return objects, nil
}

// create creates the objects of a manifest and waits until the recorder has seen the Jobs among them.
func (s *Scenario) create(ctx context.Context, manifest []byte, edits []Edit) error {
	objects, err := decode(ctx, manifest, s.namespace, edits)
	if err != nil {
		return err
	}
	s.goesOn()
	for _, object := range objects {
		if err := s.resources.Create(ctx, object); err != nil {
			return fmt.Errorf("create %T %s: %w", object, object.GetName(), err)
		}
		if job, is := object.(*batchv1.Job); is {
			s.uids[job.Name] = string(job.UID)
			if err := s.seen(ctx, history.Jobs, job.ResourceVersion); err != nil {
				return err
			}
		}
	}
	return nil
}

// seen waits until the recorder has come to a resource version that the API server gave out, so that a question asked
// now is not answered by an older state.
func (s *Scenario) seen(ctx context.Context, kind history.Kind, resourceVersion string) error {
	rv, err := strconv.ParseUint(resourceVersion, 10, 64)
	if err != nil {
		return fmt.Errorf("resource version of %s: %w", kind.Name, err)
	}
	return s.until(ctx, "the change of "+kind.Name, func(live *history.Live) bool { return live.Reached(kind) >= rv })
}

// until waits for the recorder to see what the harness itself has brought about.
func (s *Scenario) until(ctx context.Context, what string, holds func(*history.Live) bool) error {
	s.goesOn()
	ctx, cancel := context.WithTimeout(ctx, seen.Limit)
	defer cancel()
	if err := s.recorder.Await(ctx, holds); err != nil {
		return fmt.Errorf("the recorder did not see %s: %w", what, err)
	}
	return nil
}
