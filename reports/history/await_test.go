package history

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"
)

func TestAwaitSeesAStateThatLastedOneVersion(t *testing.T) {
	start := make(chan struct{})
	s := &server{
		lists: []answer{podList(10)},
		watches: []func(*stream){func(w *stream) {
			<-start
			w.send(event(Added, pod("a", 11, "Pending")) + event(Modified, pod("a", 12, "Running")) +
				event(Deleted, pod("a", 13, "Running")))
			w.hold()
		}},
	}
	r := record(t, s, io.Discard)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	asked := 0
	err := r.Await(ctx, func(live *Live) bool {
		if asked++; asked == 1 {
			close(start)
		}
		return slices.Equal(phases(live), []string{"a Running"})
	})
	if err != nil {
		t.Fatal(err)
	}
	if asked != 3 {
		t.Errorf("asked %d times, want at once and after each of two versions", asked)
	}
}

func TestAwaitEnds(t *testing.T) {
	never := func(*Live) bool { return false }
	t.Run("with its context's cause", func(t *testing.T) {
		r := record(t, &server{lists: []answer{podList(10)}}, io.Discard)
		cause := errors.New("the bound is over")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(cause)
		if err := r.Await(ctx, never); !errors.Is(err, cause) {
			t.Errorf("error is %v", err)
		}
		if len(r.waiters) != 0 {
			t.Error("it is still asked")
		}
	})
	t.Run("with the recorder", func(t *testing.T) {
		r := record(t, &server{lists: []answer{podList(10)}}, io.Discard)
		asked := make(chan struct{}, 1)
		ended := make(chan error)
		go func() {
			ended <- r.Await(t.Context(), func(*Live) bool { asked <- struct{}{}; return false })
		}()
		<-asked
		if err := r.Stop(); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; !errors.Is(err, errStopped) {
			t.Errorf("error is %v", err)
		}
		if err := r.Await(t.Context(), never); !errors.Is(err, errStopped) {
			t.Errorf("after the end: %v", err)
		}
		if err := r.Await(t.Context(), func(*Live) bool { return true }); err != nil {
			t.Errorf("what holds after the end: %v", err)
		}
	})
	t.Run("with the question's panic", func(t *testing.T) {
		start := make(chan struct{})
		s := &server{lists: []answer{podList(10)}, watches: []func(*stream){func(w *stream) {
			<-start
			w.send(event(Added, pod("a", 11, "Pending")))
			w.hold()
		}}}
		r := record(t, s, io.Discard)
		defer func() {
			if p := recover(); p != "wrong question" {
				t.Errorf("recovered %v", p)
			}
			await(t, r, "a Pending") // the recorder lives on
		}()
		_ = r.Await(t.Context(), func(live *Live) bool {
			if len(live.Pods()) > 0 {
				panic("wrong question")
			}
			close(start)
			return false
		})
	})
}
