package history

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// elsewhere is a pod of another namespace.
func elsewhere(name string, rv int, phase string) string {
	return strings.ReplaceAll(pod(name, rv, phase), "jp-test", "other")
}

// A recorder of all namespaces that keeps those of one: what it drops is in neither file nor Live, but it counts for how
// far the watch has come.
func TestRecordOfAllNamespacesKeepsWhatIsAskedFor(t *testing.T) {
	expire := make(chan struct{})
	s := &server{
		lists: []answer{
			podList(10, pod("a", 7, "Running"), elsewhere("x", 9, "Running")),
			podList(15, pod("b", 11, "Pending"), elsewhere("x", 14, "Failed"), elsewhere("y", 15, "Pending")),  // CatchUp
			podList(99, pod("b", 50, "Running"), elsewhere("y", 15, "Pending"), elsewhere("z", 60, "Pending")), // after the gap
		},
		watches: []func(*stream){
			func(w *stream) {
				w.send(event(Added, pod("b", 11, "Pending")) + event(Modified, elsewhere("x", 12, "Running")))
				w.send(event(Deleted, pod("a", 13, "Running")) + event(Modified, elsewhere("x", 14, "Failed")))
				w.send(event(Added, elsewhere("y", 15, "Pending")))
				select {
				case <-expire:
					w.send(event("ERROR", gone))
				case <-w.request.Context().Done():
				}
			},
			func(w *stream) { w.send(event(Deleted, elsewhere("z", 100, ""))); w.hold() },
		},
	}
	var f file
	scope := Scope{Kinds: []Kind{Pods}, Keep: func(v Version) bool { return v.Namespace == "jp-test" }}
	r, err := Record(t.Context(), s.start(t), scope, &f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Stop() })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := r.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	if got := phases(r.Live()); !slices.Equal(got, []string{"b Pending"}) {
		t.Errorf("there is %v", got)
	}
	if got := r.Live().Reached(Pods); got != 15 {
		t.Errorf("reached %d, want 15: what is not kept counts too", got)
	}
	close(expire)
	if err := r.Await(ctx, func(live *Live) bool { return live.Reached(Pods) == 100 }); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Flush(); err != nil {
		t.Fatal(err)
	}
	want := []string{"LISTED a Running", "ADDED b Pending", "DELETED a Running", "LISTED b Running"}
	if got := arrivals(t, f.text()); !slices.Equal(got, want) {
		t.Errorf("recorded %v, want %v", got, want)
	}
	if gaps := r.Gaps(); len(gaps) != 1 || len(gaps[0].Lost) != 0 {
		t.Errorf("gaps are %+v", gaps)
	}
	if path := s.paths[0]; path != "/api/v1/pods" {
		t.Errorf("all namespaces were listed at %s", path)
	}
}

// From the API server's bytes to the questions that a spec asks: recorded, sealed, read.
func TestRecordSealOpen(t *testing.T) {
	s := &server{
		lists: []answer{podList(10, pod("b", 9, "Running"), pod("a", 7, "Running"))},
		watches: []func(*stream){func(w *stream) {
			w.send(event(Added, pod("c", 11, "Pending")) + event(Modified, pod("c", 12, "Running")) + event(Deleted, pod("a", 13, "Running")))
			w.hold()
		}},
	}
	path := filepath.Join(t.TempDir(), "demo.jsonl")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	scope := Scope{
		Run: "r1", Spec: "Jobs run pods", Cluster: "kind", Kubernetes: "v1.37.0", Namespace: "jp-test", Order: ByRV, Audited: true,
		Controller: &Controller{Holder: "cp_1", Transitions: 2}, Kinds: []Kind{Pods},
	}
	r, err := Record(t.Context(), s.start(t), scope, out)
	if err != nil {
		t.Fatal(err)
	}
	await(t, r, "b Running", "c Running")
	if err := r.Stop(); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	created := Write{At: start.Add(-time.Hour), Verb: "create", Resource: "pods", Namespace: "jp-test", Name: "c", Code: 201}
	sealedPath, err := Seal(path, Sealing{Writes: []Write{created}, At: start, Controller: &Controller{Holder: "cp_2", Transitions: 3}})
	if err != nil {
		t.Fatal(err)
	}
	h, err := Open(sealedPath)
	if err != nil {
		t.Fatal(err)
	}
	header := h.Header
	if header.Start.IsZero() || header.Controller == nil || *header.Controller != *scope.Controller {
		t.Errorf("the header is %+v", header)
	}
	header.Start, header.Controller = time.Time{}, nil
	wantHeader := Header{
		Format: 2, Run: "r1", Spec: "Jobs run pods", Cluster: "kind", Namespace: "jp-test", Kubernetes: "v1.37.0",
		Order: ByRV, Audited: true, Origin: Recorded,
	}
	if header != wantHeader {
		t.Errorf("the header is %+v, want %+v", header, wantHeader)
	}
	var got []string
	for _, v := range h.Versions() {
		got = append(got, v.Type+" "+string(v.Object))
	}
	want := []string{"LISTED " + pod("a", 7, "Running"), "LISTED " + pod("b", 9, "Running"), "ADDED " + pod("c", 11, "Pending"),
		"MODIFIED " + pod("c", 12, "Running"), "DELETED " + pod("a", 13, "Running")}
	if !slices.Equal(got, want) {
		t.Errorf("read\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(h.Writes) != 1 || h.Writes[0].Name != "c" || !h.End.At.Equal(start) || h.End.Controller.Transitions != 3 {
		t.Errorf("writes %+v, end %+v", h.Writes, h.End)
	}
}

// Nothing is recorded of what is in a gap, so who waits for a change in it must not wait for ever.
func TestAGapIsPassedWithItsList(t *testing.T) {
	r := newRecorder(nil, "jp-test", io.Discard)
	r.note(Gap{Kind: Pods.Name, From: 10, To: 99}, list{rv: 99})
	if got := r.Live().Reached(Pods); got != 99 {
		t.Errorf("reached %d, want 99", got)
	}
}

// Nothing is known of the cluster's etcd unless it is said.
func TestScopeOrdersByArrivalUnlessTold(t *testing.T) {
	if order := (Scope{}).header(time.Now()).Order; order != ByArrival {
		t.Errorf("the order is %q", order)
	}
}

func TestCronJobsAreAKind(t *testing.T) {
	if got := CronJobs.path("jp-test"); got != "/apis/batch/v1/namespaces/jp-test/cronjobs" {
		t.Errorf("CronJobs are at %s", got)
	}
	v := Version{Kind: "CronJob", Object: []byte(`{"metadata":{"name":"a"},"spec":{"schedule":"* * * * *"}}`)}
	if v.CronJob() == nil || v.CronJob().Spec.Schedule != "* * * * *" || v.Job() != nil {
		t.Errorf("read %+v", v.CronJob())
	}
}
