package chaos

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jobproof/jobproof/fixtures/cluster"
)

// Journal is a folder that holds, for each fault that may be in effect, what undoes it.
type Journal struct {
	dir     string
	cluster *cluster.Cluster
}

// Entry is what a journal says about one fault.
type Entry struct {
	// Cluster is how to reach the cluster.
	Cluster *cluster.Cluster `json:"cluster"`
	Fault   string           `json:"fault"`
	Target  string           `json:"target"`
	Armed   time.Time        `json:"armed"`
	Undo    Undo             `json:"undo"`

	path string
}

// OpenJournal returns the journal of a cluster, and makes its folder.
func OpenJournal(c *cluster.Cluster) (*Journal, error) {
	dir, err := c.JournalFolder()
	if err != nil {
		return nil, err
	}
	return &Journal{dir, c}, os.MkdirAll(dir, 0o755)
}

// write puts down how a fault is undone. When it returns, that is on the disk, whole.
func (j *Journal) write(f Fault, undo Undo) (*Entry, error) {
	now := time.Now().UTC()
	entry := &Entry{Cluster: j.cluster, Fault: f.Name(), Target: f.Target(), Armed: now, Undo: undo}
	text, err := json.MarshalIndent(entry, "", "  ")
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(j.dir, "."+now.Format("20060102-150405.000000")+"-*")
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	_, err = file.Write(append(text, '\n'))
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	entry.path = filepath.Join(j.dir, strings.TrimPrefix(filepath.Base(file.Name()), ".")+".json")
	if err := os.Rename(file.Name(), entry.path); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	return entry, j.sync()
}

// close strikes an entry out: its fault is undone.
func (j *Journal) close(entry *Entry) error {
	if err := os.Remove(entry.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("journal: %w", err)
	}
	return j.sync()
}

// sync makes the names in the folder last.
func (j *Journal) sync() error {
	dir, err := os.Open(j.dir)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Open returns the entries that are not struck out, the latest first.
func (j *Journal) Open() ([]*Entry, error) {
	names, err := os.ReadDir(j.dir)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	var entries []*Entry
	for _, name := range slices.Backward(names) {
		if strings.HasPrefix(name.Name(), ".") {
			continue // never finished, so its fault was never injected
		}
		entry, err := readEntry(filepath.Join(j.dir, name.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue // struck out meanwhile
		}
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

func readEntry(path string) (*Entry, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	entry := &Entry{path: path}
	if err := json.Unmarshal(text, entry); err != nil {
		return nil, fmt.Errorf("journal: %s: %w", path, err)
	}
	return entry, nil
}
