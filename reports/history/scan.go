package history

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// maxLine is the longest line that is read, in bytes. etcd refuses objects over 1.5 MiB (its --max-request-bytes).
const maxLine = 8 << 20

// scanner cuts a stream into lines. Unlike bufio.Scanner it insists that the last line has an end.
type scanner struct {
	r           io.Reader
	buf         []byte
	start, stop int   // of what was read and not yet returned
	err         error // that the reader ended with
	number      int   // of the line returned last
}

func newScanner(r io.Reader) *scanner { return &scanner{r: r, buf: make([]byte, 128<<10)} }

// next returns the next line with its end, valid until it is called again, and io.EOF after the last one.
func (s *scanner) next() ([]byte, error) {
	s.number++
	for searched := 0; ; {
		unread := s.buf[s.start:s.stop]
		if i := bytes.IndexByte(unread[searched:], '\n'); i >= 0 {
			end := searched + i + 1
			s.start += end
			return unread[:end], nil
		}
		if searched = len(unread); searched == maxLine {
			return nil, errLong
		}
		switch err := s.fill(); {
		case errors.Is(err, io.EOF) && searched == 0:
			return nil, io.EOF
		case errors.Is(err, io.EOF):
			return nil, errTorn
		case err != nil:
			return nil, err
		}
	}
}

var (
	errLong = fmt.Errorf("longer than %d MiB", maxLine>>20)
	errTorn = errors.New("truncated: the line has no end")
)

// idle is how often in a row a reader may return neither bytes nor an error.
const idle = 100

// fill reads more, after making room for it.
func (s *scanner) fill() error {
	if s.start > 0 {
		s.stop = copy(s.buf, s.buf[s.start:s.stop])
		s.start = 0
	}
	if s.stop == len(s.buf) {
		s.buf = append(s.buf, make([]byte, min(len(s.buf), maxLine-len(s.buf)))...)
	}
	for range idle {
		if s.err != nil {
			return s.err
		}
		n, err := s.r.Read(s.buf[s.stop:])
		s.stop, s.err = s.stop+n, err
		if n > 0 {
			return nil
		}
	}
	return io.ErrNoProgress
}
