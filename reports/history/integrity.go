package history

import (
	"errors"
	"fmt"
	"time"

	"github.com/cespare/xxhash/v2"
)

// integrity refuses what no API server can have shown, whatever its controllers did. It remembers the identity of each
// object that is there, and eight bytes of each that is gone, so that none comes back.
type integrity struct {
	header  Header
	kinds   map[string]*kindState
	objects map[string]identity // that are there, by uid
	gone    map[uint64]struct{} // hashes of the uids that were deleted

	reached position  // by the last line, over all kinds
	latest  time.Time // the latest Seen of all versions
	written time.Time // At of the last write
	pending bool      // no version came after the last write
}

// kindState is how far one kind has come.
type kindState struct {
	Kind
	reached  position
	seen     time.Time // of its last version
	watched  bool      // a watch has shown something since the last list
	relisted bool      // there was a gap
}

// identity is what never changes of an object.
type identity struct {
	kind                 *kindState
	namespace, name, uid string
}

func newIntegrity(h Header) *integrity {
	return &integrity{
		header: h, kinds: map[string]*kindState{}, objects: map[string]identity{}, gone: map[uint64]struct{}{},
	}
}

// kind finds the state of a kind, or begins it.
func (c *integrity) kind(name string) *kindState {
	kind := &kindState{Kind: Kind{Name: name}}
	for _, k := range known {
		if k.Name == name {
			kind.Kind = k
		}
	}
	c.kinds[name] = kind
	return kind
}

// version checks a version and returns it; its Object is the line's.
func (c *integrity) version(p *parsed) (Version, error) {
	kind := c.kinds[string(p.kind)]
	if kind == nil {
		kind = c.kind(string(p.kind))
	}
	object, there := c.objects[string(p.uid)]
	if !there {
		object = identity{kind: kind, namespace: string(p.namespace), name: string(p.name), uid: string(p.uid)}
	}
	v := Version{
		Seen: p.seen, Type: p.typ, Kind: kind.Name, Namespace: object.namespace, Name: object.name, UID: object.uid,
		RV: p.rv, Object: p.object, typed: &typed{},
	}
	if object.kind != kind || object.namespace != string(p.namespace) || object.name != string(p.name) {
		return v, fmt.Errorf("the uid %s belongs to the %s %s/%s", object.uid, object.kind.Name, object.namespace, object.name)
	}
	if err := c.belongs(kind.Kind, v.Namespace); err != nil {
		return v, err
	}
	if err := p.described(); err != nil {
		return v, err
	}
	if err := c.inOrder(kind, v); err != nil {
		return v, err
	}
	return v, c.lives(object, there, v.Type)
}

// belongs refuses an object that is elsewhere than the header says.
func (c *integrity) belongs(kind Kind, namespace string) error {
	switch {
	case kind.Resource != "" && kind.ClusterWide != (namespace == ""):
		return fmt.Errorf("a %s in the namespace %q", kind.Name, namespace)
	case namespace != "" && c.header.Namespace != "" && namespace != c.header.Namespace:
		return fmt.Errorf("foreign: it is in the namespace %q and the history of %q", namespace, c.header.Namespace)
	}
	return nil
}

// inOrder refuses a version that stands before an earlier one, or after a write that came later.
func (c *integrity) inOrder(kind *kindState, v Version) error {
	reached, of := c.order(kind)
	now := position{rv: v.RV, expired: v.Kind == Events.Name && v.Type == Deleted}
	switch {
	case !reached.before(now):
		return fmt.Errorf("resource version %d does not come after %d, which is that of %s before it", v.RV, reached.rv, of)
	case v.Seen.Before(kind.seen):
		return fmt.Errorf("seen %v before the %s of an earlier resource version", kind.seen.Sub(v.Seen), v.Kind)
	case c.pending && v.Seen.Before(c.written):
		return fmt.Errorf("seen %v before the write that stands before it", c.written.Sub(v.Seen))
	}
	*reached, kind.seen, c.pending = now, v.Seen, false
	if v.Seen.After(c.latest) {
		c.latest = v.Seen
	}
	return nil
}

// order returns the position that the next line must come after, and whose it is.
func (c *integrity) order(kind *kindState) (reached *position, of string) {
	if c.header.Order == ByRV {
		return &c.reached, "the line"
	}
	return &kind.reached, "the " + kind.Name
}

// lives refuses a version that does not follow from how its object came to be seen, and keeps count of the objects.
func (c *integrity) lives(object identity, there bool, typ string) error {
	kind := object.kind
	if !there {
		if _, gone := c.gone[xxhash.Sum64String(object.uid)]; gone {
			return fmt.Errorf("%s after the DELETED of the uid %s", typ, object.uid)
		}
	}
	switch typ {
	case Listed:
		if kind.watched {
			return fmt.Errorf("LISTED after the watch of %s began", kind.Name)
		}
		if there && !kind.relisted {
			return fmt.Errorf("LISTED a second time: the uid %s", object.uid)
		}
	case Added:
		if there {
			return fmt.Errorf("ADDED although the uid %s is there", object.uid)
		}
	default:
		if !there {
			return fmt.Errorf("the first version of the uid %s is %s", object.uid, typ)
		}
	}
	kind.watched = typ != Listed
	switch {
	case typ == Deleted:
		delete(c.objects, object.uid)
		c.gone[xxhash.Sum64String(object.uid)] = struct{}{}
	case !there:
		c.objects[object.uid] = object
	}
	return nil
}

// gap checks a gap. What comes after it is of later resource versions.
func (c *integrity) gap(g Gap) error {
	kind := c.kinds[g.Kind]
	if kind == nil {
		kind = c.kind(g.Kind)
	}
	reached, of := c.order(kind)
	if g.From < reached.rv {
		return fmt.Errorf("a gap from resource version %d on stands after %d, which is that of %s before it",
			g.From, reached.rv, of)
	}
	*reached = position{rv: g.From}
	kind.watched, kind.relisted = false, true
	return nil
}

// write checks a write. It stands before the first version that was seen at its moment or later.
func (c *integrity) write(w Write) error {
	switch {
	case c.header.Namespace != "" && w.Namespace != c.header.Namespace:
		return fmt.Errorf("foreign: the write is in the namespace %q and the history of %q", w.Namespace, c.header.Namespace)
	case w.At.Before(c.written):
		return errors.New("the write stands after a later one")
	case !c.latest.IsZero() && !w.At.After(c.latest):
		return errors.New("the write stands after a version that was seen later")
	}
	c.written, c.pending = w.At, true
	return nil
}

// position is a place in the order of resource versions.
type position struct {
	rv      uint64
	expired bool // an Event was deleted there
}

// before reports whether q can be the next position. A resource version belongs to one object, but for one case: Events
// share leases in etcd, and when one ends all of them are deleted at the same.
func (p position) before(q position) bool {
	return p.rv < q.rv || p.rv == q.rv && p.expired && q.expired
}
