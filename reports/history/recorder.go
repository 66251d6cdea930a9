package history

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
)

// Scope says what a Recorder records.
type Scope struct {
	// Run, Spec, Cluster, Kubernetes, Audited and Controller are written into the header.
	Run, Spec, Cluster, Kubernetes string
	Audited                        bool
	Controller                     *Controller
	// Order is written into the header; ByArrival if empty, for ByRV has to be shown first.
	Order Order
	// Namespace is where kinds with namespaces are listed and watched; all namespaces if empty.
	Namespace string
	// Kinds are listed and watched; Default if empty.
	Kinds []Kind
	// Keep says which objects are recorded; nil means all. It must say the same of every version of an object. It is asked
	// under the recorder's lock and must not call the Recorder.
	Keep func(Version) bool
}

// header is the first line of what is recorded from start on.
func (s Scope) header(start time.Time) Header {
	if s.Order == "" {
		s.Order = ByArrival
	}
	return Header{
		Format: format, Run: s.Run, Spec: s.Spec, Cluster: s.Cluster, Namespace: s.Namespace, Kubernetes: s.Kubernetes,
		Start: start, Order: s.Order, Audited: s.Audited, Origin: Recorded, Controller: s.Controller,
	}
}

// Recorder writes every version of the objects in its scope to a file and keeps the latest ones at hand.
type Recorder struct {
	client    *rest.RESTClient
	namespace string
	kinds     []Kind
	keep      func(Version) bool
	start     time.Time
	cancel    context.CancelFunc
	watches   sync.WaitGroup

	mu      sync.Mutex
	w       *bufio.Writer
	size    int64  // of what was given to w
	line    []byte // of the version being written, kept for its capacity
	live    Live
	waiters map[*waiter]struct{}
	gaps    []Gap
	down    map[string]error // by the kind's name, while its watch is not open
	err     error            // of the writer, or errStopped; nothing is recorded after it
}

var errStopped = errors.New("the recorder has stopped")

// Record lists each kind once, writes what is there, and then watches each kind. It returns when all lists are written,
// so that whatever is created afterwards is seen from its first version on. ctx bounds the lists only: the watches go on
// until Stop, for what happens after a caller has given up belongs to the history too.
//
// Versions that arrive together are written together, and nothing is held back once the API server has nothing more to
// say: a history survives its process up to the last version.
func Record(ctx context.Context, cfg *rest.Config, scope Scope, w io.Writer) (*Recorder, error) {
	client, err := rawClient(cfg)
	if err != nil {
		return nil, fmt.Errorf("record %s: %w", scope.Namespace, err)
	}
	kinds := scope.Kinds
	if len(kinds) == 0 {
		kinds = Default
	}
	r := newRecorder(client, scope.Namespace, w)
	r.kinds = kinds
	if scope.Keep != nil {
		r.keep = scope.Keep
	}
	header, err := appendJSON(nil, scope.header(r.start))
	if err != nil {
		return nil, err
	}
	if err := r.write(header); err != nil {
		return nil, err
	}
	from := make([]uint64, len(kinds))
	for i, kind := range kinds {
		list, err := r.list(ctx, kind)
		if err != nil {
			return nil, err
		}
		r.commit(list.versions...)
		from[i] = list.rv
	}
	if _, err := r.Flush(); err != nil {
		return nil, err
	}
	ctx, r.cancel = context.WithCancel(context.WithoutCancel(ctx))
	for i, kind := range kinds {
		r.watches.Go(func() { r.follow(ctx, kind, from[i]) })
	}
	return r, nil
}

func newRecorder(client *rest.RESTClient, namespace string, w io.Writer) *Recorder {
	return &Recorder{
		client: client, namespace: namespace, w: bufio.NewWriterSize(w, 64<<10), cancel: func() {},
		keep: func(Version) bool { return true }, start: time.Now().UTC(),
		live:    Live{versions: map[string]Version{}, reached: map[string]uint64{}},
		waiters: map[*waiter]struct{}{},
		down:    map[string]error{},
	}
}

