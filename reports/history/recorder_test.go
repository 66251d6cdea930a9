package history

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

// file is a writer that can be read while it is written.
type file struct {
	mu   sync.Mutex
	data bytes.Buffer
}

func (f *file) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.data.Write(p)
}

func (f *file) text() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.data.String()
}

// record records pods from s until the test ends.
func record(t *testing.T, s *server, w io.Writer) *Recorder {
	t.Helper()
	r, err := Record(t.Context(), s.start(t), Scope{Cluster: "kind", Namespace: "jp-test", Kinds: []Kind{Pods}}, w)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Stop() })
	return r
}

// await waits until the names of the pods that exist, with their phases, are as wanted.
func await(t *testing.T, r *Recorder, want ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := r.Await(ctx, func(live *Live) bool { return slices.Equal(phases(live), want) }); err != nil {
		t.Fatalf("waiting for %v: %v; there is %v; trouble: %v", want, err, phases(r.Live()), r.Trouble())
	}
}

func phases(live *Live) []string {
	var phases []string
	for _, pod := range live.Pods() {
		phases = append(phases, pod.Name+" "+string(pod.Status.Phase))
	}
	return phases
}

// arrivals lists the versions of a file in the order in which they arrived.
func arrivals(t *testing.T, text string) []string {
	t.Helper()
	var all []string
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		var p parsed
		if i == 0 {
			continue
		}
		if err := p.parse([]byte(line + "\n")); err != nil {
			t.Fatalf("%v\n%s", err, line)
		}
		if p.gap == nil {
			v := p.view()
			all = append(all, v.Type+" "+v.Name+" "+string(v.Pod().Status.Phase))
		}
	}
	return all
}

func TestRecordWritesEveryVersionAsItCame(t *testing.T) {
	s := &server{
		lists: []answer{podList(10, pod("a", 7, "Running"))},
		watches: []func(*stream){func(w *stream) {
			w.send(event(Added, pod("b", 11, "Pending")) + event(Modified, pod("b", 12, "Running")))
			w.send(event(Deleted, pod("a", 13, "Running")))
			w.hold()
		}},
	}
	var f file
	r := record(t, s, &f)
	await(t, r, "b Running")
	if err := r.Stop(); err != nil {
		t.Fatal(err)
	}
	want := []string{"LISTED a Running", "ADDED b Pending", "MODIFIED b Running", "DELETED a Running"}
	if got := arrivals(t, f.text()); !slices.Equal(got, want) {
		t.Errorf("recorded %v, want %v", got, want)
	}
	h, err := ReadAll(strings.NewReader(f.text()))
	if err != nil {
		t.Fatal(err)
	}
	if h.Cluster != "kind" || h.Namespace != "jp-test" || h.Start.IsZero() {
		t.Errorf("header is %+v", h.Header)
	}
	if got := string(h.Versions()[2].Object); got != pod("b", 12, "Running") {
		t.Errorf("the object was changed on its way: %s", got)
	}
	if size, err := r.Flush(); err != nil || size != int64(len(f.text())) {
		t.Errorf("Flush says %d of %d bytes, %v", size, len(f.text()), err)
	}
	if got := s.watched[0].Get("allowWatchBookmarks"); got != "true" {
		t.Errorf("allowWatchBookmarks is %q", got)
	}
}

