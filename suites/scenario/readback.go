package scenario

import (
	"context"
	"fmt"
	"io"

	"github.com/onsi/ginkgo/v2"

	"github.com/jobproof/jobproof/reports/history"
)

// History reads back from the file all that has happened up to now.
func (s *Scenario) History() *history.History {
	ginkgo.GinkgoHelper()
	h, err := s.history()
	if err != nil {
		s.cannotTell(err)
	}
	return h
}

// history lets the recorder catch up and reads the file, unless the spec has done nothing since that was last done.
func (s *Scenario) history() (*history.History, error) {
	if s.read != nil {
		return s.read, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), seen.Limit)
	defer cancel()
	if err := s.recorder.CatchUp(ctx); err != nil {
		return nil, err
	}
	size, err := s.recorder.Flush()
	if err != nil {
		return nil, err
	}
	h, err := history.ReadAll(io.NewSectionReader(s.file, 0, size))
	if err != nil {
		return nil, fmt.Errorf("read back %s: %w", s.path, err)
	}
	h.Path = s.path
	s.read = h
	return h, nil
}

// goesOn says that the spec waits or acts, so that what was read back is no longer all.
func (s *Scenario) goesOn() { s.read = nil }
