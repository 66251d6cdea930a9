package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/fixtures/engine"
	"github.com/jobproof/jobproof/fixtures/nodeimage"
	"github.com/jobproof/jobproof/reports/verdict"
)

// run is one run of e2e and its folder, out/<id>.
type run struct {
	*status
	id   string
	root string // of the source tree
	dir  string
	log  *os.File // what kind, Go and the engine print
}

// newRun makes the folder of a run, and out/latest, which points to it.
func newRun(s *status) (*run, error) {
	mod, err := exec.Command("go", "env", "GOMOD").Output()
	root := filepath.Dir(strings.TrimSpace(string(mod)))
	if err != nil || root == "." || root == string(filepath.Separator) {
		return nil, fmt.Errorf("run this inside jobproof's source tree")
	}
	random := make([]byte, 2)
	if _, err := rand.Read(random); err != nil {
		return nil, err
	}
	r := &run{status: s, root: root, id: s.start.Format("0102-150405-") + hex.EncodeToString(random)}
	r.dir = filepath.Join(root, "out", r.id)
	for _, folder := range []string{r.results(), filepath.Join(r.dir, "histories")} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return nil, err
		}
	}
	latest := filepath.Join(root, "out", "latest")
	os.Remove(latest)
	if err := os.Symlink(r.id, latest); err != nil {
		return nil, err
	}
	r.log, err = os.Create(filepath.Join(r.dir, "setup.log"))
	return r, err
}

func (r *run) close() { r.log.Close() }

// resultsFolder is where a run's folder holds the results of its specs.
const resultsFolder = "results"

func (r *run) results() string { return filepath.Join(r.dir, resultsFolder) }

// hold is the use of an engine that a run makes.
type hold struct {
	*engine.Engine
	r *run
}

// engine returns a container engine, and says which.
func (r *run) engine(ctx context.Context, o options) (*hold, error) {
	e, err := engine.Ensure(ctx, engine.Setup{Allowed: o.engineSetup, Say: r.say, Log: r.log})
	if err != nil {
		return nil, err
	}
	r.say("container engine: %s %s", e.Name, e.Version)
	return &hold{e, r}, nil
}

func (h *hold) release() error {
	stopped, err := h.Release(context.Background())
	if stopped {
		h.r.say("stopped the container engine")
	}
	return err
}

func (r *run) builder(o options, e *engine.Engine) *nodeimage.Builder {
	return &nodeimage.Builder{Root: r.root, Engine: e, MayInstall: o.engineSetup, Say: r.say, Log: r.log}
}

// environment is written beside the verdicts: what they were found on.
const environment = "environment.json"

// writeFacts keeps what the cluster says of itself.
func (r *run) writeFacts(ctx context.Context, c *cluster.Cluster) error {
	facts, err := c.Facts(ctx)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(facts, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.dir, environment), append(text, '\n'), 0o644)
}

func (r *run) readFacts() (facts map[string]string, err error) {
	text, err := os.ReadFile(filepath.Join(r.dir, environment))
	if errors.Is(err, os.ErrNotExist) {
		return map[string]string{}, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &facts)
	}
	return facts, err
}

// noCluster writes the report of a run that never got a cluster, and returns
// why.
func (r *run) noCluster(because error) error {
	if errors.Is(because, context.Canceled) {
		return because
	}
	return errors.Join(because, r.writeJUnit(verdict.NoCluster(because.Error()), time.Since(r.start)))
}
