package history

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// zeros is a zstd frame of so many blocks, each of which repeats one byte 128 KiB times.
func zeros(blocks int, b byte) []byte {
	const size = 128 << 10
	frame := slices.Concat(magic, []byte{0, 13 << 3}) // a window of 8 MiB, nothing else
	for i := range blocks {
		header := size<<3 | 1<<1 // the type of the block
		if i == blocks-1 {
			header |= 1
		}
		frame = append(frame, byte(header), byte(header>>8), byte(header>>16), b)
	}
	return frame
}

// repeated is a history whose file says the same line again and again until it has size bytes.
func repeated(t *testing.T, line string, size int) []byte {
	t.Helper()
	return compressed(t, plain(ofOne)+strings.Repeat(line+"\n", size/len(line)))
}

func TestReaderRefusesBombs(t *testing.T) {
	for name, test := range map[string]struct {
		file []byte
		says string
	}{
		"8 GiB of zeros":       {zeros(64<<10, 0), "line 1: longer than 8 MiB"},
		"8 GiB of empty lines": {zeros(64<<10, '\n'), "line 1: not a history"},
		"zeros in line 2":      {slices.Concat(compressed(t, plain(ofOne)), zeros(64<<10, 0)), "line 2: longer than 8 MiB"},
		"the same write":       {repeated(t, writeText(1, "create", strings.Repeat("a", 4<<10)), 40<<20), "expands more than 2000 times"},
		"the same gap":         {repeated(t, gapText(strings.Repeat("Pod", 2<<10), 1, 1), 40<<20), "expands more than 2000 times"},
		"a window of 3.75 TiB": {slices.Concat(magic, []byte{0, 0xff, 1, 0, 0}), "line 1: the compressed stream asks for more than 8 MiB"},
		"a window of 9 MiB":    {slices.Concat(magic, []byte{0, 13<<3 | 1, 1, 0, 0}), "line 1: the compressed stream asks for more than 8 MiB"},
		"a segment of 4 GiB": {slices.Concat(magic, []byte{0xa0, 0xff, 0xff, 0xff, 0xff, 1, 0, 0}),
			"line 1: the compressed stream asks for more than 8 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, _, err := read(test.file)
			if took := time.Since(start); took > patience {
				t.Errorf("it took %v", took)
			}
			runtime.ReadMemStats(&after)
			if took := after.TotalAlloc - before.TotalAlloc; took > 256<<20 { // garbage included
				t.Errorf("it allocated %d MiB in all", took>>20)
			}
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error of a file of %d bytes is %v, want one that says %q", len(test.file), err, test.says)
			}
		})
	}
}

// Wherever a file ends, and whichever byte of it is another, a Reader says so or finds the history unchanged.
func TestReaderSeesDamageToTheFile(t *testing.T) {
	file := compressed(t, sealed(lawful...))
	for i := range file {
		if _, _, err := read(file[:i]); err == nil || !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("the error of a file cut to %d of %d bytes is %v", i, len(file), err)
		}
		for _, flip := range []byte{1, 0x80, 0xff} {
			damaged := bytes.Clone(file)
			damaged[i] ^= flip
			lines, _, err := read(damaged)
			if err == nil && !slices.Equal(lines, lawful[1:]) {
				t.Errorf("byte %d of %d changed by %#x: another history is read without an error", i, len(file), flip)
			}
			if err != nil && !strings.HasPrefix(err.Error(), "line ") {
				t.Errorf("the error of byte %d changed by %#x names no line: %v", i, flip, err)
			}
		}
	}
	_, _, err := read(file[:len(file)-10])
	if want := "truncated: the compressed stream ends early"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error is %v, want one that says %q", err, want)
	}
}

// What zstd itself writes is read too: several frames, one after the other, and text behind the last is refused.
func TestReaderReadsSeveralFrames(t *testing.T) {
	text := sealed(lawful...)
	file := slices.Concat(compressed(t, text[:1000]), compressed(t, ""), compressed(t, text[1000:]))
	if lines, _, err := read(file); err != nil || len(lines) != len(lawful)-1 {
		t.Errorf("read %d lines, %v", len(lines), err)
	}
	want := fmt.Sprintf("line %d: after the end", len(lawful)+2)
	if _, _, err := read(append(file, "garbage"...)); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error is %v, want one that says %q", err, want)
	}
}
