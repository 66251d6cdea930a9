package judge

// memory is what invariants remember of an object. It is forgotten with the object.
type memory struct {
	of      map[string]any
	waiting int // how many waits of the object are running
}

// remember returns what the invariant or family of that name remembers of the object; at first, a new T.
func remember[T any](m *memory, name string) *T {
	if known, ok := m.of[name].(*T); ok {
		return known
	}
	if m.of == nil {
		m.of = map[string]any{}
	}
	fresh := new(T)
	m.of[name] = fresh
	return fresh
}
