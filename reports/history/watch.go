package history

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// retry spaces the attempts to open a watch that failed. The first comes at once: an API server ends every watch after
// a while, which is no failure. The cap is short, for what is missed meanwhile delays every waiting spec.
var retry = wait.Backoff{Duration: 50 * time.Millisecond, Factor: 2, Jitter: 0.2, Steps: 7, Cap: 3 * time.Second}

// list asks for all objects of a kind as of now.
func (r *Recorder) list(ctx context.Context, kind Kind) (list, error) {
	body, err := r.client.Get().AbsPath(kind.path(r.namespace)).Do(ctx).Raw()
	if err != nil {
		return list{}, fmt.Errorf("list %s: %w", kind.Resource, err)
	}
	l, err := parseList(kind, body, r.now())
	if err != nil {
		return list{}, fmt.Errorf("list %s: %w", kind.Resource, err)
	}
	return l, nil
}

// follow watches a kind from a resource version on until the recorder stops, which ends ctx.
func (r *Recorder) follow(ctx context.Context, kind Kind, rv uint64) {
	backoff := retry
	for {
		reached, err := r.watch(ctx, kind, rv)
		if ctx.Err() != nil {
			return
		}
		if expired(err) {
			reached, err = r.relist(ctx, kind, reached, err)
		}
		r.setDown(kind, err)
		if reached > rv {
			rv, backoff = reached, retry
			continue
		}
		if !sleep(ctx, backoff.Step()) {
			return
		}
	}
}

// watch records what one watch request shows. It returns how far it came and why it ended.
func (r *Recorder) watch(ctx context.Context, kind Kind, rv uint64) (uint64, error) {
	body, err := r.client.Get().AbsPath(kind.path(r.namespace)).
		Param("watch", "true").
		Param("allowWatchBookmarks", "true").
		Param("resourceVersion", strconv.FormatUint(rv, 10)).
		Stream(ctx)
	if err != nil {
		return rv, err
	}
	defer body.Close()
	r.setDown(kind, nil)
	frames := bufio.NewReaderSize(body, 64<<10)
	for {
		text, err := frames.ReadBytes('\n')
		if err != nil { // what was read of a last line without its end is not a frame
			if errors.Is(err, io.EOF) {
				err = errors.New("the API server ended it")
			}
			return rv, err
		}
		f, err := parseFrame(kind, text, r.now())
		if err != nil {
			return rv, err
		}
		rv = f.rv
		if !f.bookmark {
			r.commit(f.version)
		}
		if frames.Buffered() == 0 {
			_, _ = r.Flush() // the error is kept in r.err
		}
	}
}

// relist goes on after the API server has forgotten what a watch was to go on from. It records what happened meanwhile if
// that is still to be had; if not, it notes a gap and records the objects that changed in it.
func (r *Recorder) relist(ctx context.Context, kind Kind, from uint64, why error) (uint64, error) {
	l, err := r.list(ctx, kind)
	if err != nil {
		return from, err
	}
	missed, err := r.retrace(ctx, kind, r.known(kind), from, l.rv)
	if ctx.Err() != nil {
		return from, ctx.Err()
	}
	if err == nil {
		r.commit(missed...)
		r.reach(kind, l.rv)
		_, _ = r.Flush() // the error is kept in r.err
		return l.rv, nil
	}
	why = fmt.Errorf("%w; and what happened then cannot be had: %w", why, err)
	gap := Gap{Seen: r.now(), Kind: kind.Name, From: from, To: l.rv, Why: why.Error()}
	changed := r.note(gap, l)
	r.commit(changed...)
	_, _ = r.Flush() // the error is kept in r.err
	return l.rv, nil
}

// note writes a gap, forgets the objects that were lost in it and returns the versions that are new.
func (r *Recorder) note(gap Gap, l list) []Version {
	r.mu.Lock()
	defer r.mu.Unlock()
	there := map[string]bool{}
	var changed []Version
	for _, v := range l.versions {
		there[v.UID] = true
		if known, ok := r.live.versions[v.UID]; !ok || known.RV != v.RV {
			changed = append(changed, v)
		}
	}
	for uid, v := range r.live.versions {
		if v.Kind == gap.Kind && !there[uid] {
			gap.Lost = append(gap.Lost, v.Namespace+"/"+v.Name)
			delete(r.live.versions, uid)
		}
	}
	r.live.reached[gap.Kind] = max(r.live.reached[gap.Kind], gap.To)
	r.gaps = append(r.gaps, gap)
	if text, err := appendJSON(nil, gapLine{gap}); err != nil {
		r.end(err)
	} else if r.err == nil {
		_ = r.write(text) // the error is kept in r.err
	}
	r.ask()
	return changed
}

// reach notes that a kind is recorded up to a resource version, although its last change was earlier.
func (r *Recorder) reach(kind Kind, rv uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.live.reached[kind.Name] = max(r.live.reached[kind.Name], rv)
	r.ask()
}

// setDown notes that a kind's watch is not open, or with nil that it is.
func (r *Recorder) setDown(kind Kind, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		delete(r.down, kind.Name)
	} else {
		r.down[kind.Name] = err
	}
}

// sleep waits for a while and reports whether ctx is still alive.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
