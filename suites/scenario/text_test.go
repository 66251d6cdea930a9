package scenario

import (
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"

	"github.com/jobproof/jobproof/fixtures/jobs"
)

func TestEditedKeepsEveryObjectAndItsKind(t *testing.T) {
	manifest, err := jobs.Read("job.comm-demo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	rename := jobs.With(func(job *batchv1.Job) { job.Name = "renamed" })
	text, err := edited(t.Context(), manifest, "jp-1", []Edit{rename})
	if err != nil {
		t.Fatal(err)
	}
	documents := strings.Split(string(text), "---\n")
	if len(documents) != 2 {
		t.Fatalf("there are %d documents:\n%s", len(documents), text)
	}
	for i, want := range []string{"kind: Service", "kind: Job"} {
		if !strings.Contains(documents[i], want) || !strings.Contains(documents[i], "namespace: jp-1") {
			t.Errorf("document %d is\n%s", i, documents[i])
		}
	}
	if !strings.Contains(documents[1], "name: renamed") {
		t.Errorf("the Job was not edited:\n%s", documents[1])
	}
	if _, err := edited(t.Context(), []byte("kind: ["), "jp-1", nil); err == nil {
		t.Error("what is no YAML was edited")
	}
}
