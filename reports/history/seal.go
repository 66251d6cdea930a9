package history

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Sealing is what is added to a recording when it is sealed. Nothing of it is required.
type Sealing struct {
	// Header changes the header: it may say now what was not known when recording began.
	Header func(*Header)
	// Writes are those of the audit log, in any order; Audit reads them.
	Writes []Write
	// At is when recording stopped; the latest Seen if it is zero.
	At time.Time
	// Controller is who leads now; nil if unknown.
	Controller *Controller
}

// Seal turns the plain file of a recording that has ended into a sealed one, whose path it returns, and removes it. The
// lines are sorted by the header's order, versions that were seen twice count once, and the writes are put where they
// belong. Either the sealed file is whole or there is none and the plain file stays. An error about the plain file names
// its line. Seal does not judge: a Reader may refuse what it wrote.
//
// A plain file may be made by hand. It may then hold writes too.
func Seal(plain string, s Sealing) (path string, err error) {
	name, found := strings.CutSuffix(plain, Extension)
	if !found {
		return "", fmt.Errorf("seal %s: its name does not end in %s", plain, Extension)
	}
	path = name + SealedExtension
	if err := seal(plain, path, s); err != nil {
		return "", fmt.Errorf("seal %s: %w", plain, err)
	}
	if err := os.Remove(plain); err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	return path, nil
}

// seal writes the sealed file under another name first.
func seal(plain, path string, s Sealing) error {
	in, err := os.Open(plain)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.tmp")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name()) // there is nothing to remove once it was renamed
	err = compress(out, in, s)
	if err == nil {
		err = out.Chmod(0o644)
	}
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(out.Name(), path)
}

// compress writes the sealed form of a plain file.
func compress(w io.Writer, plain io.ReaderAt, s Sealing) error {
	index, err := readIndex(plain)
	if err != nil {
		return err
	}
	if s.Header != nil {
		s.Header(&index.header)
	}
	compressed, err := Compress(w)
	if err != nil {
		return err
	}
	out, err := NewWriter(compressed, index.header)
	if err != nil {
		return err
	}
	if err := index.copy(out, plain, s.Writes); err != nil {
		return err
	}
	if err := out.End(End{At: s.At, Controller: s.Controller}); err != nil {
		return err
	}
	return compressed.Close()
}
