package scenario

import (
	"reflect"
	"testing"

	"github.com/onsi/ginkgo/v2/types"
	batchv1 "k8s.io/api/batch/v1"
	"sigs.k8s.io/e2e-framework/klient/k8s"

	"github.com/jobproof/jobproof/reports/verdict"
)

func TestPlanHoldsWhatWouldRun(t *testing.T) {
	pending := spec(types.SpecStatePending, "J-104")
	pending.LeafNodeText = "is pending"
	preview := types.Report{SpecReports: types.SpecReports{
		{LeafNodeType: types.NodeTypeBeforeSuite, State: types.SpecStatePassed},
		spec(types.SpecStatePassed, "J-102", "J-104"),
		spec(types.SpecStateSkipped, "J-102"), // by a filter
		pending,
		spec(types.SpecStatePassed),
	}}
	want := []verdict.Planned{
		{Spec: "demo-suspend is suspended", Section: "suspension", Claims: []string{"J-102", "J-104"}, Stage: "together"},
		{Spec: "demo-suspend is pending", Section: "suspension", Claims: []string{"J-104"}, Stage: "together"},
		{Spec: "demo-suspend is suspended", Section: "suspension", Claims: []string{}, Stage: "together"},
	}
	if got := specs(preview); !reflect.DeepEqual(got, want) {
		t.Errorf("plan is %+v, want %+v", got, want)
	}
}

func TestResultOfASpecThatNeverBegan(t *testing.T) {
	for name, test := range map[string]struct {
		state types.SpecState
		want  verdict.Verdict
	}{
		"pending":     {types.SpecStatePending, verdict.NotExercised},
		"skipped":     {types.SpecStateSkipped, verdict.NotExercised},
		"failed":      {types.SpecStateFailed, verdict.Inconclusive},
		"panicked":    {types.SpecStatePanicked, verdict.Inconclusive},
		"timed out":   {types.SpecStateTimedout, verdict.Inconclusive},
		"interrupted": {types.SpecStateInterrupted, verdict.Inconclusive},
	} {
		t.Run(name, func(t *testing.T) {
			r := result(spec(test.state, "J-102"), nil)
			if r.Verdict() != test.want || r.Claims[0].Because == "" {
				t.Errorf("result is %+v", r)
			}
		})
	}
}

func TestPlaceInTheRepository(t *testing.T) {
	for file, want := range map[string]string{
		"/home/me/jobproof/suites/indexed/names.go":            "suites/indexed/names.go",
		"github.com/jobproof/jobproof/suites/indexed/names.go": "suites/indexed/names.go",
		"/home/suites/jobproof/suites/indexed/names.go":        "suites/indexed/names.go",
		"elsewhere/names.go":                                   "elsewhere/names.go",
	} {
		report := types.SpecReport{LeafNodeLocation: types.CodeLocation{FileName: file}}
		if got := place(report); got != want {
			t.Errorf("%s is at %s, want %s", file, got, want)
		}
	}
}

func TestDecodeEditsEveryObject(t *testing.T) {
	manifest := []byte("apiVersion: batch/v1\nkind: Job\nmetadata: {name: demo}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: demo}\n")
	edited := 0
	objects, err := decode(t.Context(), manifest, "jp-test", []Edit{
		func(k8s.Object) { edited++ },
		func(object k8s.Object) {
			if job, is := object.(*batchv1.Job); is {
				job.Labels = map[string]string{"edited": "yes"}
			}
		},
	})
	if err != nil || len(objects) != 2 || edited != 2 {
		t.Fatalf("%d objects, %d edits, %v", len(objects), edited, err)
	}
	for _, object := range objects {
		if object.GetNamespace() != "jp-test" {
			t.Errorf("%T is in namespace %q", object, object.GetNamespace())
		}
	}
	if objects[0].GetLabels()["edited"] != "yes" {
		t.Error("the Job was not edited")
	}
	for name, text := range map[string]string{"nothing": "", "only comments": "# nothing\n", "garbage": "kind: [", "no kind": "a: 1\n"} {
		if _, err := decode(t.Context(), []byte(text), "jp-test", nil); err == nil {
			t.Errorf("%s decodes", name)
		}
	}
}
