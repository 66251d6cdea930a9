package history

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
)

// longestRetrace is how many resource versions are gone through one by one before a gap is left open. An API server that was
// started anew has forgotten what came before, and a busy cluster writes some ten objects a second; etcd keeps them for five
// minutes (DefaultCompactInterval, staging/src/k8s.io/apiserver/pkg/storage/storagebackend/config.go).
const longestRetrace = 3000

// retrace returns the versions of a kind that a watch missed between a resource version and a later list, by asking for the
// list as of each one between them: none changes more than one object. known are the versions as of from, by uid. It is an
// error if the API server no longer knows one of them.
func (r *Recorder) retrace(ctx context.Context, kind Kind, known map[string]Version, from, to uint64) ([]Version, error) {
	if to-from > longestRetrace {
		return nil, fmt.Errorf("%d resource versions are too many to go through", to-from)
	}
	var missed []Version
	for rv := from + 1; rv <= to; rv++ {
		l, err := r.listAt(ctx, kind, rv)
		if err != nil {
			return nil, err
		}
		missed = append(missed, r.changes(known, l)...)
	}
	return missed, nil
}

// listAt asks for all objects of a kind as of a resource version.
func (r *Recorder) listAt(ctx context.Context, kind Kind, rv uint64) (list, error) {
	body, err := r.client.Get().AbsPath(kind.path(r.namespace)).
		Param("resourceVersion", strconv.FormatUint(rv, 10)).
		Param("resourceVersionMatch", "Exact").
		Do(ctx).Raw()
	if err != nil {
		return list{}, fmt.Errorf("list %s as of %d: %w", kind.Resource, rv, err)
	}
	l, err := parseList(kind, body, r.now())
	if err == nil && l.rv != rv {
		err = fmt.Errorf("list %s as of %d: the API server shows %d", kind.Resource, rv, l.rv)
	}
	return l, err
}

// changes returns what a list shows to be other than known, as a watch would have, and brings known up to date.
func (r *Recorder) changes(known map[string]Version, l list) []Version {
	var changed []Version
	there := make(map[string]bool, len(l.versions))
	for _, v := range l.versions {
		there[v.UID] = true
		was, knew := known[v.UID]
		if knew && was.RV == v.RV {
			continue
		}
		v.Type = Added
		if knew {
			v.Type = Modified
		}
		known[v.UID] = v
		changed = append(changed, v)
	}
	for uid, v := range known {
		if !there[uid] {
			delete(known, uid)
			changed = append(changed, v.deleted(l))
		}
	}
	return changed
}

// deleted is the last version of an object that a list no longer shows, in the form in which a watch shows it: with the
// resource version of its deletion.
func (v Version) deleted(l list) Version {
	was := []byte(fmt.Sprintf(`"resourceVersion":"%d"`, v.RV))
	is := []byte(fmt.Sprintf(`"resourceVersion":"%d"`, l.rv))
	v.Type, v.RV, v.Seen, v.typed = Deleted, l.rv, l.seen, &typed{}
	v.Object = bytes.Replace(v.Object, was, is, 1)
	return v
}

// known returns the live versions of a kind, by uid.
func (r *Recorder) known(kind Kind) map[string]Version {
	r.mu.Lock()
	defer r.mu.Unlock()
	known := map[string]Version{}
	for uid, v := range r.live.versions {
		if v.Kind == kind.Name {
			known[uid] = v
		}
	}
	return known
}
