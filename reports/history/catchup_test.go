package history

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestCatchUpWaitsForWhatHasHappened(t *testing.T) {
	for name, test := range map[string]struct {
		now  answer // what there is when CatchUp asks
		late string // the frames that the watch is late with
	}{
		"nothing is late":   {now: podList(10, pod("a", 7, "Running"))},
		"an object is late": {podList(12, pod("a", 7, "Running"), pod("b", 12, "Pending")), event(Added, pod("b", 12, "Pending"))},
		"a change is late":  {podList(12, pod("a", 12, "Failed")), event(Modified, pod("a", 12, "Failed"))},
		"an end is late":    {podList(12), event(Deleted, pod("a", 12, "Running"))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			late := make(chan struct{})
			s := &server{
				lists:   []answer{podList(10, pod("a", 7, "Running")), test.now},
				watches: []func(*stream){func(w *stream) { <-late; w.send(test.late); w.hold() }},
			}
			r := record(t, s, io.Discard)
			done := make(chan error)
			go func() { done <- r.CatchUp(t.Context()) }()
			if test.late != "" {
				select {
				case err := <-done:
					t.Fatalf("it did not wait (%v)", err)
				case <-time.After(100 * time.Millisecond):
				}
			}
			close(late)
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}

// What came after the lists, and so is in none of them, is not waited for to go.
func TestCatchUpLeavesWhatIsNewer(t *testing.T) {
	s := &server{
		lists: []answer{podList(10), podList(11)},
		watches: []func(*stream){func(w *stream) {
			w.send(event(Added, pod("b", 12, "Pending")))
			w.hold()
		}},
	}
	r := record(t, s, io.Discard)
	await(t, r, "b Pending")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := r.CatchUp(ctx); err != nil {
		t.Error(err)
	}
}

func TestCatchUpFailsWithTheServer(t *testing.T) {
	s := &server{lists: []answer{podList(10), {http.StatusForbidden, "{}"}}}
	r := record(t, s, io.Discard)
	if err := r.CatchUp(t.Context()); err == nil || !strings.Contains(err.Error(), "catch up: list pods") {
		t.Errorf("error is %v", err)
	}
}