// rawClient returns a client that asks for JSON and hands bodies over as they come.
func rawClient(cfg *rest.Config) (*rest.RESTClient, error) {
	raw := rest.CopyConfig(cfg)
	raw.ContentType, raw.AcceptContentTypes = "application/json", "application/json"
	raw.NegotiatedSerializer = scheme.Codecs.WithoutConversion()
	raw.QPS = -1 // a recorder sends two requests a kind; client-side throttling could only delay it
	return rest.UnversionedRESTClientFor(raw)
}

// commit takes up versions that arrived and asks the waiters. How far a kind has come is told by those too that are not
// kept.
func (r *Recorder) commit(versions ...Version) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range versions {
		if r.err != nil || r.keep(v) && r.record(v) != nil {
			return
		}
		r.live.reached[v.Kind] = max(r.live.reached[v.Kind], v.RV)
		r.ask()
	}
}

// record writes a version and brings the live objects up to date.
func (r *Recorder) record(v Version) error {
	r.line = appendVersion(r.line[:0], v)
	if err := r.write(r.line); err != nil {
		return err
	}
	if v.Type == Deleted {
		delete(r.live.versions, v.UID)
	} else {
		r.live.versions[v.UID] = v
	}
	return nil
}

// now is the recorder's clock. It began with the system's and goes on evenly, so that no version is seen before an earlier
// one although the system's clock was set.
func (r *Recorder) now() time.Time { return r.start.Add(time.Since(r.start)) }

// write writes one line; its first error ends the recording.
func (r *Recorder) write(line []byte) error {
	n, err := r.w.Write(line)
	if err != nil {
		r.end(fmt.Errorf("write history: %w", err))
		return r.err
	}
	r.size += int64(n)
	return nil
}

// end makes err the last word: nothing more is recorded, and whoever waits is told.
func (r *Recorder) end(err error) {
	if r.err == nil {
		r.err = err
	}
	for w := range r.waiters {
		w.settle(r.err)
		delete(r.waiters, w)
	}
}

// Live returns the latest version of each object that exists, as of now.
func (r *Recorder) Live() *Live {
	r.mu.Lock()
	defer r.mu.Unlock()
	return &Live{versions: maps.Clone(r.live.versions), reached: maps.Clone(r.live.reached)}
}

// Gaps returns the stretches that were missed so far.
func (r *Recorder) Gaps() []Gap {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.gaps)
}

// Flush hands everything recorded so far to the underlying writer and returns how many bytes that is. They end with a
// whole line, so a reader that stops there reads no line that is being written.
func (r *Recorder) Flush() (size int64, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.size, r.flush()
}

// flush is Flush under the recorder's lock.
func (r *Recorder) flush() error {
	if r.err == nil {
		if err := r.w.Flush(); err != nil {
			r.end(fmt.Errorf("write history: %w", err))
		}
	}
	if errors.Is(r.err, errStopped) {
		return nil
	}
	return r.err
}

// Trouble says why what was recorded up to now may not be the whole: a gap, a watch that is down, a file that could not
// be written. It is nil if all is well.
func (r *Recorder) Trouble() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var trouble []error
	if r.err != nil && !errors.Is(r.err, errStopped) {
		trouble = append(trouble, r.err)
	}
	for _, gap := range r.gaps {
		trouble = append(trouble, fmt.Errorf("%s between resource versions %d and %d was not recorded: %s",
			gap.Kind, gap.From, gap.To, gap.Why))
	}
	for _, kind := range slices.Sorted(maps.Keys(r.down)) {
		trouble = append(trouble, fmt.Errorf("the watch of %s is down: %w", kind, r.down[kind]))
	}
	return errors.Join(trouble...)
}

// Stop ends the watches and flushes. It returns the error that ended the recording early, if one did.
func (r *Recorder) Stop() error {
	r.cancel()
	r.watches.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.flush()
	r.end(errStopped)
	return err
}
