package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/jobproof/jobproof/chaos"
	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/fixtures/jobs"
	"github.com/jobproof/jobproof/reports/verdict"
)

// e2e proves the claims on a cluster and returns the exit status that the
// verdict deserves. An error means that it never came to a verdict.
func e2e(ctx context.Context, o options) (code int, err error) {
	return runSpecs(ctx, o, (*run).report)
}

// runSpecs runs the chosen specs on a cluster and returns what report makes of them.
func runSpecs(ctx context.Context, o options, report func(*run, context.Context) (int, error)) (code int, err error) {
	return onCluster(ctx, o, func(r *run, c *cluster.Cluster) (int, error) {
		if err := r.suite(ctx, c, o); err != nil {
			return verdict.Infra.ExitCode(), err
		}
		return report(r, ctx)
	})
}

// onCluster does something with the compiled suite on the cluster that the options ask for.
func onCluster(ctx context.Context, o options, do func(*run, *cluster.Cluster) (int, error)) (code int, err error) {
	if err := errors.Join(jobs.Check(), o.checkClaim()); err != nil {
		return verdict.Infra.ExitCode(), err
	}
	s := &status{w: os.Stdout, start: time.Now()}
	r, err := newRun(s)
	if err != nil {
		return verdict.Infra.ExitCode(), err
	}
	defer r.close()
	programs := r.compile(ctx)
	c, done, err := r.cluster(ctx, o)
	if err != nil {
		programs.wait()
		return verdict.Infra.ExitCode(), r.noCluster(err)
	}
	defer func() { err = errors.Join(err, done()) }()
	if err := programs.wait(); err != nil {
		return verdict.Infra.ExitCode(), err
	}
	return do(r, c)
}

// cluster returns the cluster that the options ask for, ready to be used, and
// what ends its use.
func (r *run) cluster(ctx context.Context, o options) (c *cluster.Cluster, done func() error, err error) {
	if o.cluster == existing {
		return r.existingCluster(ctx, o)
	}
	hold, err := r.engine(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, hold.release())
		}
	}()
	if o.cluster != "" {
		return r.keptCluster(ctx, o, hold)
	}
	return r.newCluster(ctx, o, hold)
}

func (r *run) existingCluster(ctx context.Context, o options) (*cluster.Cluster, func() error, error) {
	c, err := cluster.Existing(ctx, o.kubeconfig)
	if err != nil {
		return nil, nil, err
	}
	c.KubectlPath, err = r.builder(o, nil).Kubectl(ctx, c.Version)
	if err != nil {
		r.say("what kubectl shows is not exercised: %v", err)
	}
	release, err := c.Visit()
	if err != nil {
		return nil, nil, err
	}
	if err = unbroken(c, existing); err == nil {
		err = r.check(ctx, c, o)
	}
	if err != nil {
		release()
		return nil, nil, err
	}
	return c, func() error { release(); return nil }, nil
}

// unbroken is an error if a killed run left faults in the cluster.
func unbroken(c *cluster.Cluster, option string) error {
	journal, err := chaos.OpenJournal(c)
	if err != nil {
		return err
	}
	open, err := journal.Open()
	if err == nil && len(open) > 0 {
		err = fmt.Errorf("a killed run left %d faults in cluster %s: undo them with make heal CLUSTER=%s", len(open), c.Name, option)
	}
	return err
}

// check makes sure that a cluster is what was asked for and can be used.
func (r *run) check(ctx context.Context, c *cluster.Cluster, o options) error {
	if o.version != "" && c.Version != o.version {
		return fmt.Errorf("cluster %s runs Kubernetes %s, and VERSION=%s was asked for: change one of them", c.Name, c.Version, o.version)
	}
	start := time.Now()
	r.say("Kubernetes %s answers; checking nodes, DNS, pod network and storage …", c.Version)
	if err := c.AssertReady(ctx); err != nil {
		return fmt.Errorf("cluster %s is not ready: %w", c.Name, err)
	}
	r.say("cluster %s is ready: %.0f s", c.Name, time.Since(start).Seconds())
	ordered, because, err := c.OneEtcd(ctx)
	if err != nil {
		return err
	}
	if c.Ordered = ordered; !ordered {
		r.say("invariants that compare Jobs with pods are not asked: %s", because)
	}
	if err := c.ShareBy(ctx, o.sharedClass); err != nil {
		return err
	}
	if c.SharedClassMissing != "" {
		r.say("%s, which RWX_STORAGE_CLASS names: what needs it is inconclusive", c.SharedClassMissing)
	}
	if err := c.Save(r.dir); err != nil {
		return err
	}
	return r.writeFacts(ctx, c)
}

func (r *run) keptCluster(ctx context.Context, o options, hold *hold) (*cluster.Cluster, func() error, error) {
	c, release, err := cluster.Kept(ctx, hold.Engine, o.cluster)
	if err != nil {
		return nil, nil, err
	}
	err = unbroken(c, c.Name)
	if err == nil {
		err = r.workloads(ctx, c, hold.Engine, r.builder(o, hold.Engine))
	}
	if err == nil {
		err = r.check(ctx, c, o)
	}
	if err != nil {
		release()
		return nil, nil, err
	}
	return c, func() error {
		release()
		return hold.release()
	}, nil
}

func (r *run) newCluster(ctx context.Context, o options, hold *hold) (c *cluster.Cluster, done func() error, err error) {
	start := time.Now()
	builder := r.builder(o, hold.Engine)
	image, err := nodeImage(ctx, o, hold.Engine, builder, r.status)
	if err != nil {
		return nil, nil, err
	}
	r.say("node image: %s (had in %.1f s)", image, time.Since(start).Seconds())
	name := cluster.Prefix + r.id
	release, err := cluster.Use(name)
	if err != nil {
		return nil, nil, err
	}
	start = time.Now()
	r.say("creating kind cluster %s: one control plane, two workers, three victims …", name)
	remove := func() error {
		defer release()
		return cluster.Delete(context.WithoutCancel(ctx), hold.Engine, name)
	}
	c, err = cluster.Create(ctx, cluster.Spec{Name: name, Image: image, Engine: hold.Engine, Log: r.log})
	if err == nil {
		err = r.workloads(ctx, c, hold.Engine, builder)
	}
	if err == nil {
		err = r.check(ctx, c, o)
	}
	if err != nil {
		return nil, nil, errors.Join(err, remove())
	}
	r.say("cluster created in %.0f s", time.Since(start).Seconds())
	return c, func() error {
		if o.keep && ctx.Err() == nil {
			defer release()
			r.tellKept(c)
			return hold.release()
		}
		r.say("removing cluster %s …", name)
		return errors.Join(remove(), hold.release())
	}, nil
}

// tellKept says how a kept cluster is used, in lines that can be pasted.
func (r *run) tellKept(c *cluster.Cluster) {
	kubeconfig, err := filepath.Abs(c.Kubeconfig)
	if err != nil {
		kubeconfig = c.Kubeconfig
	}
	r.say("kept cluster %s\n"+
		"run on it again   make e2e CLUSTER=%s\n"+
		"look into it      %s exec %s-control-plane kubectl --kubeconfig=/etc/kubernetes/admin.conf get jobs --all-namespaces\n"+
		"your own tools    export KUBECONFIG=%s\n"+
		"remove it         make clean", c.Name, c.Name, c.Engine, c.Name, kubeconfig)
}
