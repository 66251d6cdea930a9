package history

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/tidwall/gjson"
)

// format is the version of the file's format that this package writes and reads.
const format = 1

// appendVersion appends v as one line of a history file.
func appendVersion(line []byte, v Version) []byte {
	line = append(line, `{"seen":"`...)
	line = v.Seen.AppendFormat(line, time.RFC3339Nano)
	line = append(line, `","type":"`...)
	line = append(line, v.Type...)
	for _, field := range [...]struct{ name, value string }{
		{`","kind":`, v.Kind}, {`,"namespace":`, v.Namespace}, {`,"name":`, v.Name}, {`,"uid":`, v.UID},
	} {
		line = append(line, field.name...)
		line = gjson.AppendJSONString(line, field.value)
	}
	line = append(line, `,"rv":`...)
	line = strconv.AppendUint(line, v.RV, 10)
	line = append(line, `,"object":`...)
	line = append(line, v.Object...)
	return append(line, "}\n"...)
}

// appendJSON appends a header or a gap as one line.
func appendJSON(line []byte, value any) ([]byte, error) {
	encoded, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", value, err)
	}
	return append(append(line, encoded...), '\n'), nil
}

// gapLine is how a Gap stands in a file.
type gapLine struct {
	Gap Gap `json:"gap"`
}

// line is one line of a history file: a header, a gap or a version.
type line struct {
	Header
	Gap *Gap `json:"gap"`

	Seen      time.Time       `json:"seen"`
	Type      string          `json:"type"`
	Kind      string          `json:"kind"`
	Namespace string          `json:"namespace"` // of a header as well; the outer field wins
	Name      string          `json:"name"`
	UID       string          `json:"uid"`
	RV        uint64          `json:"rv"`
	Object    json.RawMessage `json:"object"`
}

// parse reads one line. Which kind of line it is follows from the fields that are set.
func parse(text []byte) (line, error) {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return line{}, err
	}
	if l.Format != 0 || l.Gap != nil {
		return l, nil
	}
	switch l.Type {
	case Listed, Added, Modified, Deleted:
	default:
		return line{}, fmt.Errorf("unknown type %q", l.Type)
	}
	if l.Kind == "" || l.Name == "" || l.UID == "" || l.RV == 0 {
		return line{}, errors.New("a version needs kind, name, uid and rv")
	}
	if object := bytes.TrimSpace(l.Object); len(object) == 0 || object[0] != '{' {
		return line{}, errors.New("a version needs an object")
	}
	return l, nil
}

// version is the version that the line holds.
func (l line) version() Version {
	return Version{
		Seen: l.Seen, Type: l.Type, Kind: l.Kind, Namespace: l.Namespace, Name: l.Name, UID: l.UID, RV: l.RV,
		Object: l.Object, typed: &typed{},
	}
}
