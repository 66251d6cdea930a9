package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"sigs.k8s.io/kind/pkg/apis/config/defaults"

	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/fixtures/engine"
	"github.com/jobproof/jobproof/fixtures/images"
	"github.com/jobproof/jobproof/fixtures/nodeimage"
)

// pullWithin bounds a pull: a node image is 400 MB.
const pullWithin = 10 * time.Minute

// nodeImage returns the node image to use: the one that was asked for; the one
// that kind defaults to, if it has the wanted version and a registry answers;
// or one that is built here.
func nodeImage(ctx context.Context, o options, e *engine.Engine, builder *nodeimage.Builder, s *status) (string, error) {
	if o.nodeImage != "" {
		return chosenImage(ctx, o, e, s)
	}
	versions, err := nodeimage.Versions(builder.Root)
	if err != nil {
		return "", err
	}
	version := o.version
	if version == "" {
		version = versions[0]
	}
	if strings.HasPrefix(defaults.Image, "kindest/node:"+version+"@") {
		switch {
		case present(ctx, e, defaults.Image):
			return defaults.Image, nil
		case builder.Has(ctx, version):
			return builder.Ensure(ctx, version)
		case images.Answers(ctx, defaults.Image):
			return defaults.Image, pull(ctx, e, defaults.Image, s)
		}
		s.say("no registry has %s within %s: building a node image here", strings.SplitN(defaults.Image, "@", 2)[0], images.RegistryWithin)
	}
	return builder.Ensure(ctx, version)
}

// chosenImage returns the image of NODE_IMAGE, if it holds the version asked for.
func chosenImage(ctx context.Context, o options, e *engine.Engine, s *status) (string, error) {
	if _, err := name.ParseReference(o.nodeImage); err != nil {
		return "", fmt.Errorf("NODE_IMAGE=%s is not an image reference", o.nodeImage)
	}
	if !present(ctx, e, o.nodeImage) {
		if !images.Answers(ctx, o.nodeImage) {
			return "", fmt.Errorf("NODE_IMAGE=%s: the engine does not have it, and no registry gives it within %s", o.nodeImage, images.RegistryWithin)
		}
		if err := pull(ctx, e, o.nodeImage, s); err != nil {
			return "", err
		}
	}
	held, err := e.Run(ctx, "run", "--rm", "--network=none", "--entrypoint=cat", o.nodeImage, "/kind/version")
	if err != nil {
		return "", fmt.Errorf("NODE_IMAGE=%s is not a kind node image: %w", o.nodeImage, err)
	}
	if held = strings.TrimSpace(held); o.version != "" && held != o.version {
		return "", fmt.Errorf("NODE_IMAGE=%s holds Kubernetes %s, and VERSION=%s was asked for: change one of them", o.nodeImage, held, o.version)
	}
	return o.nodeImage, nil
}

func present(ctx context.Context, e *engine.Engine, image string) bool {
	_, err := e.Run(ctx, "image", "inspect", "--format", "{{.Id}}", image)
	return err == nil
}

func pull(ctx context.Context, e *engine.Engine, image string, s *status) error {
	start := time.Now()
	s.say("pulling %s …", image)
	ctx, cancel := context.WithTimeout(ctx, pullWithin)
	defer cancel()
	cmd := e.Command(ctx, "pull", "--quiet", image)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("pull %s: %w: %s", image, err, strings.TrimSpace(string(out)))
	}
	s.say("pulled in %s", time.Since(start).Round(time.Second))
	return nil
}

// workloads gives the cluster's nodes the workload images, and says which are
// not to be had.
func (r *run) workloads(ctx context.Context, c *cluster.Cluster, e *engine.Engine, builder *nodeimage.Builder) error {
	if err := c.LoadWorkloads(ctx, e, builder.Workload); err != nil {
		return err
	}
	for _, image := range images.All {
		if missing := c.Images[image.Reference].Missing; missing != "" {
			r.say("without the image %s: %s", image.Reference, missing)
		}
	}
	return nil
}
