package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"

	"github.com/jobproof/jobproof/reports/history"
)

// scenesFolder and legalFolder are where scenes are and where their histories go, by the Kubernetes version.
const (
	scenesFolder = "reports/judge/testdata/scenes"
	legalFolder  = "reports/judge/testdata/legal"
)

// Scene is a file of testdata/scenes: what is done in a namespace of its own, one step after the other.
type Scene struct {
	// Name is that of the file, without its extension.
	Name string `json:"-"`
	// Shows says what happens; the history's header has it.
	Shows string `json:"shows"`
	// Mistakable says what in it could be mistaken for a breach, and why it is none. It may be empty.
	Mistakable string `json:"mistakable"`
	// Kinds are recorded besides Jobs, pods, Events and nodes.
	Kinds []string `json:"kinds"`
	Steps []Step   `json:"steps"`
	// After is kubectl's arguments, once for each call, that take back what the scene did outside of its namespace. They
	// are run in any case.
	After [][]string `json:"after"`
}

// Step is one thing that is done or waited for: exactly one of its fields is set, Gated and Refused aside.
type Step struct {
	// Apply is an object, or a list of objects, to create. Gated makes the containers of Jobs wait for Release.
	Apply Objects `json:"apply"`
	Gated bool    `json:"gated"`
	// Await waits for a state that the recorder sees.
	Await *Await `json:"await"`
	// Release ends the task of a pod that is gated.
	Release *Release `json:"release"`
	Patch   *Patch   `json:"patch"`
	Delete  *Delete  `json:"delete"`
	// Evict asks the Eviction API for a pod.
	Evict *Target `json:"evict"`
	// Kubectl is run in the namespace.
	Kubectl []string `json:"kubectl"`
	// Refused says that the API server must refuse the step.
	Refused bool `json:"refused"`
}

// Target is an object that there is.
type Target struct {
	// Job is the name of a Job; * stands for anything.
	Job string `json:"job"`
	// Pod is what an Await has called a pod, or a pod's name.
	Pod string `json:"pod"`
	// PodOf is the name of the Job that controls the pod; Index narrows the choice to those of a completion index. Nth is
	// which of those that fit, by age, from 1, or backwards from -1; 1 if it is 0.
	PodOf string `json:"podOf"`
	Index *int   `json:"index"`
	Nth   int    `json:"nth"`
}

// Await is a state that is waited for: that there is an object with these fields, that it is gone, or an Event.
type Await struct {
	Target
	// When are fields and their values, as paths of package tree: {"status.conditions[Failed].status": "True"}. A null
	// stands for a field that is not there.
	When map[string]any `json:"when"`
	// Condition is a condition of a Job that must be True.
	Condition string `json:"condition"`
	// Gone says that there must be no such object.
	Gone bool `json:"gone"`
	// Call gives a name to the pod that was found.
	Call string `json:"call"`
	// Event is the reason of an Event about any object.
	Event string `json:"event"`
}

// Release ends the task of a gated pod with an exit code.
type Release struct {
	Target
	Code int `json:"code"`
}

// Patch merges a patch into a Job, a pod, or another object of the namespace. $(now) in it is the time.
type Patch struct {
	Target
	Kind        string          `json:"kind"`
	Name        string          `json:"name"`
	With        json.RawMessage `json:"with"`
	Subresource string          `json:"subresource"`
}

// Delete deletes a Job, a pod, another object, or the namespace itself.
type Delete struct {
	Target
	Kind      string `json:"kind"`
	Name      string `json:"name"`
	Namespace bool   `json:"namespace"`
	// Grace is in seconds; the pod's own if it is nil.
	Grace *int64 `json:"grace"`
	// Propagation is Background, Foreground or Orphan; Background if empty.
	Propagation string `json:"propagation"`
}

// Objects is one object or a list of them.
type Objects []map[string]any

// UnmarshalJSON reads a list of objects, or one.
func (o *Objects) UnmarshalJSON(text []byte) error {
	var list []json.RawMessage
	if text[0] != '[' {
		list = []json.RawMessage{text}
	} else if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	*o = make(Objects, len(list))
	for i := range list {
		// Unlike encoding/json it keeps whole numbers whole, as unstructured objects must have them.
		if err := utiljson.Unmarshal(list[i], &(*o)[i]); err != nil {
			return err
		}
	}
	return nil
}

// load reads all scenes of a source tree, by name.
func load(root string) ([]*Scene, error) {
	paths, err := filepath.Glob(filepath.Join(root, scenesFolder, "*.yaml"))
	if err != nil {
		return nil, err
	}
	var scenes []*Scene
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		scene := &Scene{Name: strings.TrimSuffix(filepath.Base(path), ".yaml")}
		if err := yaml.UnmarshalStrict(text, scene); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if err := scene.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		scenes = append(scenes, scene)
	}
	return scenes, nil
}

// check refuses a scene that says too little or too much.
func (s *Scene) check() error {
	if s.Shows == "" || len(s.Steps) == 0 {
		return errors.New("a scene needs shows and steps")
	}
	if _, err := s.recorded(); err != nil {
		return err
	}
	for i, step := range s.Steps {
		set := 0
		for _, is := range []bool{
			step.Apply != nil, step.Await != nil, step.Release != nil, step.Patch != nil, step.Delete != nil,
			step.Evict != nil, step.Kubectl != nil,
		} {
			if is {
				set++
			}
		}
		if set != 1 {
			return fmt.Errorf("step %d does %d things, and a step does one", i+1, set)
		}
	}
	return nil
}

// recorded returns the kinds that the scene records.
func (s *Scene) recorded() ([]history.Kind, error) {
	kinds := history.Default
	for _, name := range s.Kinds {
		kind, known := also[name]
		if !known {
			return nil, fmt.Errorf("kind %q is not recorded", name)
		}
		kinds = append(kinds[:len(kinds):len(kinds)], kind)
	}
	return kinds, nil
}

// also are the kinds that a scene may record besides the usual ones.
var also = map[string]history.Kind{
	history.CronJobs.Name:       history.CronJobs,
	history.Services.Name:       history.Services,
	history.EndpointSlices.Name: history.EndpointSlices,
}
