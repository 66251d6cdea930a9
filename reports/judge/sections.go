package judge

import (
	"bytes"
	"hash/maphash"
)

// sections are the parts of an object's JSON that are read one by one. They are parts of the given bytes. managedFields, more
// than a third of an object and of no interest here, are left out of metadata if they stand last in it, as the API server
// writes them: then metadata has no closing brace, which nothing misses.
type sections struct {
	metadata, spec, status []byte
	same                   bool // the spec is known to be that of the version before
}

var (
	metadataOpens = []byte(`"metadata":{`)
	managedOpens  = []byte(`,"managedFields":[`)
	specOpens     = []byte(`]},"spec":`)
	statusOpens   = []byte(`,"status":`)
)

// split takes an object apart.
func split(object []byte) sections {
	var s sections
	from := scan{json: object}
	from.object(func(name []byte) {
		switch string(name) {
		case "metadata":
			s.metadata = from.raw()
		case "spec":
			s.spec = from.raw()
		case "status":
			s.status = from.raw()
		}
	})
	return s
}

// splitPod is split without managedFields, where they are easily left out. length and sum are those of the spec of the version
// before: in most versions it is unchanged, and its end is where it was expected.
func splitPod(object []byte, length int, sum uint64) sections {
	if s, ok := splitFast(object, length, sum); ok {
		return s
	}
	return split(object)
}

// splitFast is split for an object that is laid out as the API server does it: metadata with managedFields last, then spec
// and status. What it looks for cannot stand inside of a text, where quotes are escaped, and a bracket before a brace ends
// managedFields and nothing within.
func splitFast(object []byte, length int, sum uint64) (sections, bool) {
	start := bytes.Index(object[:min(len(object), 128)], metadataOpens)
	if start < 0 || bytes.LastIndexByte(object[:start], '{') != 0 {
		return sections{}, false
	}
	start += len(metadataOpens) - 1
	head := bytes.Index(object[start:], managedOpens)
	if head < 0 {
		return sections{}, false
	}
	head += start
	from := bytes.Index(object[head:], specOpens)
	if from < 0 {
		return sections{}, false
	}
	from += head + len(specOpens)
	end := from + length
	same := length > 0 && end <= len(object) && maphash.Bytes(seed, object[from:end]) == sum
	if !same {
		if end = endOfValue(object, from); end < 0 {
			return sections{}, false
		}
	}
	rest, has := bytes.CutPrefix(object[end:], statusOpens)
	if !has || len(rest) < 2 {
		return sections{}, false
	}
	return sections{metadata: object[start:head], spec: object[from:end], status: rest[:len(rest)-1], same: same}, true
}
