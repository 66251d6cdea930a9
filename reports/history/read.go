package history

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Folder is where a run's folder holds its histories. Extension is how their files' names end while they are recorded,
// and SealedExtension afterwards.
const (
	Folder          = "histories"
	Extension       = ".jsonl"
	SealedExtension = Extension + ".zst"
)

// ReadAll reads what has been recorded up to now: the plain lines of a Recorder, which have no end yet and stand in the
// order of arrival. If a line cannot be read, the error names it and the History holds what came before; it is nil only
// if there is not even a header.
func ReadAll(r io.Reader) (*History, error) {
	lines := newScanner(r)
	text, err := lines.next()
	if errors.Is(err, io.EOF) {
		err = errEmpty
	}
	var header Header
	if err == nil {
		header, err = parseHeader(text)
	}
	if err != nil {
		return nil, fmt.Errorf("line 1: %w", err)
	}
	all := collection{header: header}
	for {
		text, err := lines.next()
		if errors.Is(err, io.EOF) {
			return all.history(), nil
		}
		var p parsed
		if err == nil {
			err = p.parse(text)
		}
		if err == nil {
			err = all.add(&p)
		}
		if err != nil {
			return all.history(), fmt.Errorf("line %d: %w", lines.number, err)
		}
	}
}

// collection is a history that is being read whole.
type collection struct {
	header   Header
	versions []Version
	gaps     []Gap
	writes   []Write
}

// add adds a plain line.
func (c *collection) add(p *parsed) error {
	switch {
	case p.end != nil:
		return errors.New("an end: the history is sealed")
	case p.gap != nil:
		c.gaps = append(c.gaps, *p.gap)
	case p.write != nil:
		c.writes = append(c.writes, *p.write)
	default:
		return c.version(p.view().Clone())
	}
	return nil
}

// version adds a version, if it decodes.
func (c *collection) version(v Version) error {
	if _, err := v.decode(); err != nil {
		return err
	}
	c.versions = append(c.versions, v)
	return nil
}

func (c *collection) history() *History {
	h := New(c.header, c.versions, c.gaps)
	h.Writes = c.writes
	return h
}

// Open reads a sealed history. The error that says why it cannot be relied on names the line; there is no History then.
func Open(path string) (*History, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open history: %w", err)
	}
	defer file.Close()
	h, err := readSealed(file)
	if err != nil {
		return nil, fmt.Errorf("read history %s: %w", path, err)
	}
	h.Path = path
	return h, nil
}

func readSealed(r io.Reader) (*History, error) {
	reader, err := NewReader(r)
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	all := collection{header: reader.Header()}
	for line, err := range reader.Lines() {
		switch {
		case err != nil:
			return nil, err
		case line.Gap != nil:
			all.gaps = append(all.gaps, *line.Gap)
		case line.Write != nil:
			all.writes = append(all.writes, *line.Write)
		default:
			if err := all.version(line.Version.Clone()); err != nil {
				return nil, fmt.Errorf("line %d: %w", line.Number, err)
			}
		}
	}
	h := all.history()
	end := reader.End()
	h.End = &end
	return h, nil
}

// OpenRun reads every sealed history of a finished run's folder, by file name, with no cluster. One that cannot be relied
// on does not keep the others from being read: its error is joined to those of the rest. So is one for each plain file,
// whose recording was cut short.
func OpenRun(folder string) ([]*History, error) {
	entries, err := os.ReadDir(filepath.Join(folder, Folder))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("find histories: %w", err)
	}
	var all []*History
	var failed []error
	for _, entry := range entries {
		path := filepath.Join(folder, Folder, entry.Name())
		switch {
		case strings.HasSuffix(path, SealedExtension):
			h, err := Open(path)
			if err != nil {
				failed = append(failed, err)
				continue
			}
			all = append(all, h)
		case strings.HasSuffix(path, Extension):
			failed = append(failed, fmt.Errorf("history %s was cut short: it is not sealed", path))
		}
	}
	return all, errors.Join(failed...)
}
