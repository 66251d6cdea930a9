package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge"
	"github.com/jobproof/jobproof/reports/verdict"
)

// theatre is a cluster on which scenes are played.
type theatre struct {
	*host
	cluster *cluster.Cluster
	config  *rest.Config
	clients *kubernetes.Clientset
	objects dynamic.Interface
	// dir holds the histories until they are sealed.
	dir string
}

// open makes a theatre of a cluster. Its requests are those of cluster.HarnessUser.
func open(c *cluster.Cluster, host *host) (t *theatre, err error) {
	t = &theatre{host: host, cluster: c}
	if t.config, err = c.RESTConfig(); err != nil {
		return nil, err
	}
	cluster.Impersonate(t.config)
	t.config.WarningHandler = rest.NoWarnings{}
	if t.clients, err = kubernetes.NewForConfig(t.config); err != nil {
		return nil, err
	}
	if t.objects, err = dynamic.NewForConfig(t.config); err != nil {
		return nil, err
	}
	t.dir, err = os.MkdirTemp("", "golden-")
	return t, err
}

func (t *theatre) close() { os.RemoveAll(t.dir) }

// season plays the scenes, a few at once, and keeps their histories. Only when all are over are they sealed: by then the
// audit log has every request that they show.
func (t *theatre) season(ctx context.Context, scenes []*Scene, procs int) (code int, err error) {
	var mu sync.Mutex
	var played []*stage
	plays := errgroup.Group{}
	plays.SetLimit(procs)
	for _, scene := range scenes {
		plays.Go(func() error {
			s, err := t.play(ctx, scene)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				played = append(played, s)
				return nil
			}
			code = failed
			if ctx.Err() == nil {
				t.say("%s: %v", scene.Name, err)
			}
			return nil
		})
	}
	if err := errors.Join(plays.Wait(), ctx.Err()); err != nil {
		return failed, err
	}
	log, err := readAudit(t.cluster.AuditLog())
	if err != nil {
		return failed, err
	}
	folder := filepath.Join(t.root, legalFolder, t.cluster.Version)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return failed, err
	}
	for _, s := range played {
		judgement, err := s.keep(log, folder)
		if err != nil {
			return failed, fmt.Errorf("%s: %w", s.scene.Name, err)
		}
		if t.tell(s, judgement) {
			code = max(code, found)
		}
	}
	t.say("%d of %d scenes were recorded", len(played), len(scenes))
	return code, nil
}

// tell prints what the judge says of a scene, and says whether that is anything.
func (t *theatre) tell(s *stage, j verdict.Judgement) (anything bool) {
	for _, list := range []struct {
		name     string
		findings []verdict.Finding
	}{{"broken", j.Broken}, {"unsure", j.Unsure}, {"blocked", j.Blocked}, {"told", j.Told}} {
		for _, f := range list.findings {
			t.say("%s: %s: %s  %s\n%s", s.scene.Name, list.name, f.Invariant, f.Says, f)
			anything = true
		}
	}
	return anything
}

// keep seals the history, judges it and puts it into a folder.
func (s *stage) keep(log *audit, folder string) (verdict.Judgement, error) {
	writes, err := log.of(s.namespace, s.ended)
	if err != nil {
		return verdict.Judgement{}, err
	}
	path, err := history.Seal(s.file.Name(), history.Sealing{Writes: writes, At: s.ended, Controller: s.led})
	if err != nil {
		return verdict.Judgement{}, err
	}
	judgement, err := judge.File(path)
	if err != nil {
		return judgement, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return judgement, err
	}
	return judgement, os.WriteFile(filepath.Join(folder, s.scene.Name+history.SealedExtension), text, 0o644)
}

// controller asks who leads as kube-controller-manager.
func (t *theatre) controller(ctx context.Context) (*history.Controller, error) {
	holder, transitions, err := t.cluster.Controller(ctx)
	if err != nil {
		return nil, err
	}
	return &history.Controller{Holder: holder, Transitions: transitions}, nil
}

// clearWithin is for a few requests to a busy API server.
const clearWithin = time.Minute
