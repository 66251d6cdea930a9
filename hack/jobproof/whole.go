package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/reports/history"
	"github.com/jobproof/jobproof/reports/judge"
	"github.com/jobproof/jobproof/reports/verdict"
	"github.com/jobproof/jobproof/suites/scenario"
)

// A stage of a run is recorded as a whole, and judged.
type stage struct {
	scenario.Stage
	// spec is the name under which it has its result, and file that of its history.
	spec, file string
	// counts says that what the controller manager counts can be compared with what was seen: it is one and the same.
	counts bool
}

// stages are the stages of a run, in their order.
var stages = []stage{
	{scenario.Together, "the run as a whole leaves nothing behind", "the-run-as-a-whole", true},
	{scenario.ControlPlane, "the run as a whole leaves nothing behind although its control plane failed", "the-run-without-control-plane", false},
}

const (
	wholeSection = "run"
	// goneWithin is how long the Jobs of the deleted namespaces, and the finalizers
	// of their pods, may take to be gone; the judge's own bound is shorter.
	goneWithin = 3 * time.Minute
)

// whole records the Jobs and pods of all scenarios while the specs run, and what
// becomes of them when their namespaces are deleted.
type whole struct {
	stage
	r         *run
	c         *cluster.Cluster
	recording *os.File
	recorder  *history.Recorder
	counted   counted
	started   time.Time
}

// recordWhole begins to record.
func (r *run) recordWhole(ctx context.Context, c *cluster.Cluster, of stage) (*whole, error) {
	config, err := c.RESTConfig()
	if err != nil {
		return nil, err
	}
	w := &whole{stage: of, r: r, c: c, started: time.Now()}
	if w.counts {
		if w.counted.Before, err = count(ctx, c); err != nil {
			return nil, err
		}
	}
	if w.recording, err = os.Create(filepath.Join(r.dir, history.Folder, w.file+history.Extension)); err != nil {
		return nil, err
	}
	order := history.ByArrival
	if c.Ordered {
		order = history.ByRV
	}
	w.recorder, err = history.Record(ctx, config, history.Scope{
		Run: r.id, Spec: w.spec, Cluster: c.Name, Kubernetes: c.Version, Order: order, Controller: controller(ctx, c),
		Kinds: []history.Kind{history.Jobs, history.Pods, history.Nodes},
		Keep: func(v history.Version) bool {
			return v.Namespace == "" || strings.HasPrefix(v.Namespace, cluster.NamespacePrefix)
		},
	}, w.recording)
	if err != nil {
		w.recording.Close()
		return nil, err
	}
	return w, nil
}

// conclude waits until the scenarios' Jobs are gone and their pods are released,
// judges what was recorded and writes the result beside those of the specs.
func (w *whole) conclude(ctx context.Context) error {
	defer w.recording.Close()
	waiting, cancel := context.WithTimeout(ctx, goneWithin)
	defer cancel()
	w.r.say("waiting for the namespaces of the specs to be cleared …")
	// What is not gone by then is for the judge to say.
	_ = w.recorder.Await(waiting, cleared)
	if ctx.Err() != nil {
		return errors.Join(ctx.Err(), w.recorder.Stop())
	}
	result := verdict.Result{Spec: w.spec, Section: wholeSection, File: "hack/jobproof/whole.go", Started: w.started}
	judgement, took, err := w.judge(ctx)
	if err != nil {
		result.Failure = fmt.Sprintf("the run as a whole cannot be judged: %v", err)
	} else {
		result.Judgement, result.History, result.Judging = judgement, judgement.History, took.Seconds()
		for _, f := range judgement.Broken {
			result.Failure += fmt.Sprintf("%s  %s\n  %s\n", f.Invariant, f.Says, f)
		}
	}
	result.Seconds = time.Since(w.started).Seconds()
	return verdict.Write(w.r.results(), result)
}

// cleared says that there is no Job any more and no pod that is still tracked
// for one.
func cleared(live *history.Live) bool {
	if len(live.Jobs()) > 0 {
		return false
	}
	for _, pod := range live.Pods() {
		if slices.Contains(pod.Finalizers, batchv1.JobTrackingFinalizer) {
			return false
		}
	}
	return true
}

// judge ends the recording and judges it.
func (w *whole) judge(ctx context.Context) (*verdict.Judgement, time.Duration, error) {
	at := time.Now().UTC()
	trouble := w.recorder.Trouble()
	if err := errors.Join(w.recorder.Stop(), trouble); err != nil {
		return nil, 0, err
	}
	if w.counts {
		var err error
		if w.counted.After, err = count(ctx, w.c); err != nil {
			return nil, 0, err
		}
		if err := w.counted.save(w.r.dir); err != nil {
			return nil, 0, err
		}
	}
	path, err := history.Seal(w.recording.Name(), history.Sealing{At: at, Controller: controller(ctx, w.c)})
	if err != nil {
		return nil, 0, err
	}
	name, err := filepath.Rel(w.r.dir, path)
	if err != nil {
		return nil, 0, err
	}
	return judgeFile(w.r.dir, name)
}

// stageOf finds the stage whose history has that name; there is none for the history of a spec.
func stageOf(name string) (stage, bool) {
	i := slices.IndexFunc(stages, func(s stage) bool { return filepath.Base(name) == s.file+history.SealedExtension })
	if i < 0 {
		return stage{}, false
	}
	return stages[i], true
}

// judgeFile judges a history of a run's folder: that of a spec, or that of the
// run as a whole. It returns how long the judge took.
func judgeFile(dir, name string) (*verdict.Judgement, time.Duration, error) {
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, 0, err
	}
	var judgement verdict.Judgement
	started := time.Now()
	if of, is := stageOf(name); is {
		var c counted
		if of.counts {
			if c, err = readCounted(dir); err != nil {
				return nil, 0, err
			}
		}
		judgement, err = judge.Whole(bytes.NewReader(text), metrics(c.Before), metrics(c.After))
	} else {
		judgement, err = judge.Read(bytes.NewReader(text))
	}
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", filepath.Join(dir, name), err)
	}
	took := time.Since(started)
	sum := sha256.Sum256(text)
	judgement.History, judgement.SHA256 = name, hex.EncodeToString(sum[:])
	return &judgement, took, nil
}

// controller asks who leads as kube-controller-manager; nil if that is not ours
// to know.
func controller(ctx context.Context, c *cluster.Cluster) *history.Controller {
	holder, transitions, err := c.Controller(ctx)
	if err != nil {
		return nil
	}
	return &history.Controller{Holder: holder, Transitions: transitions}
}