// A watch that ends in any way is taken up again where it was: nothing twice, nothing missed, no gap.
func TestDroppedWatchResumes(t *testing.T) {
	second := event(Added, pod("b", 12, "Pending"))
	for name, test := range map[string]struct {
		drop func(*stream)
		from string
	}{
		"ended by the server":          {func(*stream) {}, "11"},
		"connection broken":            {(*stream).abort, "11"},
		"frame cut by the server":      {func(w *stream) { w.send(second[:len(second)/2]) }, "11"},
		"frame cut by the connection":  {func(w *stream) { w.send(second[:len(second)/2]); w.abort() }, "11"},
		"whole frame without its end":  {func(w *stream) { w.send(strings.TrimSuffix(second, "\n")) }, "11"},
		"garbage":                      {func(w *stream) { w.send("<html>\n"); w.hold() }, "11"},
		"an empty line":                {func(w *stream) { w.send("\n"); w.hold() }, "11"},
		"a frame of an unknown type":   {func(w *stream) { w.send(event("RENAMED", pod("b", 12, ""))); w.hold() }, "11"},
		"an object without metadata":   {func(w *stream) { w.send(event(Added, "{}")); w.hold() }, "11"},
		"an object that is a number":   {func(w *stream) { w.send(event(Added, "7")); w.hold() }, "11"},
		"an error other than 410":      {func(w *stream) { w.send(event("ERROR", `{"code":500}`)); w.hold() }, "11"},
		"a bookmark, then the end":     {func(w *stream) { w.send(bookmark(20)) }, "20"},
		"a bookmark without a version": {func(w *stream) { w.send(event("BOOKMARK", "{}")); w.hold() }, "11"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &server{
				lists: []answer{podList(10)},
				watches: []func(*stream){
					func(w *stream) { w.send(event(Added, pod("a", 11, "Pending"))); test.drop(w) },
					func(w *stream) { w.send(event(Added, pod("c", 21, "Pending"))); w.hold() },
				},
			}
			var f file
			r := record(t, s, &f)
			await(t, r, "a Pending", "c Pending")
			if got, want := s.from(), []string{"10", test.from}; !slices.Equal(got, want) {
				t.Errorf("watched from %v, want %v", got, want)
			}
			if _, err := r.Flush(); err != nil {
				t.Error(err)
			}
			if got := arrivals(t, f.text()); len(got) != 2 {
				t.Errorf("recorded %v", got)
			}
			if len(r.Gaps()) != 0 || r.Trouble() != nil {
				t.Errorf("gaps %v, trouble %v", r.Gaps(), r.Trouble())
			}
		})
	}
}

// A watch that is too far behind is replaced by a list; what cannot be known is said in the file.
func TestExpiredWatchLeavesAGap(t *testing.T) {
	for name, expire := range map[string]func(*stream){
		"in a frame":    func(w *stream) { w.send(event("ERROR", gone)); w.hold() },
		"at the start":  func(w *stream) { w.w.WriteHeader(http.StatusGone); w.send(gone) },
		"without a why": func(w *stream) { w.send(event("ERROR", `{"code":410}`)); w.hold() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &server{
				lists: []answer{
					podList(10, pod("same", 3, "Running"), pod("changed", 4, "Pending"), pod("lost", 5, "Running")),
					podList(99, pod("same", 3, "Running"), pod("changed", 50, "Running"), pod("new", 60, "Pending")),
				},
				watches: []func(*stream){expire, func(w *stream) { w.send(event(Modified, pod("new", 100, "Running"))); w.hold() }},
			}
			var f file
			r := record(t, s, &f)
			await(t, r, "changed Running", "new Running", "same Running")
			if _, err := r.Flush(); err != nil {
				t.Error(err)
			}
			h, err := ReadAll(strings.NewReader(f.text()))
			if err != nil {
				t.Fatal(err)
			}
			if len(h.Gaps) != 1 || len(r.Gaps()) != 1 {
				t.Fatalf("gaps in the file %v, of the recorder %v", h.Gaps, r.Gaps())
			}
			gap := h.Gaps[0]
			if gap.Kind != "Pod" || gap.From != 10 || gap.To != 99 || !slices.Equal(gap.Lost, []string{"jp-test/lost"}) {
				t.Errorf("gap is %+v", gap)
			}
			want := []string{"LISTED same Running", "LISTED changed Pending", "LISTED lost Running",
				"LISTED changed Running", "LISTED new Pending", "MODIFIED new Running"}
			if got := arrivals(t, f.text()); !slices.Equal(got, want) {
				t.Errorf("recorded %v, want %v", got, want)
			}
			if got, want := s.from(), []string{"10", "99"}; !slices.Equal(got, want) {
				t.Errorf("watched from %v, want %v", got, want)
			}
			if r.Trouble() == nil {
				t.Error("a gap is no trouble")
			}
		})
	}
}

