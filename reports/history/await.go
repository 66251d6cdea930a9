package history

import "context"

// waiter is a question that is asked after every version until it is answered.
type waiter struct {
	holds    func(*Live) bool
	done     chan struct{}
	err      error // why it will never be answered
	panicked any   // what holds panicked with
}

// Await returns when holds is true. It is asked at once and then after every version that arrives, not now and then, so
// a state that lasted for a single version is not missed. It is asked under the recorder's lock and must not call the
// Recorder; a panic in it comes out of Await. Await returns ctx's cause if that ends first, and the recorder's error if
// nothing will be recorded any more.
func (r *Recorder) Await(ctx context.Context, holds func(*Live) bool) error {
	w := &waiter{holds: holds, done: make(chan struct{})}
	r.mu.Lock()
	if !w.asked(&r.live) {
		if r.err != nil {
			w.settle(r.err)
		} else {
			r.waiters[w] = struct{}{}
		}
	}
	r.mu.Unlock()

	select {
	case <-w.done:
	case <-ctx.Done():
		r.mu.Lock()
		if _, unanswered := r.waiters[w]; unanswered {
			delete(r.waiters, w)
			w.settle(context.Cause(ctx))
		}
		r.mu.Unlock()
	}
	if w.panicked != nil {
		panic(w.panicked)
	}
	return w.err
}

// ask puts every waiter's question; the recorder's lock is held.
func (r *Recorder) ask() {
	for w := range r.waiters {
		if w.asked(&r.live) {
			delete(r.waiters, w)
		}
	}
}

// asked puts the question once and reports whether the wait is over.
func (w *waiter) asked(live *Live) (over bool) {
	defer func() {
		if p := recover(); p != nil {
			w.panicked, over = p, true
		}
		if over {
			close(w.done)
		}
	}()
	return w.holds(live)
}

func (w *waiter) settle(err error) {
	w.err = err
	close(w.done)
}
