package judge

import (
	"strings"
	"time"
)

// clone copies a text, for what a history's reader hands out is valid until its next line only.
func clone(text string) string { return strings.Clone(text) }

// texts reads an object of texts.
func texts(object []byte) map[string]string {
	m := map[string]string{}
	from := scan{json: object}
	from.object(func(name []byte) { m[string(name)] = string(from.text()) })
	return m
}

// clock reads a time of the cluster, in whole seconds; the zero time if it is none.
func clock(value []byte) time.Time {
	at, err := time.Parse(time.RFC3339, string(text(value)))
	if err != nil {
		return time.Time{}
	}
	return at
}