func TestRecordingOutlivesTheContextOfItsStart(t *testing.T) {
	start := make(chan struct{})
	s := &server{lists: []answer{podList(10)}, watches: []func(*stream){func(w *stream) {
		<-start
		w.send(event(Added, pod("a", 11, "Pending")))
		w.hold()
	}}}
	ctx, cancel := context.WithCancel(t.Context())
	r, err := Record(ctx, s.start(t), Scope{Namespace: "jp-test", Kinds: []Kind{Pods}}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Stop() })
	cancel()
	close(start)
	await(t, r, "a Pending")
}

func TestRecordFailsAtTheStart(t *testing.T) {
	for name, test := range map[string]struct {
		answer answer
		says   string
	}{
		"refused":              {answer{http.StatusForbidden, `{"kind":"Status","code":403,"message":"no"}`}, "list pods"},
		"no JSON":              {answer{body: "<html>"}, "no JSON object"},
		"no resource version":  {answer{body: `{"metadata":{},"items":[]}`}, "resource version"},
		"an item without name": {answer{body: `{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"resourceVersion":"1"}}]}`}, "without name"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &server{lists: []answer{test.answer}}
			_, err := Record(t.Context(), s.start(t), Scope{Namespace: "jp-test", Kinds: []Kind{Pods}}, io.Discard)
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error is %v, want one that says %q", err, test.says)
			}
		})
	}
}

// full is a disk that has room for one write.
type full struct{ writes int }

func (f *full) Write(p []byte) (int, error) {
	if f.writes++; f.writes > 1 {
		return 0, errors.New("no space left on device")
	}
	return len(p), nil
}

func TestFullDiskEndsTheRecording(t *testing.T) {
	s := &server{lists: []answer{podList(10)}, watches: []func(*stream){func(w *stream) {
		w.send(event(Added, pod("a", 11, "Pending")))
		w.hold()
	}}}
	r := record(t, s, &full{})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err := r.Await(ctx, func(*Live) bool { return false })
	for name, err := range map[string]error{"Await": err, "Trouble": r.Trouble(), "Stop": r.Stop()} {
		if err == nil || !strings.Contains(err.Error(), "no space left") {
			t.Errorf("%s says %v", name, err)
		}
	}
}

func TestTroubleNamesAWatchThatIsDown(t *testing.T) {
	refuse := func(w *stream) { w.w.WriteHeader(http.StatusForbidden) }
	again := make(chan struct{}) // a second attempt says that the first is known to have failed
	s := &server{lists: []answer{podList(10)}, watches: []func(*stream){refuse, func(w *stream) {
		close(again)
		w.hold()
	}}}
	r := record(t, s, io.Discard)
	<-again
	if err := r.Trouble(); err == nil || !strings.Contains(err.Error(), "the watch of Pod is down") {
		t.Errorf("trouble is %v", err)
	}
}

func TestLiveIsASnapshot(t *testing.T) {
	s := &server{lists: []answer{podList(10, pod("a", 3, "Pending"))}}
	r := record(t, s, io.Discard)
	before := r.Live()
	r.commit(Version{Type: Deleted, Kind: "Pod", Name: "a", UID: "uid-a", RV: 11, Object: []byte(pod("a", 11, "Pending"))})
	if _, there := before.Latest("uid-a"); !there {
		t.Error("a snapshot changed")
	}
	if _, there := r.Live().Latest("uid-a"); there {
		t.Error("a deleted pod is still there")
	}
	var _ *corev1.Pod = before.Pods()[0]
}
