package proxy

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// sources are those of the program, so that whoever runs the suite can build it wherever the suite's own sources are.
//
//go:embed between/*.go rules/rule.go
var sources embed.FS

// modules is the go.mod of the program. It needs nothing but the standard library.
const modules = "module github.com/jobproof/jobproof\n\ngo 1.26\n"

// build compiles the program into a folder and returns its path. It is compiled once for a folder and a version of its
// sources.
func build(ctx context.Context, folder string) (string, error) {
	files, sum, err := read()
	if err != nil {
		return "", err
	}
	program := filepath.Join(folder, "between-"+sum)
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	module, err := os.MkdirTemp("", "jobproof-between-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(module)
	files["go.mod"] = []byte(modules)
	for name, text := range files {
		path := filepath.Join(module, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return "", err
		}
	}
	made := filepath.Join(module, "between")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", made, "./chaos/proxy/between")
	cmd.Dir = module
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOFLAGS=", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the proxy: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return program, place(made, program)
}

// place puts a file where it belongs, whole, whatever else is done there at the same time.
func place(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(to), ".between-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	if _, err := file.Write(text); err != nil {
		file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), to)
}

// read returns the program's sources by their paths in the module, and the beginning of a hash of them.
func read() (files map[string][]byte, sum string, err error) {
	files = map[string][]byte{}
	hash := sha256.New()
	err = fs.WalkDir(sources, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := sources.ReadFile(path)
		files["chaos/proxy/"+path] = text
		fmt.Fprintf(hash, "%s %d\n%s", path, len(text), text)
		return err
	})
	return files, hex.EncodeToString(hash.Sum(nil))[:12], err
}
