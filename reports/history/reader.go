package history

import (
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/cespare/xxhash/v2"
)

// Reader goes through a sealed history once, line by line, and refuses what no API server can have shown and what was
// changed after it was sealed. It holds the objects' names, not their versions.
type Reader struct {
	lines  *scanner
	free   func()
	header Header
	digest *xxhash.Digest // of all lines so far
	check  *integrity
	end    End

	parsed  parsed
	version Version // of the line returned last
	read    bool    // Lines was called
}

// NewReader reads the header of a sealed history, compressed or not. It needs at most some 20 MiB for the decompression
// and the longest line. Close frees it.
func NewReader(r io.Reader) (*Reader, error) {
	plain, free, err := expand(r)
	if err != nil {
		return nil, err
	}
	reader := &Reader{lines: newScanner(plain), free: free, digest: xxhash.New()}
	if err := reader.first(); err != nil {
		free()
		return nil, fmt.Errorf("line 1: %w", err)
	}
	return reader, nil
}

// first reads the header.
func (r *Reader) first() error {
	text, err := r.lines.next()
	if errors.Is(err, io.EOF) {
		return errEmpty
	}
	if err != nil {
		return err
	}
	if r.header, err = parseHeader(text); err != nil {
		return err
	}
	if err := r.header.check(); err != nil {
		return err
	}
	_, _ = r.digest.Write(text)
	r.check = newIntegrity(r.header)
	return nil
}

var errEmpty = errors.New("not a history: it is empty")

// Header returns the first line.
func (r *Reader) Header() Header { return r.header }

// End returns the last line, once Lines has gone through without an error; before that it is zero.
func (r *Reader) End() End { return r.end }

// Close frees the memory of the decompression. The Reader cannot be used after it.
func (r *Reader) Close() { r.free() }

// Lines returns the lines between header and end, once. A Version and its Object are valid until the next line only:
// Version.Clone keeps one. The error that it may end with names the line; nothing that came before is then worth
// anything, for the history is damaged or was changed.
func (r *Reader) Lines() iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		if r.read {
			yield(Line{}, errors.New("a history can be read once"))
			return
		}
		r.read = true
		for {
			line, last, err := r.next()
			if err != nil {
				yield(Line{}, fmt.Errorf("line %d: %w", r.lines.number, err))
				return
			}
			if last || !yield(line, nil) {
				return
			}
		}
	}
}

// next reads one line and reports whether it was the end.
func (r *Reader) next() (line Line, last bool, err error) {
	text, err := r.lines.next()
	if errors.Is(err, io.EOF) {
		err = errors.New("truncated: the end line is missing")
	}
	if err != nil {
		return Line{}, false, err
	}
	if err := r.parsed.parse(text); err != nil {
		return Line{}, false, err
	}
	line = Line{Number: r.lines.number}
	switch p := &r.parsed; {
	case p.end != nil:
		return Line{}, true, r.finish(*p.end)
	case p.gap != nil:
		line.Gap, err = p.gap, r.check.gap(*p.gap)
	case p.write != nil:
		line.Write, err = p.write, r.check.write(*p.write)
	default:
		r.version, err = r.check.version(p)
		line.Version = &r.version
	}
	_, _ = r.digest.Write(text)
	return line, false, err
}

// finish sees to it that the history is as it was when it was sealed, and that nothing comes after its end.
func (r *Reader) finish(end End) error {
	if before := r.lines.number - 1; end.Lines != before {
		return fmt.Errorf("changed after it was sealed: the end speaks of %d lines before it, and there are %d",
			end.Lines, before)
	}
	if hash := sum(r.digest); end.XXH64 != hash {
		return fmt.Errorf("changed after it was sealed: the end speaks of the hash %.16q, and it is %s", end.XXH64, hash)
	}
	switch _, err := r.lines.next(); {
	case err == nil:
		return errors.New("a line after the end")
	case !errors.Is(err, io.EOF):
		return fmt.Errorf("after the end: %w", err)
	}
	r.end = end
	return nil
}

// sum is a hash as an end line has it.
func sum(digest *xxhash.Digest) string { return fmt.Sprintf("%016x", digest.Sum64()) }
