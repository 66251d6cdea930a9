package main

import (
	"io"
	"time"
)

// delayed is a body that is read later than it came.
type delayed struct {
	io.ReadCloser
	pieces <-chan piece
	rest   []byte
	err    error
	over   chan struct{}
}

type piece struct {
	text []byte
	err  error
	due  time.Time
}

// pending is how many pieces of a body wait at most. A watch tells some hundred things a second on a busy cluster.
const pending = 4096

// late returns a body whose pieces are each held up by what by says when they come. They keep their order.
func late(body io.ReadCloser, by func() time.Duration) io.ReadCloser {
	pieces, over := make(chan piece, pending), make(chan struct{})
	go func() {
		defer close(pieces)
		for {
			buffer := make([]byte, 32<<10)
			n, err := body.Read(buffer)
			select {
			case pieces <- piece{buffer[:n], err, time.Now().Add(by())}:
			case <-over:
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return &delayed{ReadCloser: body, pieces: pieces, over: over}
}

// Read returns what is due.
func (d *delayed) Read(into []byte) (int, error) {
	for len(d.rest) == 0 {
		if d.err != nil {
			return 0, d.err
		}
		next, more := <-d.pieces
		if !more {
			return 0, io.EOF
		}
		select {
		case <-time.After(time.Until(next.due)):
		case <-d.over:
			return 0, io.EOF
		}
		d.rest, d.err = next.text, next.err
	}
	n := copy(into, d.rest)
	d.rest = d.rest[n:]
	return n, nil
}

// Close ends it at once.
func (d *delayed) Close() error {
	select {
	case <-d.over:
	default:
		close(d.over)
	}
	return d.ReadCloser.Close()
}
