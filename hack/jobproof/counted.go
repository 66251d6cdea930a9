package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jobproof/jobproof/fixtures/cluster"
	"github.com/jobproof/jobproof/reports/judge"
)

// countedFile holds what the controller manager counted before the specs and
// after them.
const countedFile = "metrics.json"

// counted is what the controller manager counted; nil where that cannot be had.
type counted struct {
	Before *cluster.Metrics `json:"before,omitempty"`
	After  *cluster.Metrics `json:"after,omitempty"`
}

// count asks the controller manager for its metrics; nil if they are not ours
// to have.
func count(ctx context.Context, c *cluster.Cluster) (*cluster.Metrics, error) {
	m, err := c.ControllerMetrics(ctx)
	if errors.Is(err, cluster.ErrNoMetrics) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &m, nil
}

// save writes the counts into a run's folder.
func (c counted) save(dir string) error {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, countedFile), append(text, '\n'), 0o644)
}

// readCounted reads the counts of a run's folder.
func readCounted(dir string) (c counted, err error) {
	path := filepath.Join(dir, countedFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// metrics are the counts as the judge wants them.
func metrics(m *cluster.Metrics) *judge.Metrics {
	if m == nil {
		return nil
	}
	event := func(name string) float64 {
		return m.Sum(cluster.TerminatedPodsTrackingFinalizer, map[string]string{"event": name})
	}
	counts := &judge.Metrics{
		Start: m.Start, Held: event("add"), Freed: event("delete"), Finished: map[judge.Outcome]float64{},
	}
	for _, s := range m.Samples {
		if s.Name == cluster.JobsFinished {
			counts.Finished[judge.Outcome{
				Mode: s.Labels["completion_mode"], Result: s.Labels["result"], Reason: s.Labels["reason"],
			}] += s.Value
		}
	}
	return counts
}
