package scenario

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/jobproof/jobproof/reports/history"
)

// counting is a history in which a Job's status.active counts up, one version each, while a node and another Job change.
func counting(t *testing.T) *history.History {
	t.Helper()
	var versions []history.Version
	for i := range 40 {
		job := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: "demo"}, Status: batchv1.JobStatus{Active: int32(i)}}
		other := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: "other"}, Status: batchv1.JobStatus{Active: int32(i)}}
		node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "n"}, Status: corev1.NodeStatus{
			Conditions: []corev1.NodeCondition{{Type: corev1.NodeReady, Reason: fmt.Sprint(i)}}}}
		rv := uint64(10 * (i + 1))
		versions = append(versions, version(t, rv, "Job", job), version(t, rv+1, "Job", other), version(t, rv+2, "Node", node))
	}
	return history.New(history.Header{Start: time.Unix(0, 0)}, versions, nil)
}

func whats(entries []history.Entry) []string {
	var whats []string
	for _, entry := range entries {
		whats = append(whats, entry.Name+" "+entry.What)
	}
	return whats
}

func TestHandfulAroundWhatIsCited(t *testing.T) {
	h := counting(t)
	message := "expected at most 4 pods, but 5 were active at +60.000s (rv 60), and once more (rv 70); (rv 1) and (rv x) are nothing"
	cited := citations(h, message)
	if len(cited) != 2 {
		t.Fatalf("cited are %v", cited)
	}
	if v, found := offender(h, h.Job("demo"), cited); !found || v.RV != 60 {
		t.Errorf("offender is version %d, %v", v.RV, found)
	}
	want := []string{"demo active 1", "demo active 1→2", "demo active 2→3", "demo active 3→4", "demo active 4→5",
		"demo active 5→6", "demo active 6→7", "demo active 7→8"}
	if got := whats(handful(h, h.Job("demo"), cited)); !slices.Equal(got, want) {
		t.Errorf("handful is %q, want %q", got, want)
	}
}

func TestHandfulWithoutACitation(t *testing.T) {
	h := counting(t)
	got := whats(handful(h, h.Job("demo"), nil))
	if len(got) != linesLast || got[linesLast-1] != "demo active 38→39" {
		t.Errorf("handful is %q", got)
	}
	got = whats(handful(h, h.Job("none"), nil))
	if len(got) != linesLast || got[linesLast-1] != "other active 38→39" || slices.ContainsFunc(got, func(what string) bool {
		return strings.HasPrefix(what, "n ")
	}) {
		t.Errorf("handful without a Job is %q", got)
	}
	if v, found := offender(h, h.Job("demo"), nil); !found || v.RV != 400 {
		t.Errorf("offender is version %d, %v", v.RV, found)
	}
	if _, found := offender(h, h.Job("none"), nil); found {
		t.Error("a Job that never was is shown")
	}
	if got := handful(history.New(history.Header{}, nil, nil), &history.Job{}, nil); len(got) != 0 {
		t.Errorf("handful of nothing is %q", got)
	}
}

func TestObjectIsPrintedWithoutManagedFields(t *testing.T) {
	v := history.Version{Object: []byte(`{"metadata":{"name":"a","managedFields":[{"manager":"kubelet"}]},"spec":{"x":"1"}}`)}
	if got, want := objectYAML(v), "metadata:\n  name: a\nspec:\n  x: \"1\""; got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
}

func TestSentence(t *testing.T) {
	if got := sentence("expected\n  <int>: 1\n\nto equal\t2"); got != "expected <int>: 1 to equal 2" {
		t.Errorf("sentence is %q", got)
	}
	if got := sentence(strings.Repeat("→", 1000)); len([]rune(got)) != 301 || !strings.HasSuffix(got, "…") {
		t.Errorf("a long one has %d runes", len([]rune(got)))
	}
}
