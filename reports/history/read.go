package history

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
)

// Folder is where a run's folder holds its histories, and Extension how their files' names end.
const (
	Folder    = "histories"
	Extension = ".jsonl"
)

// maxLine is the longest line that is read. etcd refuses objects over 1.5 MiB (its --max-request-bytes).
const maxLine = 8 << 20

// Read returns the versions of a history file in the order in which they arrived, header and gaps left out. It ends with
// an error that names the line if one cannot be read.
func Read(r io.Reader) iter.Seq2[Version, error] {
	return func(yield func(Version, error) bool) {
		for l, err := range lines(r) {
			switch {
			case err != nil:
				yield(Version{}, err)
				return
			case l.Format != 0 || l.Gap != nil:
			case !yield(l.version(), nil):
				return
			}
		}
	}
}

// ReadAll reads a whole history. If a line cannot be read, the error names it and the History holds what came before; it
// is nil only if there is not even a header.
func ReadAll(r io.Reader) (*History, error) {
	var header Header
	var versions []Version
	var gaps []Gap
	number := 0
	for l, err := range lines(r) {
		number++
		if err == nil && number > 1 && l.Format == 0 && l.Gap == nil {
			v := l.version()
			if _, err = v.decode(); err == nil {
				versions = append(versions, v)
				continue
			}
			err = fmt.Errorf("line %d: %w", number, err)
		}
		switch {
		case err != nil && number == 1:
			return nil, err
		case err != nil:
			return New(header, versions, gaps), err
		case number == 1:
			header = l.Header
			header.Namespace = l.Namespace
		default:
			gaps = append(gaps, *l.Gap)
		}
	}
	if number == 0 {
		return nil, errors.New("line 1: there is none")
	}
	return New(header, versions, gaps), nil
}

// lines reads a file line by line and sees to it that the first one, and no other, is a header of this format.
func lines(r io.Reader) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		scanner := bufio.NewScanner(r)
		scanner.Buffer(make([]byte, 0, 64<<10), maxLine)
		number := 0
		for scanner.Scan() {
			number++
			l, err := parse(scanner.Bytes())
			switch {
			case err != nil:
			case number == 1 && l.Format == 0:
				err = errors.New("not a history: the header is missing")
			case number == 1 && l.Format != format:
				err = fmt.Errorf("a history of format %d; this program reads format %d", l.Format, format)
			case number > 1 && l.Format != 0:
				err = errors.New("a second header")
			}
			if err != nil {
				yield(line{}, fmt.Errorf("line %d: %w", number, err))
				return
			}
			if !yield(l, nil) {
				return
			}
		}
		if err := scanner.Err(); err != nil {
			yield(line{}, fmt.Errorf("line %d: %w", number+1, err))
		}
	}
}

// Open reads a history file. If a line cannot be read, the error names it and the History holds what came before; it is
// nil only if there is not even a header.
func Open(path string) (*History, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open history: %w", err)
	}
	defer file.Close()
	h, err := ReadAll(file)
	if h != nil {
		h.Path = path
	}
	if err != nil {
		return h, fmt.Errorf("read history %s: %w", path, err)
	}
	return h, nil
}

// OpenRun reads every history of a finished run's folder, by file name, with no cluster. A file that cannot be read whole
// does not keep the others from being read: its error is joined to those of the rest.
func OpenRun(folder string) ([]*History, error) {
	paths, err := filepath.Glob(filepath.Join(folder, Folder, "*"+Extension))
	if err != nil {
		return nil, fmt.Errorf("find histories in %s: %w", folder, err)
	}
	var all []*History
	var failed []error
	for _, path := range paths {
		h, err := Open(path)
		if h != nil {
			all = append(all, h)
		}
		failed = append(failed, err)
	}
	return all, errors.Join(failed...)
}
