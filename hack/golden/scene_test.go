package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/jobproof/jobproof/fixtures/images"
	"github.com/jobproof/jobproof/reports/history"
)

// repository is the root of the source tree, as a test sees it.
const repository = "../.."

// strict decodes manifests and refuses fields that there are not.
var strict = serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()

func scenes(t *testing.T) []*Scene {
	t.Helper()
	all, err := load(repository)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("there are no scenes")
	}
	return all
}

func TestManifestsOfScenesDecode(t *testing.T) {
	for _, scene := range scenes(t) {
		for i, step := range scene.Steps {
			for _, object := range step.Apply {
				made := &unstructured.Unstructured{Object: object}
				if step.Gated {
					if err := gate(made); err != nil {
						t.Errorf("%s: step %d: %v", scene.Name, i+1, err)
					}
				}
				text, err := made.MarshalJSON()
				if err == nil {
					_, _, err = strict.Decode(text, nil, nil)
				}
				if err != nil {
					t.Errorf("%s: step %d: %v", scene.Name, i+1, err)
				}
				if _, known := resources[made.GetKind()]; !known {
					t.Errorf("%s: step %d: a scene cannot make a %s", scene.Name, i+1, made.GetKind())
				}
			}
			if step.Await != nil {
				if _, err := step.Await.fields(); err != nil {
					t.Errorf("%s: step %d: %v", scene.Name, i+1, err)
				}
			}
		}
	}
}

// otherImage is an image that no cluster has.
var otherImage = regexp.MustCompile(`image: "?(busybox:[a-z0-9.-]+|[^b][^,} ]*)`)

func TestScenesRunImagesThatAreThere(t *testing.T) {
	for _, scene := range scenes(t) {
		text, err := os.ReadFile(filepath.Join(repository, scenesFolder, scene.Name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, image := range otherImage.FindAllStringSubmatch(string(text), -1) {
			if image[1] != images.Busybox && !strings.Contains(string(text), "imagePullPolicy: Never") {
				t.Errorf("%s: image %s would be pulled", scene.Name, image[1])
			}
		}
	}
}

func TestNamesOfPodsAreGivenBeforeTheyAreUsed(t *testing.T) {
	for _, scene := range scenes(t) {
		given := map[string]bool{}
		for i, step := range scene.Steps {
			for _, object := range step.Apply {
				if made := (&unstructured.Unstructured{Object: object}); made.GetKind() == history.Pods.Name {
					given[made.GetName()] = true
				}
			}
			for _, target := range targets(step) {
				if target.Pod != "" && !given[target.Pod] {
					t.Errorf("%s: step %d: no pod is called %q", scene.Name, i+1, target.Pod)
				}
			}
			if step.Await != nil && step.Await.Call != "" {
				given[step.Await.Call] = true
			}
		}
	}
}

func targets(step Step) (all []Target) {
	switch {
	case step.Await != nil:
		return []Target{step.Await.Target}
	case step.Release != nil:
		return []Target{step.Release.Target}
	case step.Patch != nil:
		return []Target{step.Patch.Target}
	case step.Delete != nil:
		return []Target{step.Delete.Target}
	case step.Evict != nil:
		return []Target{*step.Evict}
	}
	return nil
}

func TestEveryVersionHasEveryScene(t *testing.T) {
	versions, err := filepath.Glob(filepath.Join(repository, legalFolder, "v*"))
	if err != nil || len(versions) == 0 {
		t.Fatalf("no recorded histories: %v", err)
	}
	for _, scene := range scenes(t) {
		for _, version := range versions {
			path := filepath.Join(version, scene.Name+history.SealedExtension)
			file, err := os.Open(path)
			if err != nil {
				t.Errorf("record it: %v", err)
				continue
			}
			reader, err := history.NewReader(file)
			if err != nil {
				t.Errorf("%s: %v", path, err)
			} else if got := reader.Header().Spec; got != scene.Shows {
				t.Errorf("%s was recorded when the scene showed something else; record it again: %q", path, got)
			}
			file.Close()
		}
	}
}

func TestScenesThatAreNone(t *testing.T) {
	kubectl := Step{Kubectl: []string{"get"}}
	for name, scene := range map[string]Scene{
		"shows nothing":   {Steps: []Step{kubectl}},
		"does nothing":    {Shows: "x"},
		"an empty step":   {Shows: "x", Steps: []Step{{}}},
		"two in one":      {Shows: "x", Steps: []Step{{Kubectl: []string{"get"}, Evict: &Target{}}}},
		"an unknown kind": {Shows: "x", Steps: []Step{kubectl}, Kinds: []string{"Secret"}},
	} {
		if scene.check() == nil {
			t.Errorf("%s, and it was accepted", name)
		}
	}
	if whole := (Scene{Shows: "x", Steps: []Step{kubectl}, Kinds: []string{"Service"}}); whole.check() != nil {
		t.Errorf("refused: %v", whole.check())
	}
}

func TestGate(t *testing.T) {
	for _, kind := range []string{"Job", "CronJob"} {
		spec := map[string]any{"backoffLimit": int64(0), "template": map[string]any{"spec": map[string]any{
			"containers": []any{map[string]any{"name": "task"}},
		}}}
		if kind == "CronJob" {
			spec = map[string]any{"jobTemplate": map[string]any{"spec": spec}}
		}
		object := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "batch/v1", "kind": kind, "spec": spec}}
		if err := gate(object); err != nil {
			t.Fatal(err)
		}
		var job batchv1.JobSpec
		if kind == "Job" {
			made := new(batchv1.Job)
			if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, made); err != nil {
				t.Fatal(err)
			}
			job = made.Spec
		} else {
			made := new(batchv1.CronJob)
			if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, made); err != nil {
				t.Fatal(err)
			}
			job = made.Spec.JobTemplate.Spec
		}
		if c := job.Template.Spec.Containers[0]; c.Name != "task" || len(c.Command) == 0 || *job.BackoffLimit != 0 {
			t.Errorf("%s: %+v has no gate, or has lost something", kind, job)
		}
	}
}
