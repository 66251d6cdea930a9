package main

import (
	"bytes"
	"fmt"
	"os"
	"time"

	"github.com/jobproof/jobproof/reports/history"
)

// audit is the audit log of an API server as it stands.
type audit struct{ text []byte }

func readAudit(path string) (*audit, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	return &audit{text}, nil
}

// of returns the writes to a namespace up to a moment: later ones are those that clear it up.
func (a *audit) of(namespace string, until time.Time) ([]history.Write, error) {
	var lines []byte
	for line := range bytes.Lines(a.text) {
		if bytes.Contains(line, []byte(namespace)) { // only these are worth decoding
			lines = append(lines, line...)
		}
	}
	writes, err := history.Audit(bytes.NewReader(lines), func(its string) bool { return its == namespace }, time.Time{})
	for i, write := range writes {
		if write.At.After(until) {
			return writes[:i], err
		}
	}
	return writes, err
}
