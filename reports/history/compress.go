package history

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// window is how far back a compressed history may refer, and so what a reader must hold at most, in bytes. It is the
// window of zstd's level 19, the highest without --ultra.
const window = 8 << 20

// writtenWindow is the window of what Compress writes. Larger ones made the histories of a run no smaller and took longer to
// read, since a reader makes room for the whole window.
const writtenWindow = 2 << 20

// A compressed history may be at most this many times larger than its file, once it has more than slack bytes. The
// histories of the 27 specs of a run were 29 times as large on average, and the most repetitive one of the benchmarks,
// 2,000 versions of 50 pods that differ in nothing but names and numbers, 790 times. Zeros reach 30,000.
const (
	maxExpansion = 2000
	slack        = 16 << 20
)

var errBomb = fmt.Errorf("the compressed stream expands more than %d times, as no history does", maxExpansion)

// magic begins every zstd frame.
var magic = []byte{0x28, 0xb5, 0x2f, 0xfd}

// Compress returns a writer that compresses a history for its file. Close ends the compressed stream; it does not close w.
func Compress(w io.Writer) (io.WriteCloser, error) {
	return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedBetterCompression),
		zstd.WithWindowSize(writtenWindow))
}

// expander decompresses a stream and refuses one that is made to exhaust whoever reads it.
type expander struct {
	decoder *zstd.Decoder
	in      *counter
	out     int64
}

// counter counts what has been read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// expand returns what r holds uncompressed, whether it is compressed or not, and what frees the memory for that.
func expand(r io.Reader) (plain io.Reader, free func(), err error) {
	peeked := bufio.NewReaderSize(r, 64<<10)
	if start, _ := peeked.Peek(len(magic)); !bytes.Equal(start, magic) {
		return peeked, func() {}, nil
	}
	in := &counter{r: peeked}
	// Without concurrency the limit on memory is one on the window, and nothing is decompressed before it is asked for.
	decoder, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxMemory(window))
	if err != nil {
		return nil, nil, fmt.Errorf("decompress: %w", err)
	}
	return &expander{decoder: decoder, in: in}, decoder.Close, nil
}

func (e *expander) Read(p []byte) (int, error) {
	n, err := e.decoder.Read(p)
	e.out += int64(n)
	switch {
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return n, fmt.Errorf("the compressed stream asks for more than %d MiB of memory: %w", window>>20, err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return n, errors.New("truncated: the compressed stream ends early")
	case err != nil && !errors.Is(err, io.EOF):
		return n, fmt.Errorf("decompress: %w", err)
	case e.out > slack && e.out > maxExpansion*e.in.n:
		return 0, errBomb
	}
	return n, err
}
