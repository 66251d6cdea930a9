package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/fixtures/engine"
	"github.com/jobproof/jobproof/fixtures/nodeimage"
)

// host is this machine: the source tree and a container engine that is held as long as it is used.
type host struct {
	root   string
	engine *engine.Engine
	log    *os.File // what kind, Go and the engine print
	start  time.Time
}

// source gives a cluster that can be used, and what ends its use.
type source func(context.Context) (c *cluster.Cluster, done func() error, err error)

// root returns the root of the source tree.
func root() (string, error) {
	mod, err := exec.Command("go", "env", "GOMOD").Output()
	root := filepath.Dir(strings.TrimSpace(string(mod)))
	if err != nil || root == "." || root == string(filepath.Separator) {
		return "", errors.New("run this inside jobproof's source tree")
	}
	return root, nil
}

// attach holds the container engine, which is started if there is none.
func attach(ctx context.Context, root string) (*host, error) {
	h := &host{root: root, start: time.Now()}
	out := filepath.Join(root, "out")
	err := os.MkdirAll(out, 0o755)
	if err == nil {
		h.log, err = os.Create(filepath.Join(out, "golden.log"))
	}
	if err != nil {
		return nil, err
	}
	h.engine, err = engine.Ensure(ctx, engine.Setup{Allowed: true, Say: h.say, Log: h.log})
	return h, err
}

func (h *host) release() error {
	stopped, err := h.engine.Release(context.Background())
	if stopped {
		h.say("stopped the container engine")
	}
	return errors.Join(err, h.log.Close())
}

// say prints one line with the seconds since the start.
func (h *host) say(format string, args ...any) {
	text := strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", "\n"+strings.Repeat(" ", 9))
	fmt.Fprintf(os.Stdout, "%6.1fs  %s\n", time.Since(h.start).Seconds(), text)
}

// kept is the cluster of that name that was made here and kept.
func (h *host) kept(name string) source {
	return func(ctx context.Context) (*cluster.Cluster, func() error, error) {
		c, release, err := cluster.Kept(ctx, h.engine, name)
		if err != nil {
			return nil, nil, err
		}
		if err := h.ready(ctx, c); err != nil {
			release()
			return nil, nil, err
		}
		return c, func() error { release(); return nil }, nil
	}
}

// made is a new cluster of that version. It is removed when its use ends, unless it is to be kept.
func (h *host) made(version string, keep bool) source {
	return func(ctx context.Context) (*cluster.Cluster, func() error, error) {
		builder := &nodeimage.Builder{Root: h.root, Engine: h.engine, MayInstall: true, Say: h.say, Log: h.log}
		image, err := builder.Ensure(ctx, version)
		if err != nil {
			return nil, nil, err
		}
		name := cluster.Prefix + "golden-" + strings.ReplaceAll(version, ".", "-")
		release, err := cluster.Use(name)
		if err != nil {
			return nil, nil, err
		}
		remove := func() error {
			defer release()
			return cluster.Delete(context.WithoutCancel(ctx), h.engine, name)
		}
		h.say("creating kind cluster %s …", name)
		c, err := cluster.Create(ctx, cluster.Spec{Name: name, Image: image, Engine: h.engine, Log: io.Writer(h.log)})
		if err == nil {
			err = c.LoadWorkloads(ctx, h.engine, builder.Workload)
		}
		if err == nil {
			err = h.ready(ctx, c)
		}
		if err != nil {
			return nil, nil, errors.Join(err, remove())
		}
		if !keep {
			return c, remove, nil
		}
		return c, func() error {
			h.say("kept cluster %s: use it with CLUSTER=%s", name, name)
			release()
			return nil
		}, nil
	}
}

// ready makes sure that golden histories can be recorded on a cluster.
func (h *host) ready(ctx context.Context, c *cluster.Cluster) error {
	if err := c.AssertReady(ctx); err != nil {
		return fmt.Errorf("cluster %s is not ready: %w", c.Name, err)
	}
	ordered, because, err := c.OneEtcd(ctx)
	switch {
	case err != nil:
		return err
	case !ordered:
		return fmt.Errorf("cluster %s was not seen to have one etcd: %s", c.Name, because)
	case c.AuditLog() == "":
		return fmt.Errorf("cluster %s has no audit log", c.Name)
	}
	h.say("cluster %s of Kubernetes %s is ready", c.Name, c.Version)
	return nil
}
