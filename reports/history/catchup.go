package history

import (
	"context"
	"fmt"
)

// CatchUp returns when everything that had happened before the call has been recorded. Kinds are watched separately, and
// one watch was seen to be 0.1 s behind another on a busy machine, so a Job that is complete can be seen before the last
// word of its pods: whoever is about to judge a history asks for this first. It lists each kind that has a namespace once
// and then waits for the watches to come as far.
//
// One thing can escape it: an object that was both created and removed after everything else of its kind that is still
// there, in the milliseconds by which a watch is late.
func (r *Recorder) CatchUp(ctx context.Context) error {
	lists := map[Kind]list{}
	for _, kind := range r.kinds {
		if kind.ClusterWide {
			continue
		}
		l, err := r.list(ctx, kind)
		if err != nil {
			return fmt.Errorf("catch up: %w", err)
		}
		lists[kind] = l
	}
	err := r.Await(ctx, func(live *Live) bool {
		for kind, l := range lists {
			if !live.includes(kind, l) {
				return false
			}
		}
		return true
	})
	if err != nil {
		return fmt.Errorf("catch up: %w", err)
	}
	return nil
}

// includes reports whether all that a list shows has been recorded, and the end of what it no longer shows.
func (l *Live) includes(kind Kind, shown list) bool {
	there := make(map[string]bool, len(shown.versions))
	for _, v := range shown.versions {
		there[v.UID] = true
		if v.RV > l.Reached(kind) {
			return false
		}
	}
	for uid, v := range l.versions {
		if v.Kind == kind.Name && v.RV <= shown.rv && !there[uid] {
			return false
		}
	}
	return true
}
