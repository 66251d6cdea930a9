package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// status writes progress lines, each with the seconds since the start.
type status struct {
	mu    sync.Mutex
	w     io.Writer
	start time.Time
}

// say writes one line.
func (s *status) say(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", "\n"+strings.Repeat(" ", 9))
	fmt.Fprintf(s.w, "%6.1fs  %s\n", time.Since(s.start).Seconds(), text)
}
