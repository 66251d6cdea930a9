package history

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/tidwall/gjson"
)

// Line is one line of a history between its header and its end. Exactly one of Version, Gap and Write is set.
type Line struct {
	// Number counts the lines of the sealed, uncompressed file from 1, the header's.
	Number int

	Version *Version
	Gap     *Gap
	Write   *Write
}

// How what is no version stands in a file.
type (
	gapLine struct {
		Gap Gap `json:"gap"`
	}
	writeLine struct {
		Write Write `json:"write"`
	}
	endLine struct {
		End End `json:"end"`
	}
)

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

// appendJSON appends a header, a gap, a write or an end as one line.
func appendJSON(line []byte, value any) ([]byte, error) {
	encoded, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", value, err)
	}
	return append(append(line, encoded...), '\n'), nil
}
