package verdict

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// extension is that of results and of the plan.
const extension = ".json"

// Write writes the result of a spec into dir, which it makes if need be, as a file named for the spec. A reader sees the
// whole file or none. A spec reports once in a run: the error wraps fs.ErrExist if there is a result already, for a
// retry must not paint over what the first attempt showed.
func Write(dir string, r Result) error {
	if err := r.check(); err != nil {
		return fmt.Errorf("write the result of %q: %w", r.Spec, err)
	}
	if r.Claims == nil {
		r.Claims = []ClaimResult{}
	}
	path := filepath.Join(dir, Slug(r.Spec)+extension)
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("write the result of %q: %s: %w", r.Spec, path, fs.ErrExist)
	}
	if err := writeFile(path, r); err != nil {
		return fmt.Errorf("write the result of %q: %w", r.Spec, err)
	}
	return nil
}

// Read reads one result. The error names the file.
func Read(path string) (Result, error) {
	var r Result
	if err := readFile(path, &r); err != nil {
		return Result{}, err
	}
	if err := r.check(); err != nil {
		return Result{}, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// ReadAll reads the results in dir, sorted by file name. It returns those that can be read even if there is an error;
// the error then names each file that cannot, and its spec counts as one that never reported.
func ReadAll(dir string) ([]Result, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read the results: %w", err)
	}
	var results []Result
	var wrong []error
	files := map[string]string{} // path by spec
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || name == PlannedFile || filepath.Ext(name) != extension || strings.HasPrefix(name, ".") {
			continue
		}
		path := filepath.Join(dir, name)
		r, err := Read(path)
		if err == nil && files[r.Spec] != "" {
			err = fmt.Errorf("%s: %s is also a result of %q", path, files[r.Spec], r.Spec)
		}
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		files[r.Spec] = path
		results = append(results, r)
	}
	if len(wrong) > 0 {
		return results, fmt.Errorf("read the results: %w", errors.Join(wrong...))
	}
	return results, nil
}

// writeFile writes value as JSON to path under another name first, makes sure that it is on disk, and then renames it.
func writeFile(path string, value any) (err error) {
	dir, name := filepath.Split(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, "."+name+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			file.Close()
			os.Remove(file.Name())
		}
	}()
	encoder := json.NewEncoder(file)
	encoder.SetEscapeHTML(false) // people read these files
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := file.Chmod(0o644); err != nil { // CreateTemp's 0600 would keep others from reading a run's folder
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// readFile reads one JSON value from path. Unknown fields and anything after the value are errors, which name the file.
func readFile(path string, value any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err // names the file
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("the file is empty")
		}
		return fmt.Errorf("%s: %w", path, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: something follows the JSON value", path)
	}
	return nil
}
