package history

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/cespare/xxhash/v2"
)

// Writer writes a sealed history line by line, as it is given them: the order and all that a Reader refuses are up to
// the caller. What it writes is not compressed; Compress does that. After an error it writes nothing more.
type Writer struct {
	w      *bufio.Writer
	digest *xxhash.Digest
	line   []byte // kept for its capacity
	lines  int
	latest time.Time // the latest Seen so far
	err    error
}

var errEnded = errors.New("the history has ended")

// NewWriter writes the header. Its format is set; an order that is missing becomes ByRV and an origin Hand.
func NewWriter(w io.Writer, h Header) (*Writer, error) {
	h, err := h.completed()
	if err != nil {
		return nil, err
	}
	writer := &Writer{w: bufio.NewWriterSize(w, 64<<10), digest: xxhash.New()}
	return writer, writer.json(h)
}

// Version writes a version. Its Object may be laid out over several lines.
func (w *Writer) Version(v Version) error {
	if bytes.IndexByte(v.Object, '\n') >= 0 {
		var compact bytes.Buffer
		if err := json.Compact(&compact, v.Object); err != nil {
			return w.fail(err)
		}
		v.Object = compact.Bytes()
	}
	if v.Seen.After(w.latest) {
		w.latest = v.Seen
	}
	return w.put(appendVersion(w.line[:0], v))
}

// Gap writes a gap.
func (w *Writer) Gap(g Gap) error { return w.json(gapLine{g}) }

// Write writes a write.
func (w *Writer) Write(request Write) error { return w.json(writeLine{request}) }

// End writes the last line. Lines and XXH64 are set to what was written, and At to the latest Seen if it is zero.
func (w *Writer) End(e End) error {
	e.Lines, e.XXH64 = w.lines, sum(w.digest)
	if e.At.IsZero() {
		e.At = w.latest
	}
	if err := w.json(endLine{e}); err != nil {
		return err
	}
	err := w.w.Flush()
	_ = w.fail(errEnded)
	return err
}

// json writes a line that is no version.
func (w *Writer) json(value any) error {
	line, err := appendJSON(w.line[:0], value)
	if err != nil {
		return w.fail(err)
	}
	return w.put(line)
}

// put writes a line and counts it.
func (w *Writer) put(line []byte) error {
	w.line = line
	if w.err != nil {
		return w.err
	}
	if _, err := w.w.Write(line); err != nil {
		return w.fail(fmt.Errorf("write history: %w", err))
	}
	_, _ = w.digest.Write(line)
	w.lines++
	return nil
}

// fail makes err the Writer's last word, if there was none before.
func (w *Writer) fail(err error) error {
	if w.err == nil {
		w.err = err
	}
	return w.err
}
